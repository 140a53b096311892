#include "evaluate/self_tests.h"

#include <format>
#include <vector>

#include "evaluate/health_part.h"

namespace drydock::evaluate {
namespace {

enum class Outcome { passed, failed, none };  // none: stopped, or still going on

struct SelfTest {
  Outcome outcome = Outcome::none;
  bool extended = false;
  std::string result;  // in smartctl's words
  std::optional<std::uint64_t> lba;
};

// `tests` begin with the newest.
void judge(const std::vector<SelfTest>& tests, Health& health) {
  for (const SelfTest& test : tests) {
    if (test.outcome == Outcome::passed && test.extended) return;
    if (test.outcome != Outcome::failed) continue;
    const std::string place = test.lba ? std::format(" at sector {}", *test.lba) : std::string();
    find(health, Verdict::replace, "self_test_failed",
         std::format("Its last {} self-test failed{} ({}): replace it",
                     test.extended ? "extended" : "short", place, test.result));
    return;
  }
}

}  // namespace

// ACS-3, 9.12 (standard) and 9.7 (extended): the upper half of the status byte is the result.
void judge_ata_self_tests(JsonNode report, Health& health) {
  constexpr std::uint64_t kFirstFailure = 3;  // fatal or unknown, electrical, servo, read, damage
  constexpr std::uint64_t kLastFailure = 8;
  constexpr std::uint64_t kExtended = 2;
  const JsonNode log = report["ata_smart_self_test_log"];
  const JsonNode kind = log["extended"].exists() ? log["extended"] : log["standard"];
  std::vector<SelfTest> tests;
  for (const JsonNode& row : kind["table"].items()) {
    const std::uint64_t result = row["status"]["value"].number().value_or(0xf0) >> 4;
    SelfTest test{.result = row["status"]["string"].text(), .lba = row["lba"].number()};
    // Captive tests have the highest bit of the number set.
    test.extended = (row["type"]["value"].number().value_or(0) & 0x7f) == kExtended;
    if (result == 0) test.outcome = Outcome::passed;
    if (result >= kFirstFailure && result <= kLastFailure) test.outcome = Outcome::failed;
    tests.push_back(std::move(test));
  }
  judge(tests, health);
}

// NVM Express base specification 2.0, figure 201: 5, 6 and 7 are failures, others were stopped.
void judge_nvme_self_tests(JsonNode report, Health& health) {
  constexpr std::uint64_t kFirstFailure = 5;
  constexpr std::uint64_t kLastFailure = 7;
  constexpr std::uint64_t kExtended = 2;
  std::vector<SelfTest> tests;
  for (const JsonNode& row : report["nvme_self_test_log"]["table"].items()) {
    const std::uint64_t result = row["self_test_result"]["value"].number().value_or(0xf);
    SelfTest test{.result = row["self_test_result"]["string"].text(), .lba = row["lba"].number()};
    test.extended = row["self_test_code"]["value"].number() == kExtended;
    if (result == 0) test.outcome = Outcome::passed;
    if (result >= kFirstFailure && result <= kLastFailure) test.outcome = Outcome::failed;
    tests.push_back(std::move(test));
  }
  judge(tests, health);
}

// SPC-4, table 305: 3 to 7 are failures; codes 2 and 6 are the extended tests.
void judge_scsi_self_tests(JsonNode report, Health& health) {
  constexpr int kMost = 20;
  constexpr std::uint64_t kFirstFailure = 3;
  constexpr std::uint64_t kLastFailure = 7;
  std::vector<SelfTest> tests;
  for (int i = 0; i < kMost; ++i) {
    const JsonNode row = report[std::format("scsi_self_test_{}", i).c_str()];
    if (!row.exists()) break;
    const std::uint64_t result = row["result"]["value"].number().value_or(0xf);
    const std::uint64_t code = row["code"]["value"].number().value_or(0);
    SelfTest test{.extended = code == 2 || code == 6,
                  .result = row["result"]["string"].text(),
                  .lba = row["lba_first_failure"]["value"].number()};
    if (result == 0) test.outcome = Outcome::passed;
    if (result >= kFirstFailure && result <= kLastFailure) test.outcome = Outcome::failed;
    tests.push_back(std::move(test));
  }
  judge(tests, health);
}

}  // namespace drydock::evaluate
