#include "support/mounted.h"

#include <chrono>
#include <stdexcept>
#include <thread>

#include "support/process.h"

namespace drydock::test {
namespace {

// Whoever looks at all mounts of the machine keeps each of them busy for a moment.
Outcome unmount(const std::filesystem::path& place) {
  constexpr int kAttempts = 50;
  Outcome outcome;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    outcome = run({.argv = {"umount", place}});
    if (outcome.ok()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return outcome;
}

}  // namespace

Mounted::Mounted(const std::vector<std::string>& command, std::filesystem::path place)
    : place_(std::move(place)) {
  std::filesystem::create_directories(place_);
  must_run({.argv = command});
}

std::unique_ptr<Mounted> mount_if_possible(const std::vector<std::string>& command,
                                           const std::filesystem::path& place) try {
  return std::make_unique<Mounted>(command, place);
} catch (const std::runtime_error&) {
  return nullptr;
}

Mounted::~Mounted() {
  if (mounted_) unmount(place_);
}

void Mounted::end() {
  mounted_ = false;
  const Outcome outcome = unmount(place_);
  if (!outcome.ok())
    throw std::runtime_error(place_.string() + " stays mounted: " + outcome.describe());
}

}  // namespace drydock::test
