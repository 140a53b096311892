#include "fs/btrfs.h"

#include "base/hash.h"
#include "fs/files.h"
#include "fuzz/fs_fuzz.h"

namespace drydock::test {
namespace {

// The input has each block behind the number of its place, two bytes. Every block gets the checksum
// that it should have, or none would be looked into; what else is wrong with it stays.
ScatteredVolume volume_of(const std::uint8_t* data, std::size_t size) {
  ScatteredVolume volume(std::uint64_t{128} << 20);
  constexpr std::size_t kEach = 2 + ScatteredVolume::kBlock;
  for (; size >= kEach; data += kEach, size -= kEach) {
    const MutableBytes block = volume.put(std::uint64_t{data[0]} << 8 | data[1], data + 2);
    store_le(block.data(), ~crc32c_raw(~0U, block.subspan(32)));
  }
  return volume;
}

}  // namespace
}  // namespace drydock::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto volume = drydock::test::volume_of(data, size);
  const auto info = drydock::fs::probe_btrfs(volume);
  if (info && *info) {
    drydock::test::check_map(volume, drydock::fs::used_btrfs(volume));
    drydock::test::read_all_files(drydock::fs::files_btrfs, volume);
  }
  return 0;
}
