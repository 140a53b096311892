#include "engine/save.h"

#include <atomic>
#include <format>
#include <optional>

#include "engine/buffers.h"
#include "engine/cut.h"
#include "engine/fetch.h"
#include "engine/pack.h"
#include "engine/prove.h"
#include "engine/ring.h"
#include "engine/threads.h"
#include "image/format.h"
#include "image/frame_walk.h"

namespace drydock::engine {
namespace {

Error changed(Extent extent) {
  return bad_input("the disk",
                   std::format("bytes {} to {} are not what the earlier run stored of them: it was "
                               "written to since",
                               extent.offset, extent.end()),
                   "Save it under another name. What the earlier run stored is left as it is");
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

  // Before run().
  Result<void> take_up(const io::BlockSource& stored) {
    walk_ =
        TRY(image::FrameWalk::make(stored, writer_.bytes(), image::largest_frame(settings_.chunk)));
    for (unsigned i = 0; i < settings_.workers; ++i) {
      provers_.emplace_back(codec::ZstdDecompressor(codec::ZstdDecompressor::Checksum::compared),
                            TRY(io::AlignedBuffer::make(settings_.chunk)));
    }
    return {};
  }

  Result<Saved> run(const Stop& stop) {
    const std::size_t slots = slots_for(settings_.workers);
    buffers_ = TRY(make_buffers(slots, settings_.chunk, image::largest_frame(settings_.chunk)));
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
    std::size_t stored_bytes = 0;  // of its frame by an earlier run; 0: none
    std::optional<Stored> stored;  // what that turned out to be
  };

  // Of a worker, for what an earlier run has stored.
  struct Prover {
    Prover(codec::ZstdDecompressor decompressor, io::AlignedBuffer buffer)
        : zstd(std::move(decompressor)), scratch(std::move(buffer)) {}
    codec::ZstdDecompressor zstd;
    io::AlignedBuffer scratch;
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
    return load_stored(slot);
  }

  Result<bool> load_stored(std::size_t slot) {
    Item& item = items_[slot];
    item.stored.reset();
    item.stored_bytes = 0;
    if (!walk_ || torn_) return true;
    const auto frame = walk_->next();
    // Behind what is torn the file is being cut off meanwhile.
    if (!frame && torn_) return true;
    if (!frame) return fail(frame.error());
    std::ranges::copy(*frame, buffers_[slot].packed.bytes().begin());
    item.stored_bytes = frame->size();
    return true;
  }

  Result<void> pack_item(unsigned worker, std::size_t slot) {
    Item& item = items_[slot];
    const std::uint64_t length = item.cut.extent.length;
    const MutableBytes packed = buffers_[slot].packed.bytes();
    const Bytes raw = item.cut.used ? buffers_[slot].raw_first(length) : MutableBytes();
    if (item.stored_bytes != 0) {
      Prover& prover = provers_[worker];
      const Proof proof = TRY(
          prove(packed.first(item.stored_bytes), length, raw, prover.scratch.bytes(), prover.zstd));
      item.stored = proof.is;
      item.entry = proof.entry;
      if (proof.is == Stored::same) return {};
      torn_ = true;  // nothing behind it is of use
    }
    item.entry = item.cut.used ? TRY(pack(raw, packed, zstd_[worker])) : pack_zeros(length, packed);
    return {};
  }

  Result<void> store_item(std::size_t slot) {
    const Item& item = items_[slot];
    const bool kept = item.stored && writer_.keeping();
    if (kept && *item.stored == Stored::another) return fail(changed(item.cut.extent));
    if (kept && *item.stored == Stored::same)
      writer_.keep(item.entry);
    else
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
  std::optional<image::FrameWalk> walk_;  // of what an earlier run has stored
  std::vector<Prover> provers_;
  std::atomic<bool> torn_ = false;
  std::vector<SlotBuffers> buffers_;
  std::vector<Item> items_;
  std::vector<codec::ZstdCompressor> zstd_;
  ExtentMap unreadable_;
  std::uint64_t worked_ = 0;
};

}  // namespace

Result<Saved> save(const io::BlockSource& source, const ExtentMap& captured,
                   const SaveSettings& settings, image::ImageWriter& writer, Watcher& watcher,
                   const Stop& stop, const io::BlockSource* stored) {
  SavePipeline pipeline(source, captured, settings, writer, watcher);
  // Otherwise it was another image, and is cut off already.
  if (stored != nullptr && writer.keeping()) TRY(pipeline.take_up(*stored));
  return pipeline.run(stop);
}

std::uint64_t save_memory(const SaveSettings& settings, std::uint64_t frames, bool resumed) {
  const std::uint64_t slot = settings.chunk + image::largest_frame(settings.chunk);
  std::uint64_t worker =
      codec::ZstdCompressor::memory(settings.level, settings.chunk) + Threads::kStackBytes;
  // At the end the index stands in memory a second and third time: as the frame and as the table.
  std::uint64_t entry = 2 * sizeof(image::FrameEntry) + image::kSeekEntry;
  std::uint64_t walk = 0;
  if (resumed) {
    worker += codec::ZstdDecompressor::memory() + settings.chunk;
    walk = image::FrameWalk::memory(image::largest_frame(settings.chunk));
    entry += sizeof(image::FrameEntry);  // a stored index, to be compared
  }
  return slots_for(settings.workers) * slot + settings.workers * worker + Threads::kStackBytes +
         walk + frames * entry;
}

}  // namespace drydock::engine
