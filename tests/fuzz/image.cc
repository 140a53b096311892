// Native images of any content: every reader ends with a value or a sentence, and what it accepts
// holds together.
//
// The input: one byte of flags, then the file. With kMendOwn the digests of its own frames are made
// right first, with kMendIndex also those that INDEX gives of the frames, so that damage gets
// behind the digests.

#include <algorithm>
#include <cstdint>

#include "base/hash.h"
#include "fuzz/demand.h"
#include "image/format.h"
#include "image/image_source.h"
#include "image/salvage.h"
#include "image/trailer.h"
#include "image/unpack.h"
#include "io/memory_disk.h"

namespace drydock::image {
namespace {

constexpr unsigned kMendOwn = 1;
constexpr unsigned kMendIndex = 2;
constexpr std::uint64_t kMostRead = 4 * kMiB;

using test::demand;

void mend_digest(MutableBytes frame) {
  const std::size_t end = frame.size() - 16;
  std::ranges::copy(xxh3_128(frame.first(end)).bytes,
                    frame.begin() + static_cast<std::ptrdiff_t>(end));
}

bool is_own(Bytes frame) {
  return frame.size() >= kEmptyOwnFrame && load_le<std::uint32_t>(frame.data()) == kDrydockMagic;
}

// INDEX entries get the digest of the frame that stands where they say.
void mend_index(MutableBytes file, std::uint64_t first, Extent index) {
  const MutableBytes body =
      file.subspan(index.offset + kEmptyOwnFrame - 16, index.length - kEmptyOwnFrame);
  std::uint64_t at = first;
  for (std::size_t entry = 8; entry + 32 <= body.size(); entry += 32) {
    const std::uint64_t packed = load_le<std::uint32_t>(&body[entry]);
    if (packed > index.offset - std::min(index.offset, at)) return;
    store_le(&body[entry + 8], xxh3_64(file.subspan(at, packed)));
    at += packed;
  }
}

void mend(MutableBytes file, unsigned flags) {
  const io::MemoryDisk as_file(std::vector<std::byte>(file.begin(), file.end()));
  std::uint64_t manifest = 0;
  for (std::uint64_t at = 0; at < file.size();) {
    const auto size = frame_size_at(as_file, at);
    if (!size || *size == 0 || *size > file.size() - at) return;
    const MutableBytes frame = file.subspan(at, *size);
    if (at == 0) manifest = *size;
    if (is_own(frame) && at != 0 && (flags & kMendIndex) != 0 &&
        ByteReader(frame).equals(kSkippableHeader + 8, kIndexKind))
      mend_index(file, manifest, {at, *size});
    if (is_own(frame)) mend_digest(frame);
    at += *size;
  }
}

// Frames cover the disk in order, maps lie on it, and no frame that unpacks is larger than
// promised.
void check(const ImageReader& reader, const io::BlockSource& file) {
  const std::uint64_t disk = reader.manifest().geometry.bytes;
  std::uint64_t at = 0;
  std::vector<std::byte> packed;
  std::vector<std::byte> raw;
  codec::ZstdDecompressor zstd;
  for (std::size_t i = 0; i < reader.index().size(); ++i) {
    const FrameEntry& entry = reader.index()[i];
    demand(reader.location(i).disk == at);
    demand(entry.raw > 0 || disk == 0 || entry.packed > 0);
    at += entry.raw;
    demand(entry.packed <= reader.largest_packed());
    if (reader.location(i).file + entry.packed > file.geometry().bytes) continue;
    packed.resize(entry.packed);
    if (!reader.read_frame(i, packed)) continue;
    raw.resize(entry.zero() ? 0 : entry.raw);
    const auto done = unpack_frame(entry, packed, raw, zstd);
    demand(done || done.error().code == Code::bad_input);
  }
  demand(at == disk);
  demand(reader.maps().captured.end() <= disk);
  demand(reader.maps().unreadable.end() <= disk);
  if (disk == 0 || disk > kMostRead) return;
  const ImageSource source(reader);
  raw.resize(disk);
  (void)source.read_at(0, raw);
}

void run(Bytes input) {
  if (input.empty()) return;
  const unsigned flags = std::to_integer<unsigned>(input[0]);
  std::vector<std::byte> bytes(input.begin() + 1, input.end());
  if ((flags & kMendOwn) != 0) mend(bytes, flags);
  const io::MemoryDisk file(std::move(bytes));
  const auto reader = ImageReader::open(file);
  if (reader)
    check(*reader, file);
  else
    demand(!reader.error().what.empty());
  const auto salvaged = ImageReader::salvage(file);
  demand(!reader || salvaged.has_value());
  if (!salvaged) return;
  if (reader) demand(salvaged->flaws() == reader->flaws());
  if (!reader) demand(!salvaged->flaws().empty());
  check(*salvaged, file);
}

}  // namespace
}  // namespace drydock::image

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  drydock::image::run(drydock::Bytes(reinterpret_cast<const std::byte*>(data), size));
  return 0;
}
