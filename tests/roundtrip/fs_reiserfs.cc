// ReiserFS against reiserfsprogs and the kernel of the ISO. Debian's partclone is built without it,
// so there is nobody else to compare with; and Linux 6.12 cannot use 3.5, whose small folders it
// takes for damage (its reiserfs-5093), so only 3.6 is filled.
#include <boost/test/unit_test.hpp>
#include <format>

#include "base/text.h"
#include "fs/driver.h"
#include "io/memory_disk.h"
#include "support/damage.h"
#include "support/file_tree.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/guest_kernel.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kSuper = 64 * 1024;

struct Recipe {
  std::string name;
  std::vector<std::string> options;
  std::uint64_t size = 120 * kMiB + 512;  // something lies behind the last block
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"3.6", {}},
      {"3.6, 1K blocks", {"-b", "1024"}},
      {"3.6, 2K blocks", {"-b", "2048"}},
      {"3.6, short journal", {"-s", "1024", "-t", "512"}},
      {"3.6, tea", {"-h", "tea"}},
      {"3.6, several bitmaps", {}, 400 * kMiB},
      {"3.6, small", {"-b", "1024", "-s", "2049", "-t", "512"}, 24 * kMiB},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  return missing_programs({"mkreiserfs", "debugreiserfs", "reiserfsck"});
}

void make_reiserfs(const stdfs::path& volume, std::uint64_t size,
                   const std::vector<std::string>& options) {
  format_volume(volume, size, {"mkreiserfs", "-q", "-f", "-f", "-l", "drydock"}, options);
}

// "#1: block 32768: Busy (32768-32770) Free(32771-…": what is not free of all that the bitmaps
// stand for, and everything behind the last block.
ExtentMap debugreiserfs_used(const stdfs::path& volume, const VolumeInfo& info) {
  std::vector<Extent> free;
  for (const std::string_view line :
       split(must_run({.argv = {"debugreiserfs", "-m", volume}}), '\n')) {
    if (!line.starts_with("#")) continue;
    for (std::size_t at = line.find("Free"); at != std::string_view::npos;
         at = line.find("Free", at + 1)) {
      const std::string_view range = line.substr(line.find('(', at) + 1);
      const std::uint64_t first = leading_number(range);
      const std::string_view part = range.substr(0, range.find(')'));
      const std::size_t dash = part.find('-');
      const std::uint64_t last =
          dash == std::string_view::npos ? first : leading_number(part.substr(dash + 1));
      free.push_back({first * info.cluster, (last - first + 1) * info.cluster});
    }
  }
  const std::uint64_t size = stdfs::file_size(volume);
  return ExtentMap::from(free).clipped({0, info.total}).complement(size);
}

void check_map(const stdfs::path& volume, const Volume& found) {
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST(found.info.filesystem == "ReiserFS");
  BOOST_TEST((found.info.state == VolumeState::clean));
  const ExtentMap theirs = debugreiserfs_used(volume, found.info);
  BOOST_TEST((found.used == theirs), difference(found.used, theirs));
  BOOST_TEST_MESSAGE("used map " << found.used.bytes());
}

// Every used block outside the places that all volumes have is known to the walk through the tree:
// where the bitmap calls it free, and the count with it, that is noticed.
void check_every_block_is_known(io::MemoryDisk& disk, std::uint32_t block) {
  const Volume good = fs::survey(disk, {});
  const std::uint64_t bitmap = kSuper + block;
  std::byte* const count = disk.content().data() + kSuper + 4;
  const auto free = load_le<std::uint32_t>(count);
  store_le(count, free + 1);
  unsigned known = 0;
  for (std::uint64_t number = 0; number < std::uint64_t{block} * 8; ++number) {
    if (!good.used.contains({number * block, block})) continue;
    std::byte& bits = disk.content()[bitmap + number / 8];
    const std::byte was = bits;
    bits &= ~(std::byte{1} << number % 8);
    BOOST_TEST(fs::survey(disk, {}).whole_reason.contains("free"), number);
    bits = was;
    ++known;
  }
  store_le(count, free);
  BOOST_TEST(known > 1500u);
}

// No flipped bit of the superblock, the first bitmap or the tree leads to a map that lacks a block,
// but for the one that a bit of a bitmap stands for, where no count tells.
void check_flips(io::MemoryDisk& disk, std::uint32_t block) {
  const ExtentMap good = fs::survey(disk, {}).used;
  for (std::uint64_t at = kSuper; at < kSuper + 2 * block; ++at) {
    std::byte& byte = disk.content()[at];
    const std::byte was = byte;
    byte ^= std::byte{1} << at % 8;
    BOOST_TEST(good.subtracted(fs::survey(disk, {}).used).empty(), at);
    byte = was;
  }
}

void power_cut(GuestKernel& guest, std::size_t volume) {
  const std::string device = GuestKernel::device(volume);
  guest.run("blockdev --setrw " + device);
  guest.run(
      std::format("mkdir -p /cut; mount -t reiserfs {} /cut; cp -r /bin /cut/; sync", device));
}

// The superblock says that it was unmounted, which only the journal knows better.
void pretend_unmounted(const stdfs::path& volume) {
  write_range(volume, kSuper + 50, std::string("\1\0", 2));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_reiserfs)

BOOST_AUTO_TEST_CASE(maps_what_its_bitmaps_call_used_and_restores_from_it) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  const TempDir dir;
  const std::size_t count = recipes().size();
  std::vector<stdfs::path> volumes;
  for (const Recipe& recipe : recipes()) {
    volumes.push_back(dir / std::format("volume {}", volumes.size()));
    make_reiserfs(volumes.back(), recipe.size, recipe.options);
  }
  for (std::size_t i = 0; i < count; ++i) {
    volumes.push_back(dir / std::format("copy {}", i));
    make_sparse(volumes.back(), recipes()[i].size);
  }
  volumes.push_back(dir / "cut");
  make_reiserfs(volumes.back(), 100 * kMiB, {});
  {
    GuestKernel guest("fs-reiserfs", volumes);
    for (std::size_t i = 0; i < count; ++i) {
      BOOST_TEST_CONTEXT(recipes()[i].name) {
        const std::string_view options = "user_xattr";
        guest.fill(i, "reiserfs", options, 1 + static_cast<unsigned>(i));
        const Volume found = survey_volume(volumes[i]);
        check_map(volumes[i], found);
        restore_onto_noise(volumes[i], found.used, volumes[count + i]);
        const FileTree before = guest.tree(i, "reiserfs", options);
        const FileTree after = guest.tree(count + i, "reiserfs", options);
        BOOST_TEST(difference(after, before) == "same");
      }
    }
    power_cut(guest, 2 * count);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Outcome check =
        run({.argv = {"reiserfsck", "--check", "--yes", "--quiet", volumes[count + i]}});
    BOOST_TEST(check.ok(), recipes()[i].name + ": " + check.out + check.describe());
  }

  // Where the power failed, and where the superblock hides it.
  const Volume cut = survey_volume(dir / "cut");
  BOOST_TEST(cut.whole_reason.contains("not unmounted cleanly"), cut.whole_reason);
  BOOST_TEST((cut.info.state == VolumeState::dirty));
  pretend_unmounted(dir / "cut");
  const Volume hidden = survey_volume(dir / "cut");
  BOOST_TEST(hidden.whole_reason.contains("journal has not been replayed"), hidden.whole_reason);

  io::MemoryDisk small = in_memory(volumes[count - 1]);
  const auto of_each_block = [](std::uint64_t at) { return at % 1024 == 0; };
  BOOST_TEST(survey_unreadable(small, surveyed_map, of_each_block) > 500u);
  check_flips(small, 1024);
  check_every_block_is_known(small, 1024);
}

BOOST_AUTO_TEST_CASE(maps_new_volumes_and_says_why_it_refuses) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  const auto reason = [&] { return survey_volume(volume).whole_reason; };
  // A journal of another size than usual makes the version in the superblock count.
  const auto with = [&](std::uint64_t at, std::string_view bytes) {
    make_reiserfs(volume, 100 * kMiB, {"-s", "1024", "-t", "512"});
    write_range(volume, kSuper + at, bytes);
    return reason();
  };
  make_reiserfs(volume, 100 * kMiB, {});
  BOOST_TEST(reason() == "");
  BOOST_TEST(
      (survey_volume(volume).used == debugreiserfs_used(volume, survey_volume(volume).info)));

  using namespace std::string_view_literals;
  BOOST_TEST(with(4, "\1\0\0\0"sv).contains("counts 1 free blocks but its bitmaps have"));
  BOOST_TEST(with(16, "\1\0\0\0"sv).contains("journal is on another device"));
  BOOST_TEST(with(50, "\2\0"sv).contains("not unmounted cleanly"));
  BOOST_TEST(with(62, "\1\0"sv).contains("reiserfsck"));
  BOOST_TEST(with(72, "\7\0"sv).contains("version 7"));
  BOOST_TEST(with(80, "\2\0\0\0"sv).contains("flags that Drydock does not know"));

  make_reiserfs(volume, 100 * kMiB, {});
  stdfs::resize_file(volume, 99 * kMiB);
  BOOST_TEST(reason().contains("more than the volume"), reason());

  make_sparse(dir / "journal", 64 * kMiB);
  make_sparse(volume, 100 * kMiB);
  const Outcome apart =
      run({.argv = {"mkreiserfs", "-q", "-f", "-f", "-j", dir / "journal", volume}});
  if (apart.ok()) BOOST_TEST(reason().contains("journal"), reason());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
