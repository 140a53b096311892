#include "support/sample_disk.h"

#include <cstdlib>
#include <stdexcept>

#include "support/process.h"

namespace drydock::test {
namespace {

std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  const auto newline = text.rfind('\n');
  return newline == std::string::npos ? text : text.substr(newline + 1);
}

SampleDisk make() {
  if (const char* ready = std::getenv("DRYDOCK_SAMPLE_DISK")) return {ready, std::nullopt};
  constexpr int kCannotHere = 77;
  const Outcome outcome =
      run({.argv = {"tests/support/make-sample-disk"}, .timeout = std::chrono::minutes(30)});
  if (outcome.status == kCannotHere) return {{}, last_line(outcome.err)};
  if (!outcome.ok()) throw std::runtime_error("make-sample-disk: " + outcome.describe());
  return {last_line(outcome.out), std::nullopt};
}

}  // namespace

const SampleDisk& sample_disk() {
  static const SampleDisk disk = make();
  return disk;
}

}  // namespace drydock::test
