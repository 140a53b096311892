#include "core/consent.h"

#include <algorithm>

#include "base/units.h"

namespace drydock {
namespace {

// Without spaces, in lower case and without ".0" before a unit: people type "2tb" for "2.0 TB".
std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '\t') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::size_t tenths = out.find(".0");
  if (tenths != std::string::npos && out.size() > tenths + 2 && out[tenths + 2] >= 'a')
    out.erase(tenths, 2);
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
  return fail({Code::cancelled,
               0,
               target.path,
               "what was typed is neither its serial number nor its size, nothing was written",
               {}});
}

}  // namespace drydock
