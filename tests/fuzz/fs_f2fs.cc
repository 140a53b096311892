// The input is a list of blocks, each behind its number (32 bits, little-endian): an F2FS has much
// room between what matters.
#include "fs/f2fs.h"

#include "fs/f2fs_super.h"
#include "fuzz/fs_fuzz.h"

namespace drydock::test {
namespace {

ScatteredVolume volume_of(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kBlock = ScatteredVolume::kBlock;
  ScatteredVolume volume(std::uint64_t{72} << 20);
  for (std::size_t at = 0; at + 4 + kBlock <= size; at += 4 + kBlock) {
    const std::uint64_t number =
        load_le<std::uint32_t>(reinterpret_cast<const std::byte*>(data + at));
    if (number >= volume.geometry().bytes / kBlock) continue;
    const MutableBytes block = volume.put(number, data + at + 4);
    // Checkpoints get a right checksum: no mutation would hit it.
    if (load_le<std::uint32_t>(block.data() + 164) == kBlock - 4)
      store_le(block.data() + kBlock - 4, fs::f2fs_checksum(block.first(kBlock - 4)));
  }
  return volume;
}

}  // namespace
}  // namespace drydock::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto volume = drydock::test::volume_of(data, size);
  const auto info = drydock::fs::probe_f2fs(volume);
  if (info && *info) drydock::test::check_map(volume, drydock::fs::used_f2fs(volume));
  return 0;
}
