#include "job/compare.h"

#include <algorithm>
#include <format>
#include <span>

#include "base/text.h"
#include "base/units.h"
#include "evaluate/json_node.h"
#include "job/image_place.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

using evaluate::Finding;
using evaluate::JsonNode;
using evaluate::Verdict;

constexpr std::uint64_t kLargestReport = 16 * kMiB;

// Growth of these says that the surface gives way; of the others, that something is wrong.
Verdict weight_of_growth(const std::string& key) {
  if (key == "pending_sectors") return Verdict::save_now;
  const bool surface = key == "reallocated_sectors" || key == "grown_defects" ||
                       key == "reported_uncorrectable" || key == "offline_uncorrectable" ||
                       key == "uncorrected_reads" || key == "media_errors";
  return surface ? Verdict::replace : Verdict::watch;
}

void compare_counters(const EarlierReport& earlier, Evaluation& now, std::vector<Finding>& worse) {
  for (const evaluate::Counter& counter : now.health.counters) {
    const auto before = earlier.counters.find(counter.key);
    if (!counter.more_is_worse || before == earlier.counters.end() ||
        counter.value <= before->second)
      continue;
    const std::string change =
        std::format("{}: {} then, {} now", counter.name, before->second, counter.value);
    now.since->changes.push_back(change);
    // Wear goes on with use; how far it is has been judged already.
    if (counter.key != "wear_percent" && counter.key != "spare_used_percent")
      worse.push_back({weight_of_growth(counter.key), "grew_" + counter.key,
                       std::format("It got worse since {} ({})", earlier.time, change)});
  }
}

void compare_reading(const EarlierReport& earlier, Evaluation& now, std::vector<Finding>& worse) {
  constexpr double kMuchSlower =
      0.8;  // of what it was; a second measurement differs by a few percent
  const double sequential = typical_sequential(now);
  if (sequential > 0 && earlier.sequential > 0 && sequential < earlier.sequential * kMuchSlower) {
    const std::string change =
        std::format("sequential reading: {}/s then, {}/s now",
                    human_bytes(static_cast<std::uint64_t>(earlier.sequential)),
                    human_bytes(static_cast<std::uint64_t>(sequential)));
    now.since->changes.push_back(change);
    worse.push_back(
        {Verdict::watch, "slower",
         std::format("It became slower since {} ({}): see that nothing else used it, and "
                     "how it is connected",
                     earlier.time, change)});
  }
  const std::uint64_t bad = now.surface ? now.surface->bad.bytes() : 0;
  if (bad > earlier.bad_bytes)
    now.since->changes.push_back(std::format("unreadable: {} then, {} now",
                                             human_bytes(earlier.bad_bytes), human_bytes(bad)));
}

std::string named(const std::string& serial) {
  return serial.empty() ? "without a serial number" : "with serial number " + serial;
}

}  // namespace

Result<EarlierReport> parse_earlier_report(const std::string& file, const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  const JsonNode report(json);
  if (report["report"].text() != "evaluation")
    return fail(bad_input(file, "is not a report of imager evaluate as JSON",
                          "Give a file that imager evaluate --report FILE.json wrote"));
  EarlierReport earlier{.file = file,
                        .time = report["time"].text(),
                        .serial = report["serial"].text(),
                        .counters = {}};
  for (const JsonNode& counter : report["health"]["counters"].items())
    if (const auto value = counter["value"].number())
      earlier.counters[counter["key"].text()] = *value;
  earlier.bad_bytes = report["surface"]["bad_bytes"].number().value_or(0);
  std::vector<double> rates;
  for (const JsonNode& point : report["speed"]["sequential"].items())
    rates.push_back(static_cast<double>(point["bytes_per_second"].number().value_or(0)));
  earlier.sequential = evaluate::median(std::move(rates));
  return earlier;
}

Result<EarlierReport> read_earlier_report(sys::Machine& machine, const std::string& file,
                                          Person* person) {
  const ImagePlace place = TRY(ImagePlace::open(machine, file, sys::Access::read_only, person));
  const auto source = TRY(machine.open_source(place.path()));
  const std::uint64_t bytes = source->geometry().bytes;
  if (bytes > kLargestReport) return fail(bad_input(file, "is too large for a report"));
  std::string text(static_cast<std::size_t>(bytes), '\0');
  TRY(source->read_at(0, std::as_writable_bytes(std::span(text))));
  return parse_earlier_report(file, text);
}

Result<void> check_same_drive(const EarlierReport& earlier, const Evaluation& now) {
  if (!now.id.serial.empty() && earlier.serial == printable(now.id.serial)) return {};
  return fail(bad_input(earlier.file,
                        std::format("is about a drive {}, and {} is one {}", named(earlier.serial),
                                    now.path, named(printable(now.id.serial))),
                        "Compare with an earlier report of the same drive"));
}

std::vector<Finding> compare(const EarlierReport& earlier, Evaluation& now) {
  std::vector<Finding> worse;
  now.since = Since{.time = earlier.time, .changes = {}};
  compare_counters(earlier, now, worse);
  compare_reading(earlier, now, worse);
  return worse;
}

double typical_sequential(const Evaluation& evaluation) {
  std::vector<double> rates;
  if (evaluation.speed)
    for (const evaluate::SpeedPoint& point : evaluation.speed->sequential)
      rates.push_back(point.bytes_per_second);
  return evaluate::median(std::move(rates));
}

}  // namespace drydock::job
