#include "engine/restore.h"

#include <algorithm>
#include <format>

#include "engine/buffers.h"
#include "engine/place.h"
#include "engine/ring.h"
#include "engine/threads.h"
#include "image/unpack.h"

namespace drydock::engine {
namespace {

// What the three operations on an image share: frames come in order, are unpacked on all cores and
// handed on in order.
class Unpacking {
 public:
  Unpacking(const image::ImageReader& image, unsigned workers, Watcher& watcher)
      : image_(image), workers_(workers), watcher_(watcher) {}

  struct Frame {
    Extent file;
    Extent disk;
    bool zero = false;
    bool damaged = false;
    std::string what;  // when damaged
    Bytes raw;         // empty when zero or damaged
  };
  using Take = std::function<Result<void>(const Frame& frame, std::size_t slot)>;

  // Damage is part of a Frame; an Error is a file that cannot be read at all.
  Result<void> run(const Take& take, const Stop& stop) {
    const std::size_t slots = slots_for(workers_);
    buffers_ = TRY(make_buffers(slots, image_.manifest().chunk_bytes, image_.largest_packed()));
    frames_.resize(slots);
    zstd_.resize(workers_);
    return run_ring(
        slots, workers_,
        {.first = [this](std::uint64_t item, std::size_t slot) { return load(item, slot); },
         .middle = [this](unsigned worker, std::size_t slot) { return unpack(worker, slot); },
         .last = [&](std::uint64_t, std::size_t slot) -> Result<void> {
           const Frame& frame = frames_[slot];
           TRY(take(frame, slot));
           if (!frame.zero) worked_ += image_.maps().captured.clipped(frame.disk).bytes();
           watcher_.moved(frame.disk.end(), worked_, frame.file.end());
           return {};
         }},
        stop);
  }

 private:
  Result<bool> load(std::uint64_t item, std::size_t slot) {
    if (item == image_.index().size()) return false;
    const image::FrameEntry& entry = image_.index()[item];
    const image::Location at = image_.location(item);
    frames_[slot] = {.file = {at.file, entry.packed},
                     .disk = {at.disk, entry.raw},
                     .zero = entry.zero(),
                     .damaged = false,
                     .what = {},
                     .raw = {}};
    auto read = image_.read_frame(item, buffers_[slot].packed_first(entry.packed));
    if (read) return true;
    // A bad sector below the image is damage of this frame alone.
    if (read.error().code != Code::unreadable) return fail(std::move(read.error()));
    frames_[slot].damaged = true;
    frames_[slot].what = read.error().sentence();
    return true;
  }

  Result<void> unpack(unsigned worker, std::size_t slot) {
    Frame& frame = frames_[slot];
    if (frame.damaged) return {};
    const image::FrameEntry& entry = image_.index()[image_.frame_at(frame.disk.offset)];
    const Bytes packed = buffers_[slot].packed_first(entry.packed);
    const MutableBytes raw = entry.zero() ? MutableBytes() : buffers_[slot].raw_first(entry.raw);
    const auto done = image::unpack_frame(entry, packed, raw, zstd_[worker]);
    if (done) {
      frame.raw = raw;
    } else if (done.error().code == Code::bad_input) {
      frame.damaged = true;
      frame.what = done.error().what;
    } else {
      return done;
    }
    return {};
  }

  const image::ImageReader& image_;
  const unsigned workers_;
  Watcher& watcher_;
  std::vector<SlotBuffers> buffers_;
  std::vector<Frame> frames_;
  std::vector<codec::ZstdDecompressor> zstd_;
  std::uint64_t worked_ = 0;
};

std::uint64_t unpacking_memory(const image::ImageReader& image, unsigned workers) {
  const std::uint64_t slot = image.manifest().chunk_bytes + image.largest_packed();
  const std::uint64_t worker = codec::ZstdDecompressor::memory() + Threads::kStackBytes;
  return slots_for(workers) * slot + workers * worker + Threads::kStackBytes;
}

// Where `target` differs from `raw` in the extent, sector by sector.
Result<void> compare_part(const io::BlockSource& target, Extent part, Bytes raw,
                          MutableBytes buffer, ExtentMap& different) {
  constexpr std::uint64_t kGrain = 4096;
  const MutableBytes found = buffer.first(part.length);
  if (auto read = target.read_at(part.offset, found); !read) {
    if (read.error().code != Code::unreadable) return read;
    different.add(part);
    return {};
  }
  for (std::uint64_t at = 0; at < part.length; at += kGrain) {
    const std::size_t length = std::min(kGrain, part.length - at);
    const Bytes piece = Bytes(found).subspan(at, length);
    const bool same =
        raw.empty() ? all_zero(piece) : std::ranges::equal(piece, raw.subspan(at, length));
    if (!same) different.add({part.offset + at, length});
  }
  return {};
}

}  // namespace

Result<void> restore(const image::ImageReader& image, io::BlockSink& target, unsigned workers,
                     Watcher& watcher, const Stop& stop, ExtentMap* lost) {
  Unpacking unpacking(image, workers, watcher);
  return unpacking.run(
      [&](const Unpacking::Frame& frame, std::size_t) -> Result<void> {
        if (frame.damaged && lost == nullptr)
          return fail(bad_input("the image",
                                std::format("{}; bytes {} to {} of the disk are lost", frame.what,
                                            frame.disk.offset, frame.disk.end()),
                                "imager verify tells what else is damaged, imager restore "
                                "--salvage takes what is left"));
        if (frame.damaged) {
          const ExtentMap here = image.maps().captured.clipped(frame.disk);
          for (const Extent& extent : here.extents()) {
            lost->add(extent);
            watcher.unreadable(extent);
          }
        }
        return place(target, image.maps().captured, frame.disk, frame.raw);
      },
      stop);
}

Result<std::vector<BadFrame>> verify(const image::ImageReader& image, unsigned workers,
                                     Watcher& watcher, const Stop& stop) {
  std::vector<BadFrame> bad;
  Unpacking unpacking(image, workers, watcher);
  TRY(unpacking.run(
      [&](const Unpacking::Frame& frame, std::size_t) -> Result<void> {
        if (frame.damaged) bad.push_back({frame.file, frame.disk, frame.what});
        return {};
      },
      stop));
  return bad;
}

Result<ExtentMap> compare(const image::ImageReader& image, const io::BlockSource& target,
                          const ExtentMap& except, unsigned workers, Watcher& watcher,
                          const Stop& stop) {
  ExtentMap different;
  io::AlignedBuffer buffer = TRY(io::AlignedBuffer::make(image.manifest().chunk_bytes));
  const ExtentMap wanted = image.maps().captured.subtracted(except);
  Unpacking unpacking(image, workers, watcher);
  TRY(unpacking.run(
      [&](const Unpacking::Frame& frame, std::size_t) -> Result<void> {
        for (const Extent& extent : wanted.touching(frame.disk)) {
          Extent part = intersection(extent, frame.disk);
          if (frame.damaged) {
            different.add(part);
            continue;
          }
          // A long run of captured zeros is compared piece by piece.
          for (std::uint64_t end = part.end(); part.offset < end; part.offset += part.length) {
            part.length = std::min<std::uint64_t>(end - part.offset, buffer.bytes().size());
            const Bytes raw = frame.raw.empty()
                                  ? Bytes()
                                  : frame.raw.subspan(part.offset - frame.disk.offset, part.length);
            TRY(compare_part(target, part, raw, buffer.bytes(), different));
          }
        }
        return {};
      },
      stop));
  return different;
}

std::uint64_t restore_memory(const image::ImageReader& image, unsigned workers) {
  return unpacking_memory(image, workers);
}

std::uint64_t compare_memory(const image::ImageReader& image, unsigned workers) {
  return unpacking_memory(image, workers) + image.manifest().chunk_bytes;
}

}  // namespace drydock::engine
