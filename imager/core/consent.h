#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/disk_id.h"

namespace drydock {

// What is about to be overwritten, by what the person recognises it.
struct Target {
  std::string path;
  DiskId id;
  std::uint64_t bytes = 0;  // its size; for a file to be created, the size it will get
  bool is_file = false;     // an ordinary file rather than a device

  bool operator==(const Target&) const = default;
};

// Proof that a person agreed to overwrite one particular target. Every function that opens a
// disk for writing demands one, and there are just two ways to get it.
class Consent {
 public:
  // `typed` is what the person answered: the serial number or the size in any of the forms of
  // accepted_answers(), without regard to case and spaces. Anything else is Code::cancelled.
  static Result<Consent> typed(const Target& target, std::string_view typed);
  // The command line named the target and said --yes.
  static Consent by_command_line(const Target& target) { return Consent(target); }

  const Target& target() const { return target_; }

 private:
  explicit Consent(Target target) : target_(std::move(target)) {}
  Target target_;
};

// The forms in which a person may name the target: serial (if it has one), size in bytes, as
// vendors print it ("500 GB") and as Drydock prints it ("465.8 GiB").
std::vector<std::string> accepted_answers(const Target& target);

}  // namespace drydock
