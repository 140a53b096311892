#include "core/consent.h"

#include <algorithm>

#include "base/units.h"

namespace drydock {
namespace {

// Without spaces and in lower case: people type "500gb" for "500 GB".
std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '\t') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

std::vector<std::string> accepted_answers(const Target& target) {
  std::vector<std::string> answers;
  if (!target.id.serial.empty()) answers.push_back(target.id.serial);
  answers.push_back(std::to_string(target.bytes));
  answers.push_back(vendor_bytes(target.bytes));
  answers.push_back(human_bytes(target.bytes));
  return answers;
}

Result<Consent> Consent::typed(const Target& target, std::string_view typed) {
  const std::string answer = folded(typed);
  for (const std::string& accepted : accepted_answers(target))
    if (!answer.empty() && answer == folded(accepted)) return Consent(target);
  return fail({Code::cancelled, 0, target.path,
               "what was typed is neither its serial number nor its size, nothing was written",
               {}});
}

}  // namespace drydock
