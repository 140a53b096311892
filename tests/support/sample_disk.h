// The sample disk (tests/support/make-sample-disk): a real, used Debian system on a GPT disk.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace drydock::test {

inline constexpr const char* kSampleEsp = "EFI system";  // names of its partitions
inline constexpr const char* kSampleSwap = "swap";
inline constexpr const char* kSampleRoot = "root";

struct SampleDisk {
  std::filesystem::path image;         // read-only, to be copied
  std::optional<std::string> missing;  // why there is none on this machine
};

// Makes it if it is not in the cache yet: minutes. DRYDOCK_SAMPLE_DISK names a ready one.
const SampleDisk& sample_disk();

}  // namespace drydock::test
