#include "evaluate/health.h"

#include <algorithm>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "evaluate/health_part.h"

namespace drydock::evaluate {
namespace {

// smartctl(8), EXIT STATUS.
constexpr std::uint64_t kBadCommand = 1;
constexpr std::uint64_t kNotOpened = 2;
constexpr std::uint64_t kSomeCommandFailed = 4;

// Where the drive does not tell its own limit; °C. Makers rate most disks for 60 and flash for 70.
constexpr std::uint64_t kHotDisk = 60;
constexpr std::uint64_t kHotFlash = 70;
constexpr std::uint64_t kWornSoon = 80;  // percent; Drydock's own: time to buy the next one
constexpr std::uint64_t kWornOut = 100;

std::string first_text(std::initializer_list<JsonNode> nodes) {
  for (const JsonNode& node : nodes)
    if (std::string text = node.text(); !text.empty()) return text;
  return {};
}

void read_identity(JsonNode report, Health& health) {
  health.protocol = report["device"]["protocol"].text();
  health.model = first_text({report["model_name"], report["scsi_model_name"], report["product"]});
  health.serial = report["serial_number"].text();
  health.firmware =
      first_text({report["firmware_version"], report["scsi_revision"], report["revision"]});
  health.bytes = report["user_capacity"]["bytes"].number().value_or(0);
  const auto rotation = report["rotation_rate"].number();
  const bool trims = report["trim"]["supported"].flag().value_or(false);
  health.solid_state = health.protocol == "NVMe" || (rotation ? *rotation == 0 : trims);
  health.passed = report["smart_status"]["passed"].flag();
  health.hours = report["power_on_time"]["hours"].number();
}

std::uint64_t rate_of(JsonNode speed) {
  return speed["units_per_second"].number().value_or(0) *
         speed["bits_per_unit"].number().value_or(0);
}

void read_interface(JsonNode report, Health& health) {
  const JsonNode speed = report["interface_speed"];
  health.link_now = speed["current"]["string"].text();
  health.link_max = speed["max"]["string"].text();
  health.link_now_rate = rate_of(speed["current"]);
  health.link_max_rate = rate_of(speed["max"]);
  health.trim = report["trim"]["supported"].flag();
  health.write_cache = report["write_cache"]["enabled"].flag();
  health.security = report["ata_security"]["string"].text();
  if (report["ata_security"]["locked"].flag().value_or(false))
    find(health, Verdict::watch, "security_locked",
         "The drive is locked by an ATA password and gives no data until it is unlocked with it");
}

void judge_temperature(JsonNode report, Health& health) {
  const JsonNode heat = report["temperature"];
  // 0 stands for a drive without a sensor.
  if (const auto now = heat["current"].number(); now && *now > 0) health.temperature = now;
  auto limit = heat["op_limit_max"].number();
  if (!limit) limit = heat["drive_trip"].number();
  const std::uint64_t hot = limit && *limit > 0  ? *limit
                            : health.solid_state ? kHotFlash
                                                 : kHotDisk;
  if (health.temperature && *health.temperature >= hot)
    find(health, Verdict::watch, "hot",
         std::format("The drive is at {} °C, and its limit is {}: give it air before it goes on",
                     *health.temperature, hot));
  const auto most = heat["lifetime_max"].number();
  if (most && *most > hot && *most < 200)
    find(health, Verdict::good, "was_hot",
         std::format("It has been as hot as {} °C some time in its life, above its limit of {}: "
                     "look after its cooling",
                     *most, hot));
}

std::string messages(JsonNode report) {
  std::string all;
  for (const JsonNode& message : report["smartctl"]["messages"].items()) {
    const std::string text = message["string"].text();
    if (!text.empty()) all += (all.empty() ? "" : "; ") + text;
  }
  constexpr std::size_t kMost = 300;
  return shortened(all, kMost);
}

// A person behind a USB bridge or a RAID controller can do something about it.
std::string way_out(JsonNode report) {
  const std::string type = report["device"]["type"].text();
  if (type.starts_with("usb") || messages(report).contains("USB"))
    return "Connect the drive to a SATA port instead of its USB adapter";
  return "Virtual disks, RAID volumes, memory cards and many USB adapters have none";
}

void judge_reach(JsonNode report, Health& health) {
  const std::uint64_t status = report["smartctl"]["exit_status"].number().value_or(0);
  const JsonNode support = report["smart_support"];
  const bool told = health.passed || health.hours || !health.counters.empty();
  if (support["available"].flag() == true && support["enabled"].flag() == false)
    find(health, Verdict::watch, "smart_off",
         "The drive's health record is switched off, so what it counted is old or missing: switch "
         "it "
         "on (smartctl --smart=on)");
  if (!told) {
    const std::string why = messages(report);
    find(health, Verdict::watch, "no_health",
         std::format(
             "The drive's own health record could not be read{}: the verdict rests on reading "
             "alone. {}",
             why.empty() ? std::string() : " (" + why + ")", way_out(report)));
    return;
  }
  if ((status & (kBadCommand | kNotOpened | kSomeCommandFailed)) != 0)
    find(health, Verdict::good, "health_incomplete",
         "The drive did not answer all questions about its health; what is said here is the rest");
}

std::string without_broken_bytes(std::string_view text) {
  std::string clean;
  for (const std::string_view line : split(text, '\n')) clean += printable(line) + "\n";
  return clean;
}

nlohmann::json parsed(std::string_view text) {
  nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  // A drive whose name is no UTF-8 makes smartctl print what is no JSON.
  if (json.is_discarded()) json = nlohmann::json::parse(without_broken_bytes(text), nullptr, false);
  return json;
}

}  // namespace

void find(Health& health, Verdict weight, std::string key, std::string text) {
  health.findings.push_back({weight, std::move(key), std::move(text)});
}

void count(Health& health, std::string key, std::string name, std::uint64_t value,
           bool more_is_worse) {
  health.counters.push_back({std::move(key), std::move(name), value, more_is_worse});
}

void judge_wear(Health& health) {
  if (!health.wear) return;
  count(health, "wear_percent", "percent of the rated endurance used", *health.wear);
  if (*health.wear >= kWornOut)
    find(health, Verdict::replace, "worn_out",
         std::format(
             "{} % of the flash memory's rated endurance is used: it may lose data when left "
             "without power, replace it",
             *health.wear));
  else if (*health.wear >= kWornSoon)
    find(health, Verdict::watch, "wearing_out",
         std::format("{} % of the flash memory's rated endurance is used: plan its replacement",
                     *health.wear));
}

std::string counted_are(std::uint64_t count, std::string_view noun) {
  return counted(count, noun) + (count == 1 ? " is" : " are");
}

std::string counted_were(std::uint64_t count, std::string_view noun) {
  return counted(count, noun) + (count == 1 ? " was" : " were");
}

Result<Health> read_health(std::string_view smartctl_json) {
  const nlohmann::json json = parsed(smartctl_json);
  const JsonNode report(json);
  if (!report["smartctl"].exists())
    return fail(bad_input("smartctl", "printed something else than its JSON",
                          "Drydock needs smartmontools 7.0 or later"));
  Health health;
  read_identity(report, health);
  read_interface(report, health);
  if (health.protocol == "ATA") read_ata(report, health);
  if (health.protocol == "NVMe") read_nvme(report, health);
  if (health.protocol == "SCSI") read_scsi(report, health);
  judge_temperature(report, health);
  if (health.hours) count(health, "power_on_hours", "hours powered on", *health.hours, false);
  if (const auto cycles = report["power_cycle_count"].number())
    count(health, "power_cycles", "times switched on", *cycles, false);
  judge_reach(report, health);
  sort_by_weight(health.findings);
  return health;
}

Health unknown_health(const std::string& reason, const std::string& remedy) {
  Health health;
  find(health, Verdict::watch, "no_health",
       std::format("The drive's own health record could not be read ({}): the verdict rests on "
                   "reading alone{}",
                   reason, remedy.empty() ? std::string() : ". " + remedy));
  return health;
}

}  // namespace drydock::evaluate
