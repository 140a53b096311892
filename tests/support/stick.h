// A USB stick made without a writer: an empty FAT32 volume onto which the ISO's files were copied.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace drydock::test {

// Why it cannot be made here, or nothing.
std::optional<std::string> why_no_copied_stick();

// An MBR with one FAT32 partition. `stick` is created.
void copy_iso_to_stick(const std::filesystem::path& iso, const std::filesystem::path& stick);

}  // namespace drydock::test
