// The native image as a whole: written by the save pipeline, read back by every reader.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "engine/restore.h"
#include "image/format.h"
#include "image/image_source.h"
#include "image/trailer.h"
#include "support/image_maker.h"

namespace drydock::image {
namespace {

constexpr std::uint64_t kBytes = 3 * 1024 * 1024 + 512;

struct Saved {
  Saved() : disk(test::made_disk(kBytes, 7)), captured(test::made_map(kBytes, 7)) {
    image = test::made_image(disk, captured);
  }

  // The disk as the image must give it: zeros where nothing was captured.
  std::vector<std::byte> expected() const {
    std::vector<std::byte> bytes(kBytes);
    for (const Extent& extent : captured.extents())
      std::ranges::copy(disk.content().subspan(extent.offset, extent.length),
                        bytes.begin() + static_cast<std::ptrdiff_t>(extent.offset));
    return bytes;
  }

  io::MemoryDisk disk;
  ExtentMap captured;
  std::vector<std::byte> image;
  test::NullWatcher watcher;
  const Stop stop;
};

// What verify finds wrong: a sentence, or nothing.
std::string verdict(const std::vector<std::byte>& image) {
  const io::MemoryDisk file(image);
  const auto reader = ImageReader::open(file);
  if (!reader) return reader.error().sentence();
  if (!reader->flaws().empty()) return reader->flaws()[0];
  test::NullWatcher watcher;
  const Stop stop;
  const auto bad = engine::verify(*reader, 2, watcher, stop);
  if (!bad) return bad.error().sentence();
  return bad->empty() ? "" : (*bad)[0].what;
}

BOOST_AUTO_TEST_SUITE(image_native)

BOOST_FIXTURE_TEST_CASE(reads_as_the_disk_it_was_made_of, Saved) {
  const io::MemoryDisk file(image);
  const auto reader = ImageReader::open(file);
  BOOST_REQUIRE(reader.has_value());
  BOOST_TEST(reader->flaws().empty());
  BOOST_TEST((reader->manifest() == test::made_manifest(disk, captured, test::kSmallChunk)));
  BOOST_TEST((reader->maps().captured == captured));
  const ImageSource source(*reader);
  std::vector<std::byte> whole(kBytes);
  BOOST_REQUIRE(source.read_at(0, whole).has_value());
  BOOST_TEST((whole == expected()));
  std::mt19937_64 random(3);
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t offset = random() % kBytes;
    std::vector<std::byte> part(random() % std::min<std::uint64_t>(kBytes - offset, 200'000));
    BOOST_REQUIRE(source.read_at(offset, part).has_value());
    BOOST_TEST(std::ranges::equal(part, Bytes(whole).subspan(offset, part.size())));
  }
  BOOST_TEST(!source.read_at(kBytes, MutableBytes(whole).first(1)).has_value());
}

BOOST_FIXTURE_TEST_CASE(restores_only_what_was_captured, Saved) {
  const io::MemoryDisk file(image);
  const auto reader = ImageReader::open(file);
  BOOST_REQUIRE(reader.has_value());
  io::MemoryDisk target(std::vector<std::byte>(kBytes, std::byte{0xA5}));
  BOOST_REQUIRE(engine::restore(*reader, target, 2, watcher, stop).has_value());
  for (std::uint64_t i = 0; i < kBytes; ++i) {
    const std::byte wanted = captured.contains({i, 1}) ? disk.content()[i] : std::byte{0xA5};
    if (target.content()[i] != wanted) BOOST_FAIL("byte " << i << " is wrong");
  }
  const auto same = engine::compare(*reader, target, {}, 2, watcher, stop);
  BOOST_REQUIRE(same.has_value());
  BOOST_TEST(same->empty());
  const std::uint64_t victim = captured.extents()[3].offset;
  target.content()[victim] ^= std::byte{1};
  const auto different = engine::compare(*reader, target, {}, 2, watcher, stop);
  BOOST_REQUIRE(different.has_value());
  BOOST_TEST(different->contains({victim, 1}));
  BOOST_TEST(different->extents().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(promise_6_deterministic, Saved) {
  for (const unsigned workers : {1U, 3U, 64U})
    BOOST_TEST((test::made_image(disk, captured, workers) == image), workers << " workers");
}

BOOST_FIXTURE_TEST_CASE(every_kind_of_flipped_bit_is_noticed, Saved) {
  BOOST_TEST(verdict(image) == "");
  // All bits of the parts that are not data, and a sample of the data.
  std::vector<std::size_t> bits;
  const io::MemoryDisk file(image);
  const auto trailer = locate_trailer(file);
  BOOST_REQUIRE(trailer.has_value());
  std::mt19937_64 random(11);
  for (int i = 0; i < 1500; ++i) bits.push_back(random() % (image.size() * 8));
  for (std::size_t bit = (image.size() - 64) * 8; bit < image.size() * 8; ++bit)
    bits.push_back(bit);
  for (std::size_t bit = 0; bit < 48 * 8; ++bit) bits.push_back(bit);
  for (int i = 0; i < 300; ++i)
    bits.push_back(trailer->maps.offset * 8 +
                   random() % ((image.size() - trailer->maps.offset) * 8));
  for (const std::size_t bit : bits) {
    image[bit / 8] ^= std::byte{1} << (bit % 8);
    if (verdict(image).empty()) BOOST_ERROR("bit " << bit << " was flipped unnoticed");
    image[bit / 8] ^= std::byte{1} << (bit % 8);
  }
}

BOOST_FIXTURE_TEST_CASE(a_truncated_image_is_refused_as_incomplete, Saved) {
  const io::MemoryDisk file(image);
  const auto trailer = locate_trailer(file);
  BOOST_REQUIRE(trailer.has_value());
  std::mt19937_64 random(5);
  for (int i = 0; i < 100; ++i) {
    auto cut = image;
    cut.resize(random() % image.size());
    BOOST_TEST(!verdict(cut).empty(), "cut to " << cut.size());
    const io::MemoryDisk short_file(cut);
    const auto reader = ImageReader::open(short_file);
    if (cut.size() < trailer->index.end()) BOOST_TEST(!reader.has_value());
  }
}

BOOST_FIXTURE_TEST_CASE(a_damaged_seek_table_is_told_and_does_not_matter, Saved) {
  for (const std::size_t from_end : {1UL, 9UL, 20UL}) {
    auto hurt = image;
    hurt[hurt.size() - from_end] ^= std::byte{0xFF};
    const io::MemoryDisk file(hurt);
    const auto reader = ImageReader::open(file);
    BOOST_REQUIRE(reader.has_value());
    BOOST_TEST(reader->flaws().size() == 1U);
    const auto bad = engine::verify(*reader, 2, watcher, stop);
    BOOST_REQUIRE(bad.has_value());
    BOOST_TEST(bad->empty());
  }
}

BOOST_FIXTURE_TEST_CASE(damage_is_blamed_on_its_own_chunk, Saved) {
  const io::MemoryDisk file(image);
  const auto reader = ImageReader::open(file);
  BOOST_REQUIRE(reader.has_value());
  const std::size_t frame = reader->frame_at(captured.extents()[5].offset);
  auto hurt = image;
  hurt[reader->location(frame).file + 12] ^= std::byte{4};
  const io::MemoryDisk hurt_file(hurt);
  const auto hurt_reader = ImageReader::open(hurt_file);
  BOOST_REQUIRE(hurt_reader.has_value());
  const auto bad = engine::verify(*hurt_reader, 2, watcher, stop);
  BOOST_REQUIRE(bad.has_value());
  BOOST_REQUIRE(bad->size() == 1U);
  BOOST_TEST((*bad)[0].disk.offset == reader->location(frame).disk);
  io::MemoryDisk target(kBytes);
  const auto restored = engine::restore(*hurt_reader, target, 2, watcher, stop);
  BOOST_REQUIRE(!restored);
  BOOST_TEST((restored.error().code == Code::bad_input));
}

BOOST_AUTO_TEST_CASE(foreign_files_are_named) {
  const io::MemoryDisk empty(0);
  BOOST_TEST(ImageReader::open(empty).error().what == "is not a Drydock image");
  const io::MemoryDisk zeros(10'000);
  BOOST_TEST((ImageReader::open(zeros).error().code == Code::bad_input));
  std::vector<std::byte> plain(100);
  store_le<std::uint32_t>(plain.data(), kZstdMagic);
  const io::MemoryDisk zstd(plain);
  BOOST_TEST(ImageReader::open(zstd).error().what ==
             "is a zstd file, but not an image that Drydock made");
}

BOOST_FIXTURE_TEST_CASE(frames_can_be_walked_without_any_table, Saved) {
  const io::MemoryDisk file(image);
  const auto by_table = locate_trailer(file);
  const auto by_walk = scan_for_trailer(file);
  BOOST_REQUIRE(by_table.has_value());
  BOOST_REQUIRE(by_walk.has_value());
  BOOST_TEST((by_table->index == by_walk->index));
  BOOST_TEST((by_table->maps == by_walk->maps));
  BOOST_TEST((by_table->table == by_walk->table));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::image
