#include "engine/clone.h"

#include "engine/buffers.h"
#include "engine/cut.h"
#include "engine/fetch.h"
#include "engine/place.h"
#include "engine/ring.h"
#include "engine/threads.h"

namespace drydock::engine {
namespace {

// What a clone and reading it back share: chunks are fetched in order, digested on all cores and
// handed on in order.
class Digesting {
 public:
  struct Item {
    Extent extent;
    ExtentMap unreadable;
    Bytes raw;
    Digest digest;
  };
  using Take = std::function<Result<void>(const Item& item)>;

  Digesting(const io::BlockSource& source, const ExtentMap& copied, std::uint64_t disk_bytes,
            const CloneSettings& settings, Watcher& watcher)
      : source_(source),
        copied_(copied),
        data_(source.data()),
        settings_(settings),
        watcher_(watcher),
        cutter_(copied, disk_bytes, settings.chunk, round_to_chunks(disk_bytes)) {}

  Result<void> run(const Take& take, const Stop& stop) {
    const std::size_t slots = slots_for(settings_.workers);
    buffers_ = TRY(make_buffers(slots, settings_.chunk, 0));
    items_.resize(slots);
    return run_ring(slots, settings_.workers,
                    {.first = [this](std::uint64_t, std::size_t slot) { return fetch_item(slot); },
                     .middle = [this](unsigned, std::size_t slot) -> Result<void> {
                       items_[slot].digest = xxh3_128(items_[slot].raw);
                       return {};
                     },
                     .last = [&](std::uint64_t, std::size_t slot) -> Result<void> {
                       const Item& item = items_[slot];
                       TRY(take(item));
                       for (const Extent& extent : item.unreadable.extents())
                         watcher_.unreadable(extent);
                       worked_ += copied_.clipped(item.extent).bytes();
                       watcher_.moved(item.extent.end(), worked_, worked_);
                       return {};
                     }},
                    stop);
  }

 private:
  std::uint64_t round_to_chunks(std::uint64_t bytes) const {
    return (bytes / settings_.chunk + 1) * settings_.chunk;
  }

  Result<bool> fetch_item(std::size_t slot) {
    auto cut = cutter_.next();
    while (cut && !cut->used) cut = cutter_.next();
    if (!cut) return false;
    Item& item = items_[slot];
    item = {.extent = cut->extent, .unreadable = {}, .raw = {}, .digest = {}};
    const MutableBytes raw = buffers_[slot].raw_first(cut->extent.length);
    TRY(fetch(source_, copied_, data_, cut->extent, raw, item.unreadable));
    item.raw = raw;
    return true;
  }

  const io::BlockSource& source_;
  const ExtentMap& copied_;
  const ExtentMap data_;
  const CloneSettings settings_;
  Watcher& watcher_;
  Cutter cutter_;
  std::vector<SlotBuffers> buffers_;
  std::vector<Item> items_;
  std::uint64_t worked_ = 0;
};

}  // namespace

Result<Cloned> clone(const io::BlockSource& source, const ExtentMap& copied, io::BlockSink& target,
                     const CloneSettings& settings, Watcher& watcher, const Stop& stop) {
  Cloned cloned;
  Digesting chunks(source, copied, source.geometry().bytes, settings, watcher);
  TRY(chunks.run(
      [&](const Digesting::Item& item) -> Result<void> {
        TRY(place(target, copied, item.extent, item.raw));
        for (const Extent& extent : item.unreadable.extents()) cloned.unreadable.add(extent);
        cloned.digests.push_back(item.digest);
        return {};
      },
      stop));
  return cloned;
}

Result<ExtentMap> compare_clone(const io::BlockSource& target, const ExtentMap& copied,
                                std::span<const Digest> digests, std::uint64_t disk_bytes,
                                const CloneSettings& settings, Watcher& watcher, const Stop& stop) {
  ExtentMap different;
  std::size_t next = 0;
  Digesting chunks(target, copied, disk_bytes, settings, watcher);
  TRY(chunks.run(
      [&](const Digesting::Item& item) -> Result<void> {
        const bool known = next < digests.size();
        if (!known || digests[next] != item.digest || !item.unreadable.empty())
          different.add(item.extent);
        ++next;
        return {};
      },
      stop));
  return different;
}

std::uint64_t clone_memory(const CloneSettings& settings, std::uint64_t chunks) {
  return slots_for(settings.workers) * settings.chunk +
         (settings.workers + 1) * Threads::kStackBytes + chunks * sizeof(Digest);
}

}  // namespace drydock::engine
