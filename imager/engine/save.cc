#include "engine/save.h"

#include "codec/zero_frame.h"
#include "engine/buffers.h"
#include "engine/cut.h"
#include "engine/fetch.h"
#include "engine/pack.h"
#include "engine/ring.h"
#include "engine/threads.h"
#include "image/format.h"

namespace drydock::engine {
namespace {

std::size_t packed_bytes(std::uint64_t chunk) {
  return std::max(codec::zstd_bound(chunk), codec::zero_frame_size(image::kLongestZeroRun));
}

class SavePipeline {
 public:
  SavePipeline(const io::BlockSource& source, const ExtentMap& captured,
               const SaveSettings& settings, image::ImageWriter& writer, Watcher& watcher)
      : source_(source),
        captured_(captured),
        data_(source.data()),
        settings_(settings),
        writer_(writer),
        watcher_(watcher),
        cutter_(captured, source.geometry().bytes, settings.chunk, image::kLongestZeroRun) {}

  Result<Saved> run(const Stop& stop) {
    const std::size_t slots = slots_for(settings_.workers);
    buffers_ = TRY(make_buffers(slots, settings_.chunk, packed_bytes(settings_.chunk)));
    items_.resize(slots);
    for (unsigned i = 0; i < settings_.workers; ++i) zstd_.emplace_back(settings_.level);
    TRY(run_ring(
        slots, settings_.workers,
        {.first = [this](std::uint64_t, std::size_t slot) { return fetch_item(slot); },
         .middle = [this](unsigned worker, std::size_t slot) { return pack_item(worker, slot); },
         .last = [this](std::uint64_t, std::size_t slot) { return store_item(slot); }},
        stop));
    const Digest digest = TRY(writer_.finish({captured_, unreadable_}));
    return Saved{digest, std::move(unreadable_)};
  }

 private:
  struct Item {
    Cut cut;
    ExtentMap unreadable;
    image::FrameEntry entry;
  };

  Result<bool> fetch_item(std::size_t slot) {
    const auto cut = cutter_.next();
    if (!cut) return false;
    Item& item = items_[slot];
    item.cut = *cut;
    item.unreadable = {};
    if (cut->used)
      TRY(fetch(source_, captured_, data_, cut->extent,
                buffers_[slot].raw_first(cut->extent.length), item.unreadable));
    return true;
  }

  Result<void> pack_item(unsigned worker, std::size_t slot) {
    Item& item = items_[slot];
    const std::uint64_t length = item.cut.extent.length;
    const MutableBytes packed = buffers_[slot].packed.bytes();
    item.entry = item.cut.used ? TRY(pack(buffers_[slot].raw_first(length), packed, zstd_[worker]))
                               : pack_zeros(length, packed);
    return {};
  }

  Result<void> store_item(std::size_t slot) {
    const Item& item = items_[slot];
    TRY(writer_.add(buffers_[slot].packed_first(item.entry.packed), item.entry));
    for (const Extent& extent : item.unreadable.extents()) {
      unreadable_.add(extent);
      watcher_.unreadable(extent);
    }
    if (item.cut.used) worked_ += captured_.clipped(item.cut.extent).bytes();
    watcher_.moved(item.cut.extent.end(), worked_, writer_.bytes());
    return {};
  }

  const io::BlockSource& source_;
  const ExtentMap& captured_;
  const ExtentMap data_;
  const SaveSettings settings_;
  image::ImageWriter& writer_;
  Watcher& watcher_;
  Cutter cutter_;
  std::vector<SlotBuffers> buffers_;
  std::vector<Item> items_;
  std::vector<codec::ZstdCompressor> zstd_;
  ExtentMap unreadable_;
  std::uint64_t worked_ = 0;
};

}  // namespace

Result<Saved> save(const io::BlockSource& source, const ExtentMap& captured,
                   const SaveSettings& settings, image::ImageWriter& writer, Watcher& watcher,
                   const Stop& stop) {
  return SavePipeline(source, captured, settings, writer, watcher).run(stop);
}

std::uint64_t save_memory(const SaveSettings& settings, std::uint64_t frames) {
  const std::uint64_t slot = settings.chunk + packed_bytes(settings.chunk);
  const std::uint64_t worker =
      codec::ZstdCompressor::memory(settings.level, settings.chunk) + Threads::kStackBytes;
  // At the end the index stands in memory a second and third time: as the frame and as the table.
  const std::uint64_t entry = 2 * sizeof(image::FrameEntry) + image::kSeekEntry;
  return slots_for(settings.workers) * slot + settings.workers * worker + Threads::kStackBytes +
         frames * entry;
}

}  // namespace drydock::engine
