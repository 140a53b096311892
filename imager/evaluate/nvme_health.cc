#include <array>
#include <format>

#include "base/units.h"
#include "evaluate/health_part.h"
#include "evaluate/self_tests.h"

namespace drydock::evaluate {
namespace {

constexpr std::uint64_t kSpareMargin = 10;  // percent above the maker's own limit (ours)
constexpr std::uint64_t kManyMediaErrors =
    100;  // FAST 2016: single ones are common (the number is ours)

struct Warning {
  std::uint64_t bit;
  Verdict weight;
  const char* key;
  const char* text;
};

// NVM Express base specification 2.0, figure 207, critical warning.
constexpr std::array<Warning, 6> kWarnings{{
    {0, Verdict::replace, "spare_low",
     "The drive warns that its spare blocks are used up: replace it before it stops taking writes"},
    {1, Verdict::watch, "hot_warning",
     "The drive warns that its temperature is beyond its limits: give it air"},
    {2, Verdict::save_now, "unreliable",
     "The drive warns that it has become unreliable: copy what matters off it now"},
    {3, Verdict::save_now, "read_only",
     "The drive has made itself read-only, its last stage: copy what matters off it now"},
    {4, Verdict::replace, "backup_power_failed",
     "The drive warns that the backup power of its memory has failed: a power cut would lose data "
     "that "
     "it called written, replace it"},
    {5, Verdict::watch, "persistent_memory",
     "The drive warns that its persistent memory region is read-only or unreliable: ask its maker"},
}};

void judge_warnings(JsonNode log, Health& health) {
  const std::uint64_t warning = log["critical_warning"].number().value_or(0);
  for (const Warning& each : kWarnings)
    if ((warning >> each.bit & 1) != 0) find(health, each.weight, each.key, each.text);
  // Bits of later versions of the specification are warnings too.
  if ((warning >> kWarnings.size()) != 0 || (health.passed == false && warning == 0))
    find(health, Verdict::save_now, "smart_failed",
         std::format("The drive itself says that it is failing (critical warning {:#x}): copy what "
                     "matters off it now",
                     warning));
}

void judge_spare(JsonNode log, Health& health) {
  const auto spare = log["available_spare"].number();
  const std::uint64_t limit = log["available_spare_threshold"].number().value_or(0);
  if (!spare) return;
  // Kept as what is gone, so that more is worse, as with every other count.
  count(health, "spare_used_percent", "percent of the spare blocks used",
        *spare < 100 ? 100 - *spare : 0);
  if (*spare < limit)
    find(health, Verdict::replace, "spare_below",
         std::format("Only {} % of its spare blocks are left, less than its own limit of {} %: "
                     "replace it",
                     *spare, limit));
  else if (*spare < limit + kSpareMargin)
    find(health, Verdict::watch, "spare_near",
         std::format("{} % of its spare blocks are left, and its own limit is {} %: plan its "
                     "replacement",
                     *spare, limit));
}

void judge_media(JsonNode log, Health& health) {
  const auto errors = log["media_errors"].number();
  if (!errors) return;
  count(health, "media_errors", "reads or writes that failed for good", *errors);
  if (*errors >= kManyMediaErrors)
    find(health, Verdict::replace, "media_errors",
         std::format("Data could not be got back {} times in its life: replace it", *errors));
  else if (*errors > 0)
    find(health, Verdict::watch, "media_errors",
         std::format("Data could not be got back {} in its life: see whether the number grows",
                     *errors == 1 ? "once" : std::format("{} times", *errors)));
}

void judge_heat(JsonNode log, Health& health) {
  const std::uint64_t minutes = log["critical_comp_time"].number().value_or(0);
  if (minutes > 0)
    find(health, Verdict::good, "was_hot",
         std::format(
             "It was above its critical temperature for {} in its life: look after its cooling",
             counted(minutes, "minute")));
}

}  // namespace

void read_nvme(JsonNode report, Health& health) {
  const JsonNode log = report["nvme_smart_health_information_log"];
  judge_warnings(log, health);
  judge_media(log, health);
  judge_spare(log, health);
  health.wear = log["percentage_used"].number();
  judge_wear(health);
  judge_heat(log, health);
  judge_nvme_self_tests(report, health);
  if (const auto cuts = log["unsafe_shutdowns"].number())
    count(health, "unsafe_shutdowns", "times it lost power unprepared", *cuts, false);
  constexpr std::uint64_t kUnit = 512'000;  // bytes; the log counts thousands of 512
  if (const auto units = log["data_units_written"].number(); units && *units < UINT64_MAX / kUnit)
    count(health, "bytes_written", "bytes written", *units * kUnit, false);
}

}  // namespace drydock::evaluate
