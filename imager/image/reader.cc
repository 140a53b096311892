#include "image/reader.h"

#include <algorithm>
#include <array>
#include <format>

#include "codec/zstd.h"
#include "image/format.h"
#include "image/manifest_json.h"
#include "image/salvage.h"
#include "image/trailer.h"

namespace drydock::image {
namespace {

// What a manifest and the first chunk may take.
constexpr std::uint64_t kMostBegun = 2 * kChunkBytes;
constexpr std::size_t kHead = kSkippableHeader + 8 + kKindBytes;

// As far as the file goes.
bool starts_like_image(const io::BlockSource& file) {
  std::array<std::byte, kHead> head{};
  std::array<std::byte, kHead> wanted{};
  store_le<std::uint32_t>(wanted.data(), kDrydockMagic);
  std::ranges::copy(as_bytes("DRYDOCK1"), wanted.begin() + kSkippableHeader);
  std::ranges::copy(as_bytes(kManifestKind), wanted.begin() + kSkippableHeader + 8);
  const std::size_t there = std::min<std::uint64_t>(kHead, file.geometry().bytes);
  if (!file.read_at(0, MutableBytes(head).first(there))) return false;
  std::copy_n(head.begin() + 4, 4, wanted.begin() + 4);  // the size may be any
  return std::equal(head.begin(), head.begin() + static_cast<std::ptrdiff_t>(there),
                    wanted.begin());
}

Error named(Error error, const io::BlockSource& file) {
  if (error.where.empty()) error.where = file.name();
  return error;
}

Error foreign(const io::BlockSource& file) {
  std::array<std::byte, 4> magic{};
  const bool zstd = file.geometry().bytes >= 4 && file.read_at(0, magic) &&
                    load_le<std::uint32_t>(magic.data()) == kZstdMagic;
  if (zstd)
    return bad_input(file.name(), "is a zstd file, but not an image that Drydock made",
                     "Unpack it with zstd -d and give the result");
  return bad_input(file.name(), "is not a Drydock image", "imager inspect tells what is in it");
}

Result<std::vector<std::byte>> manifest_frame(const io::BlockSource& file) {
  if (!is_image(file)) return fail(foreign(file));
  std::array<std::byte, kSkippableHeader> head;
  TRY(file.read_at(0, head));
  const std::uint64_t size = kSkippableHeader + load_le<std::uint32_t>(head.data() + 4);
  if (size > kLargestManifest || size > file.geometry().bytes)
    return fail(bad_input(file.name(), "the manifest at the start of the image is damaged"));
  return io::read_bytes(file, 0, size);
}

Result<Manifest> manifest_in(const io::BlockSource& file, Bytes frame) {
  const auto body = open_own_frame(kManifestKind, frame);
  if (!body) return fail(named(body.error(), file));
  auto manifest = parse_manifest(*body);
  if (!manifest) return fail(named(manifest.error(), file));
  return manifest;
}

Result<Index> index_in(const io::BlockSource& file, const Trailer& trailer) {
  const auto frame = TRY(io::read_bytes(file, trailer.index.offset, trailer.index.length));
  return parse_index(TRY(open_own_frame(kIndexKind, frame)));
}

Result<Maps> maps_in(const io::BlockSource& file, const Trailer& trailer, std::uint64_t disk) {
  const auto frame = TRY(io::read_bytes(file, trailer.maps.offset, trailer.maps.length));
  return parse_maps(TRY(open_own_frame(kMapsKind, frame)), disk);
}

}  // namespace

bool is_image(const io::BlockSource& file) {
  return file.geometry().bytes >= kHead && starts_like_image(file);
}

Result<bool> is_barely_begun(const io::BlockSource& file) {
  const std::uint64_t bytes = file.geometry().bytes;
  if (bytes <= kMostBegun && starts_like_image(file)) return true;
  std::vector<std::byte> piece(kMiB);
  for (std::uint64_t at = 0; at < bytes; at += piece.size()) {
    const MutableBytes part = MutableBytes(piece).first(std::min<std::uint64_t>(kMiB, bytes - at));
    TRY(file.read_at(at, part));
    if (!all_zero(part)) return false;
  }
  return true;
}

Result<Manifest> read_manifest(const io::BlockSource& file) {
  return manifest_in(file, TRY(manifest_frame(file)));
}

Result<ImageReader> ImageReader::open(const io::BlockSource& file) {
  ImageReader reader;
  reader.file_ = &file;
  const std::vector<std::byte> manifest = TRY(manifest_frame(file));
  reader.manifest_ = TRY(manifest_in(file, manifest));

  auto trailer = locate_trailer(file);
  if (!trailer) {
    reader.flaws_.push_back(trailer.error().what);
    trailer = scan_for_trailer(file);
  }
  if (!trailer) return fail(named(trailer.error(), file));

  auto index = index_in(file, *trailer);
  if (!index) return fail(named(index.error(), file));
  reader.index_ = std::move(*index);
  auto maps = maps_in(file, *trailer, reader.manifest_.geometry.bytes);
  if (!maps) return fail(named(maps.error(), file));
  reader.maps_ = std::move(*maps);

  if (auto sound = reader.check_index(manifest.size(), trailer->maps.offset); !sound)
    return fail(named(sound.error(), file));

  const auto table = TRY(io::read_bytes(file, trailer->table.offset, trailer->table.length));
  const auto expected = seek_table(reader.index_, static_cast<std::uint32_t>(manifest.size()),
                                   static_cast<std::uint32_t>(trailer->maps.length),
                                   static_cast<std::uint32_t>(trailer->index.length));
  if (reader.flaws_.empty() && table != expected)
    reader.flaws_.push_back("the seek table at its end is damaged");
  return reader;
}

Result<ImageReader> ImageReader::salvage(const io::BlockSource& file) {
  if (auto whole = open(file)) return whole;
  ImageReader reader;
  reader.file_ = &file;
  const std::vector<std::byte> manifest = TRY(manifest_frame(file));
  reader.manifest_ = TRY(manifest_in(file, manifest));
  const std::uint64_t disk = reader.manifest_.geometry.bytes;
  reader.maps_.captured = ExtentMap::whole(disk);

  auto trailer = locate_trailer(file);
  if (!trailer) trailer = scan_for_trailer(file);
  if (trailer) {
    auto maps = maps_in(file, *trailer, disk);
    if (maps) reader.maps_ = std::move(*maps);
    auto index = index_in(file, *trailer);
    if (index) reader.index_ = std::move(*index);
    if (index && reader.check_index(manifest.size(), trailer->maps.offset)) {
      if (!maps) reader.flaws_.push_back(maps.error().what);
      return reader;
    }
  }
  Walked walked = TRY(walk_index(file, reader.manifest_, manifest.size()));
  reader.flaws_.push_back(
      std::format("its end is missing or damaged: {} of {} bytes of the disk are there",
                  walked.disk_bytes, disk));
  reader.index_ = std::move(walked.index);
  reader.locate(manifest.size());
  return reader;
}

Location ImageReader::locate(std::uint64_t manifest_bytes) {
  Location at{manifest_bytes, 0};
  largest_packed_ = 0;
  locations_.clear();
  locations_.reserve(index_.size());
  for (const FrameEntry& entry : index_) {
    locations_.push_back(at);
    largest_packed_ = std::max(largest_packed_, entry.packed);
    at.file += entry.packed;
    at.disk += entry.raw;
  }
  return at;
}

Result<void> ImageReader::check_index(std::uint64_t manifest_bytes, std::uint64_t trailer_offset) {
  for (const FrameEntry& entry : index_) {
    // A data frame fits the buffers that the manifest's chunk size promises.
    const bool fits = entry.zero() ? entry.raw <= kLongestZeroRun
                                   : entry.raw <= manifest_.chunk_bytes &&
                                         entry.packed <= codec::zstd_bound(manifest_.chunk_bytes);
    if (!fits) return fail(bad_input("", "the index of the image has a frame that is too large"));
  }
  const Location at = locate(manifest_bytes);
  if (at.disk != manifest_.geometry.bytes || at.file != trailer_offset)
    return fail(bad_input("", std::format("the frames of the image hold {} of {} bytes of the disk",
                                          at.disk, manifest_.geometry.bytes)));
  return {};
}

std::size_t ImageReader::frame_at(std::uint64_t disk_offset) const {
  const auto above = std::ranges::upper_bound(locations_, disk_offset, {}, &Location::disk);
  return static_cast<std::size_t>(above - locations_.begin()) - 1;
}

Result<void> ImageReader::read_frame(std::size_t frame, MutableBytes packed) const {
  return file_->read_at(locations_[frame].file, packed);
}

}  // namespace drydock::image
