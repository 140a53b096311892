#include "support/image_maker.h"

#include <random>
#include <stdexcept>

#include "base/checked.h"
#include "image/manifest_json.h"

namespace drydock::test {

io::MemoryDisk made_disk(std::uint64_t bytes, std::uint32_t seed) {
  io::MemoryDisk disk(bytes);
  std::mt19937 random(seed);
  const MutableBytes content = disk.content();
  for (std::uint64_t at = 0; at < bytes;) {
    const std::uint64_t end = std::min<std::uint64_t>(bytes, at + 4096 + random() % 100'000);
    const unsigned kind = random() % 3;
    for (; at < end; ++at) {
      if (kind == 0) content[at] = static_cast<std::byte>(random());
      if (kind == 1) content[at] = static_cast<std::byte>('a' + at % 7);
    }
  }
  return disk;
}

ExtentMap made_map(std::uint64_t bytes, std::uint32_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Extent> extents;
  for (int i = 0; i < 12; ++i) {
    const std::uint64_t offset = round_down<std::uint64_t>(random() % bytes, 512);
    const std::uint64_t length = round_up<std::uint64_t>(1 + random() % (bytes / 16), 512);
    extents.push_back({offset, std::min(length, bytes - offset)});
  }
  return ExtentMap::from(extents);
}

Manifest made_manifest(const io::BlockSource& disk, const ExtentMap& captured,
                       std::uint64_t chunk_bytes) {
  Manifest manifest{.version = 1,
                    .image_id = {},
                    .created = "2026-11-25T08:15:00Z",
                    .tool = "a test",
                    .note = "a note",
                    .geometry = disk.geometry(),
                    .id = {"Model", "Serial", "", "memory"},
                    .table = TableKind::none,
                    .table_id = {},
                    .volumes = {},
                    .chunk_bytes = chunk_bytes,
                    .kept_bytes = captured.bytes(),
                    .level = 1};
  manifest.image_id = image::image_id_of(manifest);
  return manifest;
}

std::vector<std::byte> made_image(const io::BlockSource& disk, const ExtentMap& captured,
                                  unsigned workers) {
  io::MemorySink sink;
  image::ImageWriter writer(sink);
  NullWatcher watcher;
  const Stop stop;
  const auto begun = writer.begin(made_manifest(disk, captured, kSmallChunk));
  if (!begun) throw std::runtime_error(begun.error().sentence());
  const auto saved =
      engine::save(disk, captured, {.chunk = kSmallChunk, .level = 1, .workers = workers}, writer,
                   watcher, stop);
  if (!saved) throw std::runtime_error(saved.error().sentence());
  return sink.content();
}

}  // namespace drydock::test
