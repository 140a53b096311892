// A disk as a person has it, made by the system's own tools: GPT, an EFI system partition with
// files, ext4 with files and some deleted ones, swap, and data in the gap behind them. No root, no
// mounts.
#pragma once

#include <cstdint>
#include <filesystem>

#include "support/files.h"

namespace drydock::test {

struct UsedSystem {
  std::filesystem::path disk;
  std::uint64_t bytes = 0;
  Range esp, root, swap;
};

// Throws std::runtime_error where a tool fails. Freed blocks keep their old content, so an image
// that copies them or zeros that are none would show.
UsedSystem make_used_system(const std::filesystem::path& folder);

}  // namespace drydock::test
