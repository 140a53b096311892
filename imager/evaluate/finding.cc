#include "evaluate/finding.h"

#include <algorithm>

namespace drydock::evaluate {

std::string_view verdict_word(Verdict verdict) {
  switch (verdict) {
    case Verdict::good:
      return "good";
    case Verdict::watch:
      return "watch";
    case Verdict::replace:
      return "replace";
    case Verdict::save_now:
      return "save-now";
  }
  return {};
}

std::string_view verdict_title(Verdict verdict) {
  switch (verdict) {
    case Verdict::good:
      return "Good";
    case Verdict::watch:
      return "Watch";
    case Verdict::replace:
      return "Replace";
    case Verdict::save_now:
      return "Save your data now";
  }
  return {};
}

std::string_view verdict_advice(Verdict verdict) {
  switch (verdict) {
    case Verdict::good:
      return "Nothing was found that speaks against this drive. More than a third of failing "
             "drives "
             "give no sign before, so keep backups all the same";
    case Verdict::watch:
      return "The drive can go on working. See to what is named below, keep backups, and evaluate "
             "it "
             "again in some weeks";
    case Verdict::replace:
      return "Make a backup, then replace the drive: it has begun to fail or is worn out";
    case Verdict::save_now:
      return "Copy what matters off this drive before anything else, and do not use it any more "
             "than "
             "that takes";
  }
  return {};
}

Verdict worst(const std::vector<Finding>& findings) {
  Verdict verdict = Verdict::good;
  for (const Finding& finding : findings) verdict = std::max(verdict, finding.weight);
  return verdict;
}

void sort_by_weight(std::vector<Finding>& findings) {
  std::ranges::stable_sort(findings, std::ranges::greater{}, &Finding::weight);
}

}  // namespace drydock::evaluate
