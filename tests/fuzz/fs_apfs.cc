// Changes to a small container, whose checksums are made right afterwards: they would keep a fuzzer
// of raw bytes out. The input is a row of changes: block, offset (2), length (1), bytes.
#include "fs/apfs.h"

#include "fuzz/fs_fuzz.h"
#include "unit/fs/apfs_builder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using drydock::test::ApfsDisk;
  static const ApfsDisk kPlain(false), kLarge(true);
  if (size == 0) return 0;
  ApfsDisk apfs = data[0] % 2 == 0 ? kPlain : kLarge;
  std::size_t at = 1;
  while (size - at > 4) {
    const std::uint64_t block = data[at] % ApfsDisk::kBlocks;
    const std::uint64_t offset = (data[at + 1] << 8 | data[at + 2]) % ApfsDisk::kBlock;
    const std::uint64_t length =
        std::min<std::uint64_t>({data[at + 3], size - at - 4, ApfsDisk::kBlock - offset});
    std::ranges::copy(drydock::Bytes(reinterpret_cast<const std::byte*>(data) + at + 4, length),
                      apfs.disk.content().data() + block * ApfsDisk::kBlock + offset);
    apfs.seal(block);
    at += 4 + length;
  }
  const auto info = drydock::fs::probe_apfs(apfs.disk);
  if (info && *info) drydock::test::check_map(apfs.disk, drydock::fs::used_apfs(apfs.disk));
  return 0;
}
