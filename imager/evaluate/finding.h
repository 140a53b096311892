#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace drydock::evaluate {

// What a person should do about a drive, from the least to the most urgent.
enum class Verdict { good, watch, replace, save_now };

std::string_view verdict_word(Verdict verdict);    // "good", "watch", "replace", "save-now"
std::string_view verdict_title(Verdict verdict);   // "Good", …, "Save your data now"
std::string_view verdict_advice(Verdict verdict);  // one sentence: what to do

// One thing that was found, in one sentence with its meaning and what to do about it.
struct Finding {
  Verdict weight = Verdict::good;  // what it alone would make of the verdict; good: worth knowing
  std::string key;                 // stable, for programs: "pending_sectors"
  std::string text;                // ends without a full stop

  bool operator==(const Finding&) const = default;
};

Verdict worst(const std::vector<Finding>& findings);
// The heaviest first; those of one weight stay in their order.
void sort_by_weight(std::vector<Finding>& findings);

}  // namespace drydock::evaluate
