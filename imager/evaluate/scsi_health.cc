#include <format>

#include "base/units.h"
#include "evaluate/health_part.h"
#include "evaluate/self_tests.h"

namespace drydock::evaluate {
namespace {

// As for ATA's attribute 5, of which the grown defect list is the counterpart (ours).
constexpr std::uint64_t kManyGrown = 50;

void judge_status(JsonNode report, Health& health) {
  if (health.passed != false) return;
  const std::string why = report["smart_status"]["scsi"]["ie_string"].text();
  find(health, Verdict::save_now, "smart_failed",
       std::format("The drive itself says that it is about to fail{}: copy what matters off it now",
                   why.empty() ? std::string() : " (" + why + ")"));
}

void judge_grown(JsonNode report, Health& health) {
  const auto grown = report["scsi_grown_defect_list"].number();
  if (!grown) return;
  count(health, "grown_defects", "bad sectors found since it was made", *grown);
  if (*grown == 0) return;
  const std::string what = std::format("{} found bad since the drive was made (grown defect list)",
                                       counted_were(*grown, "sector"));
  if (health.solid_state)
    find(health, Verdict::good, "grown_defects", what + ": usual in flash memory");
  else if (*grown < kManyGrown)
    find(health, Verdict::watch, "grown_defects", what + ": compare the number in a few weeks");
  else
    find(health, Verdict::replace, "grown_defects", what + ": its surface is failing, replace it");
}

void judge_uncorrected(JsonNode report, Health& health) {
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  const JsonNode log = report["scsi_error_counter_log"];
  if (!log.exists()) return;
  for (const char* kind : {"read", "verify"})
    reads += log[kind]["total_uncorrected_errors"].number().value_or(0);
  writes = log["write"]["total_uncorrected_errors"].number().value_or(0);
  count(health, "uncorrected_reads", "reads that failed for good", reads);
  count(health, "uncorrected_writes", "writes that failed for good", writes);
  if (reads > 0)
    find(health, Verdict::replace, "uncorrected_reads",
         std::format("{} failed for good in its life; one is enough to replace a drive",
                     counted(reads, "read")));
  if (writes > 0)
    find(health, Verdict::replace, "uncorrected_writes",
         std::format("{} failed for good in its life: replace it", counted(writes, "write")));
}

void judge_pending(JsonNode report, Health& health) {
  const auto pending = report["scsi_pending_defects"]["count"].number();
  if (!pending) return;
  count(health, "pending_sectors", "sectors that cannot be read now", *pending);
  if (*pending > 0)
    find(
        health, Verdict::save_now, "pending_sectors",
        std::format("{} unreadable now (pending defects), and more often follow: copy what matters "
                    "off it first, then replace the drive",
                    counted_are(*pending, "sector")));
}

}  // namespace

void read_scsi(JsonNode report, Health& health) {
  judge_status(report, health);
  judge_pending(report, health);
  judge_uncorrected(report, health);
  judge_grown(report, health);
  health.wear = report["scsi_percentage_used_endurance_indicator"].number();
  judge_wear(health);
  judge_scsi_self_tests(report, health);
}

}  // namespace drydock::evaluate
