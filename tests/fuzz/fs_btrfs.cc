#include "fs/btrfs.h"

#include <cstring>
#include <map>

#include "base/hash.h"
#include "fuzz/fs_fuzz.h"

namespace drydock::test {
namespace {

// A volume of 128 MiB of zeros but for some blocks of 4 KiB. The input has each behind the number
// of its place, two bytes. Every block gets the checksum that it should have, or none would be
// looked into; what else is wrong with it stays.
class Blocks : public io::BlockSource {
 public:
  static constexpr std::size_t kBlock = 4096;

  Blocks(const std::uint8_t* data, std::size_t size) {
    geometry_.bytes = std::uint64_t{128} << 20;
    constexpr std::size_t kEach = 2 + kBlock;
    for (; size >= kEach; data += kEach, size -= kEach) {
      std::vector<std::byte>& block = blocks_[std::uint64_t{data[0]} << 8 | data[1]];
      block.resize(kBlock);
      std::memcpy(block.data(), data + 2, kBlock);
      store_le(block.data(), ~crc32c_raw(~0U, Bytes(block).subspan(32)));
    }
  }

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return "fuzz"; }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override {
    const auto inside = io::check_range(*this, offset, into.size());
    if (!inside) return inside;
    std::ranges::fill(into, std::byte{0});
    const std::uint64_t end = offset + into.size();
    for (auto at = blocks_.lower_bound(offset / kBlock);
         at != blocks_.end() && at->first * kBlock < end; ++at) {
      const std::uint64_t start = std::max(offset, at->first * kBlock);
      const std::uint64_t stop = std::min(end, (at->first + 1) * kBlock);
      std::memcpy(into.data() + (start - offset), at->second.data() + start % kBlock, stop - start);
    }
    return {};
  }

 private:
  std::map<std::uint64_t, std::vector<std::byte>> blocks_;
  Geometry geometry_;
};

}  // namespace
}  // namespace drydock::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const drydock::test::Blocks volume(data, size);
  const auto info = drydock::fs::probe_btrfs(volume);
  if (info && *info) drydock::test::check_map(volume, drydock::fs::used_btrfs(volume));
  return 0;
}
