// The input is a list of blocks, each behind its number (32 bits, little-endian): an F2FS has much
// room between what matters.
#include "fs/f2fs.h"

#include <map>

#include "fs/f2fs_super.h"
#include "fuzz/fs_fuzz.h"

namespace drydock::test {
namespace {

constexpr std::size_t kBlock = 4096;

class ScatteredVolume : public io::BlockSource {
 public:
  ScatteredVolume(const std::uint8_t* data, std::size_t size) {
    geometry_.bytes = std::uint64_t{72} << 20;
    for (std::size_t at = 0; at + 4 + kBlock <= size; at += 4 + kBlock) {
      const auto* record = reinterpret_cast<const std::byte*>(data + at);
      const std::uint64_t number = load_le<std::uint32_t>(record);
      if (number >= geometry_.bytes / kBlock) continue;
      auto& block = blocks_[number];
      block.assign(record + 4, record + 4 + kBlock);
      // Checkpoints get a right checksum: no mutation would hit it.
      if (load_le<std::uint32_t>(block.data() + 164) == kBlock - 4)
        store_le(block.data() + kBlock - 4, fs::f2fs_checksum(Bytes(block).first(kBlock - 4)));
    }
  }

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return "fuzz"; }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override {
    const auto inside = io::check_range(*this, offset, into.size());
    if (!inside) return inside;
    std::ranges::fill(into, std::byte{0});
    const std::uint64_t end = offset + into.size();
    for (auto block = blocks_.lower_bound(offset / kBlock);
         block != blocks_.end() && block->first * kBlock < end; ++block) {
      const std::uint64_t from = std::max(offset, block->first * kBlock);
      const std::uint64_t to = std::min(end, (block->first + 1) * kBlock);
      std::copy_n(block->second.begin() + static_cast<std::ptrdiff_t>(from % kBlock), to - from,
                  into.begin() + static_cast<std::ptrdiff_t>(from - offset));
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
  const drydock::test::ScatteredVolume volume(data, size);
  const auto info = drydock::fs::probe_f2fs(volume);
  if (info && *info) drydock::test::check_map(volume, drydock::fs::used_f2fs(volume));
  return 0;
}
