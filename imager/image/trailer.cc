#include "image/trailer.h"

#include <array>
#include <format>

#include "base/units.h"
#include "image/format.h"

namespace drydock::image {
namespace {

Error not_a_table() {
  return bad_input("", "the seek table at its end is damaged or missing");
}

template <std::size_t N>
Result<std::array<std::byte, N>> read_array(const io::BlockSource& file, std::uint64_t offset) {
  std::array<std::byte, N> bytes;
  TRY(file.read_at(offset, bytes));
  return bytes;
}

// Size of a zstd frame's header, from its descriptor byte (RFC 8878 §3.1.1.1.1).
std::size_t zstd_header_size(unsigned descriptor) {
  static constexpr std::array<std::size_t, 4> kDictionary{0, 1, 2, 4};
  static constexpr std::array<std::size_t, 4> kContentSize{0, 2, 4, 8};
  const bool single_segment = (descriptor & 0x20) != 0;
  const std::size_t content =
      descriptor >> 6 == 0 ? (single_segment ? 1 : 0) : kContentSize[descriptor >> 6];
  return 5 + (single_segment ? 0 : 1) + kDictionary[descriptor & 3] + content;
}

Result<std::uint64_t> zstd_frame_size(const io::BlockSource& file, std::uint64_t offset) {
  const auto head = TRY(read_array<5>(file, offset));
  const unsigned descriptor = std::to_integer<unsigned>(head[4]);
  std::uint64_t at = offset + zstd_header_size(descriptor);
  for (;;) {
    const auto block = TRY(read_array<3>(file, at));
    const unsigned value = std::to_integer<unsigned>(block[0]) |
                           std::to_integer<unsigned>(block[1]) << 8 |
                           std::to_integer<unsigned>(block[2]) << 16;
    const unsigned type = value >> 1 & 3;
    if (type == 3) return fail(bad_input("", "a frame has a block of a reserved type"));
    at += 3 + (type == 1 ? 1 : value >> 3);
    if ((value & 1) != 0) break;
  }
  if ((descriptor & 4) != 0) at += 4;  // content checksum
  return at - offset;
}

bool is_own(const io::BlockSource& file, Extent frame, std::string_view kind) {
  if (frame.length < kEmptyOwnFrame) return false;
  const auto head = read_array<kSkippableHeader + 8 + kKindBytes>(file, frame.offset);
  return head && load_le<std::uint32_t>(head->data()) == kDrydockMagic &&
         ByteReader(*head).equals(kSkippableHeader + 8, kind);
}

}  // namespace

Result<std::uint64_t> frame_size_at(const io::BlockSource& file, std::uint64_t offset) {
  const auto head = TRY(read_array<8>(file, offset));
  const auto magic = load_le<std::uint32_t>(head.data());
  if (magic == kZstdMagic) return zstd_frame_size(file, offset);
  if ((magic & 0xFFFFFFF0) == 0x184D2A50)
    return kSkippableHeader + load_le<std::uint32_t>(head.data() + 4);
  return fail(bad_input("", std::format("there is no frame at byte {}", offset)));
}

Result<Trailer> locate_trailer(const io::BlockSource& file) {
  const std::uint64_t end = file.geometry().bytes;
  if (end < kSkippableHeader + kSeekFooter) return fail(not_a_table());
  const auto footer = TRY(read_array<kSeekFooter>(file, end - kSeekFooter));
  const std::uint64_t frames = load_le<std::uint32_t>(footer.data());
  if (load_le<std::uint32_t>(footer.data() + 5) != kSeekFooterMagic || footer[4] != std::byte{0} ||
      frames < 3)
    return fail(not_a_table());
  const std::uint64_t table = kSkippableHeader + frames * kSeekEntry + kSeekFooter;
  if (table > end) return fail(not_a_table());
  // The last two entries are the maps and the index.
  const auto last = TRY(read_array<2 * kSeekEntry>(file, end - kSeekFooter - 2 * kSeekEntry));
  const std::uint64_t maps_bytes = load_le<std::uint32_t>(last.data());
  const std::uint64_t index_bytes = load_le<std::uint32_t>(last.data() + kSeekEntry);
  if (maps_bytes + index_bytes + table > end) return fail(not_a_table());
  Trailer trailer;
  trailer.table = {end - table, table};
  trailer.index = {trailer.table.offset - index_bytes, index_bytes};
  trailer.maps = {trailer.index.offset - maps_bytes, maps_bytes};
  if (!is_own(file, trailer.index, kIndexKind) || !is_own(file, trailer.maps, kMapsKind))
    return fail(not_a_table());
  return trailer;
}

Result<Trailer> scan_for_trailer(const io::BlockSource& file) {
  const std::uint64_t end = file.geometry().bytes;
  Trailer trailer;
  std::uint64_t at = 0;
  while (at < end) {
    const auto size = frame_size_at(file, at);
    if (!size || *size > end - at) break;
    const Extent frame{at, *size};
    if (is_own(file, frame, kMapsKind)) trailer.maps = frame;
    at = frame.end();
    if (!is_own(file, frame, kIndexKind)) continue;
    trailer.index = frame;
    trailer.table = {at, end - at};
    if (trailer.maps.length != 0) return trailer;
  }
  return fail(bad_input("",
                        std::format("the image is incomplete: its frames end after {} of {}",
                                    human_bytes(at), human_bytes(end)),
                        "It was cut off, or its save did not finish: with .part at its name's "
                        "end, imager save --resume goes on with it from the same disk"));
}

}  // namespace drydock::image
