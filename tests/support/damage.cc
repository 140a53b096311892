#include "support/damage.h"

#include <boost/test/unit_test.hpp>
#include <format>
#include <stdexcept>

#include "fs/driver.h"
#include "io/faulty.h"
#include "io/file_source.h"

namespace drydock::test {

Result<ExtentMap> surveyed_map(const io::BlockSource& volume) {
  Volume found = fs::survey(volume, {});
  if (!found.used_block()) return fail(bad_input({}, found.whole_reason));
  return std::move(found.used);
}

io::MemoryDisk in_memory(const std::filesystem::path& path) {
  auto file = io::open_file_source(path);
  if (!file) throw std::runtime_error(file.error().sentence());
  const auto bytes = io::read_bytes(**file, 0, (*file)->geometry().bytes);
  if (!bytes) throw std::runtime_error(bytes.error().sentence());
  return io::MemoryDisk(*bytes);
}

std::uint64_t survey_unreadable(const io::MemoryDisk& disk, MapReader map,
                                const std::function<bool(std::uint64_t offset)>& chosen) {
  const auto good = map(disk);
  BOOST_TEST_REQUIRE(good.has_value());
  std::uint64_t noticed = 0;
  for (std::uint64_t at = 0; at < disk.geometry().bytes; at += 512) {
    if (!chosen(at) || !good->intersects({at, 512})) continue;
    io::Faults faults;
    faults.unreadable.add({at, 512});
    const auto found = map(io::FaultySource(disk, faults));
    if (!found) ++noticed;
    if (found ? *found != *good : !found.error().what.contains("cannot be read"))
      BOOST_ERROR(std::format("sector {}: {}", at / 512, found ? "" : found.error().what));
  }
  return noticed;
}

void survey_unreadable(const std::filesystem::path& volume, MapReader map) {
  BOOST_TEST(survey_unreadable(in_memory(volume), map, [](std::uint64_t) { return true; }) > 0u);
}

void survey_flipped(const std::filesystem::path& volume, MapReader map, const ExtentMap& where,
                    std::uint64_t step) {
  io::MemoryDisk disk = in_memory(volume);
  const auto good = map(disk);
  BOOST_TEST_REQUIRE(good.has_value());
  std::uint64_t noticed = 0;
  for (const Extent& extent : where.extents()) {
    for (std::uint64_t bit = extent.offset * 8; bit < extent.end() * 8; bit += step) {
      std::byte& byte = disk.content()[bit / 8];
      byte ^= std::byte{1} << (bit % 8);
      const auto found = map(disk);
      byte ^= std::byte{1} << (bit % 8);
      if (!found) ++noticed;
      if (found && !good->subtracted(*found).empty())
        BOOST_ERROR(std::format("bit {} of byte {} frees something", bit % 8, bit / 8));
    }
  }
  BOOST_TEST(noticed > 0u);
}

}  // namespace drydock::test
