// What is left of an image that is cut off or damaged: nothing that is given back is wrong.
#include "image/salvage.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "engine/restore.h"
#include "image/trailer.h"
#include "support/image_maker.h"
#include "support/sanitized.h"

namespace drydock::image {
namespace {

constexpr std::uint64_t kSavedBytes = 3 * kMiB + 512;
constexpr std::byte kOld{0xA5};

struct Remains {
  ExtentMap lost;
  std::vector<std::string> flaws;
  bool usable = false;
};

struct Damaged {
  Damaged() : disk(test::made_disk(kSavedBytes, 21)), captured(test::made_map(kSavedBytes, 21)) {
    image = test::made_image(disk, captured);
    const io::MemoryDisk file(image);
    trailer = *locate_trailer(file);
  }

  // Restores what is left and compares it: every captured byte that is not told to be lost.
  Remains salvage(const std::vector<std::byte>& hurt) {
    const io::MemoryDisk file(hurt);
    const auto reader = ImageReader::salvage(file);
    if (!reader) return {};
    Remains remains{.lost = {}, .flaws = reader->flaws(), .usable = true};
    io::MemoryDisk target(std::vector<std::byte>(kSavedBytes, kOld));
    const auto done = engine::restore(*reader, target, 2, watcher, stop, &remains.lost);
    BOOST_REQUIRE_MESSAGE(done, (done ? "" : done.error().sentence()));
    for (const Extent& extent : captured.subtracted(remains.lost).extents())
      BOOST_TEST(std::ranges::equal(target.content().subspan(extent.offset, extent.length),
                                    disk.content().subspan(extent.offset, extent.length)),
                 "bytes " << extent.offset << " to " << extent.end());
    for (const Extent& extent : remains.lost.extents())
      BOOST_TEST(all_zero(target.content().subspan(extent.offset, extent.length)));
    const auto same = engine::compare(*reader, target, remains.lost, 2, watcher, stop);
    BOOST_REQUIRE(same.has_value());
    BOOST_TEST(same->empty());
    return remains;
  }

  std::vector<std::byte> flipped(std::uint64_t at) const {
    auto hurt = image;
    hurt[at] ^= std::byte{0x10};
    return hurt;
  }

  io::MemoryDisk disk;
  ExtentMap captured;
  std::vector<std::byte> image;
  Trailer trailer;
  test::NullWatcher watcher;
  const Stop stop;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(image_salvage, Damaged)

BOOST_AUTO_TEST_CASE(of_a_whole_image_nothing_is_lost) {
  const Remains remains = salvage(image);
  BOOST_TEST(remains.usable);
  BOOST_TEST(remains.lost.empty());
  BOOST_TEST(remains.flaws.empty());
}

BOOST_AUTO_TEST_CASE(without_index_or_maps_all_data_is_there) {
  for (const std::uint64_t at : {trailer.index.offset + 30, trailer.maps.offset + 30}) {
    const Remains remains = salvage(flipped(at));
    BOOST_TEST(remains.usable);
    BOOST_TEST(remains.lost.empty());
    BOOST_TEST(remains.flaws.size() == 1U);
  }
  auto cut = image;
  cut.resize(trailer.maps.offset);
  BOOST_TEST(salvage(cut).usable);
  BOOST_TEST(salvage(cut).lost.empty());
}

BOOST_AUTO_TEST_CASE(a_damaged_chunk_alone_is_lost) {
  const io::MemoryDisk file(image);
  const auto reader = ImageReader::open(file);
  BOOST_REQUIRE(reader.has_value());
  const std::size_t frame =
      reader->frame_at(captured.extents()[captured.extents().size() / 2].offset);
  const Extent chunk{reader->location(frame).disk, reader->index()[frame].raw};
  const std::uint64_t last_byte = reader->location(frame).file + reader->index()[frame].packed - 1;
  const Remains remains = salvage(flipped(last_byte));  // of its checksum
  BOOST_TEST((remains.lost == captured.clipped(chunk)));

  // The same without an index: the frame is still found, and those behind it.
  auto hurt = flipped(last_byte);
  hurt.resize(trailer.maps.offset);
  const Remains walked = salvage(hurt);
  BOOST_TEST((walked.lost == ExtentMap::from({chunk})));
}

BOOST_AUTO_TEST_CASE(cut_anywhere_gives_what_stands_before) {
  std::mt19937_64 random(31);
  const io::MemoryDisk file(image);
  const auto reader = ImageReader::open(file);
  BOOST_REQUIRE(reader.has_value());
  for (int i = 0; i < (test::kSanitized ? 10 : 60); ++i) {
    auto cut = image;
    cut.resize(random() % trailer.maps.offset);
    const Remains remains = salvage(cut);
    if (!remains.usable) {
      BOOST_TEST(cut.size() < reader->location(0).file);
      continue;
    }
    std::uint64_t whole = 0;
    for (std::size_t frame = 0; frame < reader->index().size(); ++frame) {
      const Location at = reader->location(frame);
      if (at.file + reader->index()[frame].packed <= cut.size())
        whole = at.disk + reader->index()[frame].raw;
    }
    BOOST_TEST((remains.lost == ExtentMap::from({{whole, kSavedBytes - whole}})),
               "cut to " << cut.size());
  }
}

BOOST_AUTO_TEST_CASE(whatever_is_damaged_nothing_wrong_is_given_back) {
  std::mt19937_64 random(32);
  std::uint64_t usable = 0;
  for (int i = 0; i < (test::kSanitized ? 20 : 120); ++i) {
    auto hurt = image;
    if (i % 2 == 0) hurt.resize(hurt.size() - random() % (hurt.size() - trailer.maps.offset));
    for (int flips = 1 + i % 3; flips > 0; --flips)
      hurt[random() % hurt.size()] ^= std::byte{1} << (random() % 8);
    if (salvage(hurt).usable) ++usable;
  }
  BOOST_TEST(usable > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::image
