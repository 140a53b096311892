// A save that is cut off anywhere, and gone on with: the same image, byte for byte.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "base/checked.h"
#include "engine/save.h"
#include "image/reader.h"
#include "support/image_maker.h"
#include "support/sanitized.h"
#include "support/torn_file.h"

namespace drydock::engine {
namespace {

constexpr std::uint64_t kDiskBytes = 3 * kMiB + 512;
constexpr std::uint64_t kSector = 512;

using Content = std::vector<std::byte>;

struct Resumed {
  Content image;
  std::uint64_t kept = 0;
};

struct SavedDisk {
  SavedDisk() : disk(test::made_disk(kDiskBytes, 7)), captured(test::made_map(kDiskBytes, 7)) {
    test::TornFile file;
    BOOST_REQUIRE(write(file, nullptr, 2).has_value());
    image = file.content();
    ends = file.ends();
  }

  // Gives how much was there already.
  Result<std::uint64_t> write(test::TornFile& file, const io::BlockSource* stored,
                              unsigned workers) const {
    image::ImageWriter writer(file, stored);
    TRY(writer.begin(test::made_manifest(disk, captured, test::kSmallChunk)));
    test::NullWatcher watcher;
    const Stop stop;
    TRY(save(disk, captured, {.chunk = test::kSmallChunk, .level = 1, .workers = workers}, writer,
             watcher, stop, stored));
    return writer.kept_bytes();
  }

  Result<Resumed> resume(const Content& left, unsigned workers) const {
    const io::MemoryDisk stored(left);
    test::TornFile file(left);
    const std::uint64_t kept = TRY(write(file, &stored, workers));
    return Resumed{file.content(), kept};
  }

  Content first(std::uint64_t bytes) const {
    return {image.begin(), image.begin() + static_cast<std::ptrdiff_t>(bytes)};
  }

  // The end of the last frame that is whole in the first `bytes`.
  std::uint64_t whole(std::uint64_t bytes) const {
    const auto above = std::ranges::upper_bound(ends, bytes);
    return above == ends.begin() ? 0 : *(above - 1);
  }

  void check_resumes(const Content& left, std::uint64_t kept, const std::string& what) const {
    for (const unsigned workers : {1U, 4U}) {
      const auto resumed = resume(left, workers);
      if (!resumed) BOOST_FAIL(what << ": " << resumed.error().sentence());
      BOOST_TEST((resumed->image == image), what << ", " << workers << " workers");
      BOOST_TEST(resumed->kept == kept, what << ", " << workers << " workers");
    }
  }

  io::MemoryDisk disk;
  ExtentMap captured;
  Content image;
  std::vector<std::uint64_t> ends;  // of the writes that made the image
};

BOOST_FIXTURE_TEST_SUITE(engine_resume, SavedDisk)

BOOST_AUTO_TEST_CASE(cut_at_every_write) {
  BOOST_REQUIRE_GT(ends.size(), 30U);
  check_resumes({}, 0, "nothing");
  for (const std::uint64_t end : ends) {
    test::TornFile file({}, end);
    const auto saved = write(file, nullptr, 2);
    BOOST_TEST(saved.has_value() == (end == image.size()));
    BOOST_REQUIRE((file.content() == first(end)));
    check_resumes(first(end), end, "cut after " + std::to_string(end));
  }
}

// A write that did not come to its end leaves some of its first sectors, perhaps in a file that is
// as long as if it had.
BOOST_AUTO_TEST_CASE(cut_within_every_write) {
  std::uint64_t begin = 0;
  for (const std::uint64_t end : ends) {
    const std::uint64_t middle = round_down(begin + (end - begin) / 2, kSector);
    for (const std::uint64_t cut : {round_down(begin, kSector) + kSector, middle}) {
      if (cut <= begin || cut >= end) continue;
      const std::string what = "torn at " + std::to_string(cut);
      check_resumes(first(cut), whole(cut), what);
      Content zeros_behind = first(cut);
      zeros_behind.resize(end);
      // A frame may end in zeros of its own.
      if (zeros_behind != first(end)) check_resumes(zeros_behind, begin, what + ", zeros behind");
    }
    begin = end;
  }
}

// Sectors reach a disk in any order: some of the last ones are missing, later ones are there.
BOOST_AUTO_TEST_CASE(sectors_lost_anywhere_behind_the_manifest) {
  std::mt19937_64 random(5);
  const std::uint64_t first_sector = round_up(ends[0], kSector);
  for (int i = 0; i < (test::kSanitized ? 15 : 60); ++i) {
    const std::uint64_t length = ends[0] + 1 + random() % (image.size() - ends[0]);
    Content left = first(length);
    for (int lost = 0; lost < 3; ++lost) {
      const std::uint64_t at =
          first_sector + round_down<std::uint64_t>(random() % image.size(), kSector);
      if (at >= length) continue;
      const std::uint64_t bytes = std::min(kSector, length - at);
      std::fill_n(left.begin() + static_cast<std::ptrdiff_t>(at), bytes, std::byte{0});
    }
    const auto gone = std::ranges::mismatch(left, image).in1 - left.begin();
    check_resumes(left, whole(static_cast<std::uint64_t>(gone)), "case " + std::to_string(i));
  }
}

BOOST_AUTO_TEST_CASE(garbage_behind_the_end_is_cut_off) {
  Content left = image;
  left.resize(left.size() + 5000, std::byte{0x28});
  check_resumes(left, image.size(), "behind the whole");
  left = first(ends[10]);
  left.resize(left.size() + 5000, std::byte{0x28});
  check_resumes(left, ends[10], "behind a frame");
}

BOOST_AUTO_TEST_CASE(nothing_is_written_to_what_is_whole) {
  const io::MemoryDisk stored(image);
  test::TornFile file(image, 0);
  const auto kept = write(file, &stored, 2);
  BOOST_REQUIRE(kept.has_value());
  BOOST_TEST(*kept == image.size());
  BOOST_TEST(file.cuts().empty());
}

BOOST_AUTO_TEST_CASE(a_disk_that_was_written_to_since_is_refused_and_nothing_is_changed) {
  const Content left = first(ends[ends.size() / 2]);
  for (const Extent& extent : {captured.extents()[0], captured.extents()[1]}) {
    disk.content()[extent.offset + 5] ^= std::byte{1};
    for (const unsigned workers : {1U, 4U}) {
      const io::MemoryDisk stored(left);
      test::TornFile file(left);
      const auto written = write(file, &stored, workers);
      BOOST_REQUIRE(!written.has_value());
      BOOST_TEST((written.error().code == Code::bad_input));
      BOOST_TEST(written.error().what.contains("written to since"));
      BOOST_TEST((file.content() == left));
    }
    disk.content()[extent.offset + 5] ^= std::byte{1};
  }
}

BOOST_AUTO_TEST_CASE(a_change_behind_what_is_stored_is_none) {
  const std::uint64_t last = captured.extents().back().offset;
  const Content left = first(ends[5]);
  disk.content()[last] ^= std::byte{1};
  const auto resumed = resume(left, 2);
  BOOST_REQUIRE(resumed.has_value());
  test::TornFile file;
  BOOST_REQUIRE(write(file, nullptr, 1).has_value());
  BOOST_TEST((resumed->image == file.content()));
}

BOOST_AUTO_TEST_CASE(memory_for_it_is_counted) {
  const SaveSettings settings{.chunk = 2 * kMiB, .level = 3, .workers = 2};
  BOOST_TEST(save_memory(settings, 1000, true) >= save_memory(settings, 1000) + 2 * 2 * kMiB);
  BOOST_TEST(save_memory(settings, 1000, true) <= 64 * kMiB);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::engine
