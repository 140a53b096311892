#include <algorithm>
#include <array>
#include <format>

#include "base/units.h"
#include "evaluate/ata_attributes.h"
#include "evaluate/health_part.h"
#include "evaluate/self_tests.h"

namespace drydock::evaluate {
namespace {

// The studies know a first reallocation only; more than this rarely comes from one event (ours).
constexpr std::uint64_t kManyReallocated = 50;
// Backblaze looks at any; a disk that lost power or was shaken collects a few (the number is ours).
constexpr std::uint64_t kManyTimeouts = 13;
// A handful comes from a cable once badly seated: the count is never reset (ours).
constexpr std::uint64_t kManyCrc = 100;
// Five years; Backblaze's failure rates rise from the fifth on.
constexpr std::uint64_t kOldHours = 43'800;
constexpr std::uint64_t kHoursOfYear = 8'760;

class AtaHealth {
 public:
  AtaHealth(JsonNode report, Health& health)
      : report_(report), attributes_(report), health_(health) {}

  void read() {
    health_.attributes = attributes_.all();
    judge_status();
    judge_unreadable();
    judge_reported();
    judge_reallocated();
    judge_mechanics();
    judge_path();
    read_wear();
    judge_age();
    judge_ata_self_tests(report_, health_);
    judge_error_log();
  }

 private:
  void judge_status();
  void judge_attribute(const Attribute& attribute);
  void judge_unreadable();
  void judge_reported();
  void judge_reallocated();
  void judge_mechanics();
  void judge_path();
  void read_wear();
  void judge_age();
  void judge_error_log();

  JsonNode report_;
  AtaAttributes attributes_;
  Health& health_;
};

void AtaHealth::judge_status() {
  if (health_.passed == false)
    find(health_, Verdict::save_now, "smart_failed",
         "The drive itself says that it is about to fail: copy what matters off it now");
  for (const Attribute& attribute : attributes_.all()) judge_attribute(attribute);
}

void AtaHealth::judge_attribute(const Attribute& attribute) {
  constexpr unsigned kAirflow = 190;
  constexpr unsigned kTemperature = 194;
  if (attribute.failed.empty()) return;
  const bool heat = attribute.id == kAirflow || attribute.id == kTemperature;
  const std::string what = std::format(
      "Attribute {} ({}) is at {}, its lowest was {}, and the maker's limit is {}", attribute.id,
      attribute.name, attribute.value, attribute.worst, attribute.threshold);
  if (heat)
    find(health_, attribute.failed == "now" ? Verdict::watch : Verdict::good, "attribute_heat",
         what + ": the drive is or was too hot, look after its cooling");
  else if (attribute.failed != "now")
    find(health_, Verdict::watch, "attribute_failed_once",
         what + ": it was beyond that once, see whether it happens again");
  else if (attribute.prefailure)
    find(health_, Verdict::save_now, "attribute_failed",
         what + ": the maker expects the drive to fail within a day");
  else
    find(health_, Verdict::watch, "attribute_old", what + ": the drive is beyond its rated life");
}

// Sectors whose content the drive could not get back.
void AtaHealth::judge_unreadable() {
  auto pending = attributes_.counted(197, "Pending");
  if (!pending) pending = report_["ata_pending_defects_log"]["count"].number();
  const auto offline = attributes_.counted(198, "Uncorrect");
  if (pending) count(health_, "pending_sectors", "sectors that cannot be read now", *pending);
  if (offline)
    count(health_, "offline_uncorrectable", "sectors its own scan could not read", *offline);
  if (pending.value_or(0) > 0 && health_.solid_state)
    // Some flash controllers count a block here while they move it.
    find(health_, Verdict::watch, "pending_sectors",
         std::format("{} waiting to be replaced (attribute 197): read all of the drive with --full "
                     "to see whether data is lost",
                     counted_are(*pending, "block")));
  else if (pending.value_or(0) > 0)
    find(health_, Verdict::save_now, "pending_sectors",
         std::format(
             "{} unreadable now (attribute 197), and more often follow: copy what matters off "
             "it first, then replace the drive",
             counted_are(*pending, "sector")));
  else if (offline.value_or(0) > 0)
    find(health_, Verdict::replace, "offline_uncorrectable",
         std::format("{} not readable when the drive last looked through itself (attribute 198): "
                     "replace it",
                     counted_were(*offline, "sector")));
}

void AtaHealth::judge_reported() {
  auto reported = attributes_.counted(187, "Uncorrect");
  if (!reported) reported = device_statistic(report_, "Number of Reported Uncorrectable Errors");
  if (!reported) return;
  count(health_, "reported_uncorrectable", "reads that failed for good", *reported);
  if (*reported == 0) return;
  if (health_.solid_state)
    find(health_, Verdict::watch, "reported_uncorrectable",
         std::format("{} failed for good in its life (attribute 187): see whether the number grows",
                     counted(*reported, "read")));
  else
    find(health_, Verdict::replace, "reported_uncorrectable",
         std::format(
             "{} failed for good in its life (attribute 187); one is enough to replace a disk",
             counted(*reported, "read")));
}

void AtaHealth::judge_reallocated() {
  auto moved = attributes_.counted(5, "Reallocated");
  if (!moved) moved = attributes_.counted(5, "Retired");
  if (!moved) moved = device_statistic(report_, "Number of Reallocated Logical Sectors");
  if (!moved) return;
  count(health_, "reallocated_sectors", "bad sectors replaced by spare ones", *moved);
  if (*moved == 0) return;
  const std::string what =
      std::format("{} replaced by {} (attribute 5)",
                  counted_were(*moved, health_.solid_state ? "block" : "sector"),
                  *moved == 1 ? "a spare one" : "spare ones");
  if (health_.solid_state)
    find(health_, Verdict::good, "reallocated_sectors",
         what + ": usual in flash memory, see that it does not grow quickly");
  else if (*moved < kManyReallocated)
    find(health_, Verdict::watch, "reallocated_sectors",
         what + ": its surface has begun to fail, compare the number in a few weeks");
  else
    find(health_, Verdict::replace, "reallocated_sectors",
         what + ": its surface is failing, replace it");
}

void AtaHealth::judge_mechanics() {
  const auto retries = attributes_.counted(10, "Spin_Retry");
  if (retries.value_or(0) > 0)
    find(health_, Verdict::replace, "spin_retries",
         std::format(
             "The drive needed more than one try to spin up {} (attribute 10): its motor, its "
             "bearings or its power supply is failing",
             *retries == 1 ? "once" : std::format("{} times", *retries)));
  const auto end_to_end = attributes_.counted(184, "End-to-End");
  if (end_to_end) count(health_, "end_to_end", "errors inside the drive", *end_to_end);
  if (end_to_end.value_or(0) == 0) return;
  const std::string what =
      std::format("Data was damaged inside the drive {} (attribute 184)",
                  *end_to_end == 1 ? "once" : std::format("{} times", *end_to_end));
  // Flash drives have a memory of their own whose single errors they correct.
  if (health_.solid_state)
    find(health_, Verdict::watch, "end_to_end", what + ": see whether the number grows");
  else
    find(health_, Verdict::replace, "end_to_end",
         what + ": its electronics cannot be trusted, replace it");
}

// Cable, port and power.
void AtaHealth::judge_path() {
  const auto timeouts = attributes_.low_word(188, "Command_Timeout");
  if (timeouts) count(health_, "command_timeouts", "commands that took too long", *timeouts);
  if (timeouts.value_or(0) > 0 && !health_.solid_state)
    find(health_, *timeouts > kManyTimeouts ? Verdict::watch : Verdict::good, "command_timeouts",
         std::format("{} took too long in its life (attribute 188): check power and cable",
                     counted(*timeouts, "command")));
  const auto crc = attributes_.counted(199, "CRC");
  if (!crc) return;
  count(health_, "crc_errors", "transfers damaged on the cable", *crc);
  if (*crc > 0)
    find(health_, *crc >= kManyCrc ? Verdict::watch : Verdict::good, "crc_errors",
         std::format("{} damaged on the way to the drive in its life (attribute 199): that is the "
                     "cable or the port, not the drive; if it still grows, change the cable",
                     counted_were(*crc, "transfer")));
}

// The standard's own number first; else what smartctl's database says the attribute is.
void AtaHealth::read_wear() {
  health_.wear = device_statistic(report_, "Percentage Used Endurance Indicator");
  constexpr unsigned kLifeLeft = 231;
  struct Left {
    unsigned id;
    std::string_view name;
  };
  constexpr std::array<Left, 6> kPercentLeft{{{233, "Media_Wearout_Indicator"},
                                              {kLifeLeft, "SSD_Life_Left"},
                                              {202, "Percent_Lifetime_Remain"},
                                              {169, "Remaining_Lifetime_Perc"},
                                              {177, "Wear_Leveling_Count"},
                                              {173, "Wear_Leveling_Count"}}};
  for (const auto& [id, name] : kPercentLeft) {
    const Attribute* left = attributes_.find(id, name);
    if (health_.wear || left == nullptr || !health_.solid_state) continue;
    std::uint64_t percent = std::min(left->value, 100U);
    // Phison's controllers leave the value at 100 and count down in the raw number.
    const std::uint64_t raw = attributes_.counted(id, name).value_or(0);
    if (id == kLifeLeft && raw >= 1 && raw <= 100) percent = raw;
    health_.wear = 100 - percent;
  }
  judge_wear(health_);
}

void AtaHealth::judge_age() {
  if (health_.solid_state || health_.hours.value_or(0) < kOldHours) return;
  find(health_, Verdict::watch, "old",
       std::format(
           "It has run for {} hours, {} years: disks fail more often from the fifth year on, "
           "keep its data on another one too",
           *health_.hours, *health_.hours / kHoursOfYear));
}

void AtaHealth::judge_error_log() {
  const JsonNode log = report_["ata_smart_error_log"];
  const JsonNode kind = log["extended"].exists() ? log["extended"] : log["summary"];
  const auto errors = kind["count"].number();
  if (!errors) return;
  count(health_, "logged_errors", "errors in its log", *errors);
  // ACS-3, 6.2.9: UNC is "uncorrectable data".
  const bool unreadable = std::ranges::any_of(kind["table"].items(), [](const JsonNode& error) {
    return error["error_description"].text().contains("UNC");
  });
  if (unreadable)
    find(health_, Verdict::watch, "logged_unreadable",
         std::format(
             "Its log has {}, with sectors that could not be read among the last of them: read "
             "all of it with --full",
             counted(*errors, "error")));
}

}  // namespace

void read_ata(JsonNode report, Health& health) {
  AtaHealth(report, health).read();
}

}  // namespace drydock::evaluate
