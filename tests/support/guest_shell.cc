#include "support/guest_shell.h"

#include <optional>
#include <stdexcept>

namespace drydock::test {
namespace {

// The marks are typed with quotes in them and printed without, so the echo of the command is no
// match.
constexpr std::string_view kBegin = "@@begin\r\n", kEnd = "@@end ";

std::optional<GuestOutcome> parse(std::string_view log) {
  const auto begin = log.find(kBegin);
  if (begin == std::string_view::npos) return std::nullopt;
  const auto end = log.find(kEnd, begin);
  if (end == std::string_view::npos || log.find('\n', end) == std::string_view::npos)
    return std::nullopt;
  GuestOutcome outcome;
  outcome.status = std::stoi(std::string(log.substr(end + kEnd.size(), 4)));
  for (const char c : log.substr(begin + kBegin.size(), end - begin - kBegin.size())) {
    if (c != '\r') outcome.out += c;
  }
  return outcome;
}

}  // namespace

GuestOutcome GuestShell::run(std::string_view command, std::chrono::seconds limit) {
  const std::size_t from = vm_.serial_log().size();
  vm_.serial_type("echo @@'begin'; " + std::string(command) + "; echo @@'end' $?\n");
  std::optional<GuestOutcome> outcome;
  vm_.wait_until(
      "the end of “" + std::string(command) + "”",
      [&] {
        outcome = parse(std::string_view(vm_.serial_log()).substr(from));
        return outcome.has_value();
      },
      limit);
  return *outcome;
}

std::string GuestShell::must_run(std::string_view command, std::chrono::seconds limit) {
  GuestOutcome outcome = run(command, limit);
  if (outcome.status == 0) return std::move(outcome.out);
  throw std::runtime_error("“" + std::string(command) + "” in the machine: status " +
                           std::to_string(outcome.status) + "\n" + outcome.out);
}

}  // namespace drydock::test
