// A used system through the program as it was built: saved, unpacked by zstd, restored, looked at
// by the filesystems' own tools.
#include <boost/test/unit_test.hpp>

#include "support/disk_image.h"
#include "support/file_tree.h"
#include "support/fs_oracle.h"
#include "support/imager.h"
#include "support/skip.h"
#include "support/temp_dir.h"
#include "support/used_system.h"

namespace drydock::test {
namespace {

std::optional<std::string> missing_tool() {
  return missing_programs({"mkfs.vfat", "mkfs.ext4", "debugfs", "e2fsck", "fsck.vfat", "mkswap",
                           "sfdisk", "sgdisk", "mcopy", "zstd"});
}

struct Saved {
  Saved() : system(make_used_system(folder.path())), image(folder / "pc.img.zst") {
    outcome = imager({"save", system.disk, image});
  }

  // All that must be the same on a copy: what tables and filesystems use, and the gap.
  std::vector<Range> used() const {
    std::vector<Range> ranges = gpt_areas(system.disk);
    const auto add = [&ranges](const std::vector<Range>& more) {
      ranges.insert(ranges.end(), more.begin(), more.end());
    };
    add(fat32_used(system.disk, system.esp));
    add(ext_used(system.disk, system.root));
    add(swap_used(system.swap));
    const std::uint64_t gap = system.swap.offset + system.swap.size;
    add({{gap, 95 * 1024 * 1024 - gap}});
    return ranges;
  }

  void check_filesystems(const std::filesystem::path& disk) const {
    write_file(folder / "part", read_range(disk, system.root.offset, system.root.size));
    BOOST_TEST(run({.argv = {"e2fsck", "-fn", folder / "part"}}).ok());
    write_file(folder / "part", read_range(disk, system.esp.offset, system.esp.size));
    BOOST_TEST(run({.argv = {"fsck.vfat", "-n", folder / "part"}}).ok());
    BOOST_TEST(difference(fat_tree(system.disk, system.esp), fat_tree(disk, system.esp)) == "same");
    if (!why_no_mount())
      BOOST_TEST(difference(ext_tree(system.disk, system.root), ext_tree(disk, system.root)) ==
                 "same");
  }

  TempDir folder;
  UsedSystem system;
  std::filesystem::path image;
  Outcome outcome;
};

BOOST_AUTO_TEST_SUITE(save_restore)

BOOST_AUTO_TEST_CASE(promise_2_an_image_is_ordinary) {
  if (const auto why = missing_tool()) return skip(*why);
  const Saved saved;
  BOOST_REQUIRE_MESSAGE(saved.outcome.ok(), saved.outcome.describe());
  const auto raw = saved.folder / "raw.img";
  must_run({.argv = {"zstd", "-dq", "--sparse", saved.image, "-o", raw}});
  BOOST_TEST(std::filesystem::file_size(raw) == saved.system.bytes);
  const auto used = saved.used();
  BOOST_TEST(sha256(raw, used) == sha256(saved.system.disk, used));
  saved.check_filesystems(raw);
  // What was freed is not in it: the image is about what is in use.
  BOOST_TEST(std::filesystem::file_size(saved.image) < 16U * 1024 * 1024);
  BOOST_TEST(imager({"verify", saved.image}).status == 0);
}

BOOST_AUTO_TEST_CASE(restores_to_a_file_that_is_the_unpacked_image) {
  if (const auto why = missing_tool()) return skip(*why);
  const Saved saved;
  BOOST_REQUIRE_MESSAGE(saved.outcome.ok(), saved.outcome.describe());
  const auto raw = saved.folder / "raw.img";
  const auto copy = saved.folder / "copy.img";
  must_run({.argv = {"zstd", "-dq", saved.image, "-o", raw}});
  const Outcome restored = imager({"restore", saved.image, copy, "--yes", "--verify"});
  BOOST_TEST(restored.ok(), restored.describe());
  BOOST_TEST(same_contents(raw, copy));
  BOOST_TEST(allocated(copy) < saved.system.bytes / 2);
}

BOOST_AUTO_TEST_CASE(promise_6_deterministic_at_1_and_64_threads) {
  if (const auto why = missing_tool()) return skip(*why);
  const Saved saved;
  for (const char* threads : {"1", "64"}) {
    const auto again = saved.folder / (std::string("again-") + threads);
    const Outcome outcome = imager({"save", saved.system.disk, again, "--threads", threads});
    BOOST_TEST(outcome.ok(), outcome.describe());
    BOOST_TEST(same_contents(saved.image, again));
  }
}

BOOST_AUTO_TEST_CASE(a_larger_target_gets_its_backup_table_at_its_end) {
  if (const auto why = missing_tool()) return skip(*why);
  const Saved saved;
  const auto larger = saved.folder / "larger.img";
  make_sparse(larger, saved.system.bytes + 32 * 1024 * 1024);
  const Outcome restored = imager({"restore", saved.image, larger, "--yes", "--verify"});
  BOOST_TEST(restored.ok(), restored.describe());
  const Outcome checked = run({.argv = {"sgdisk", "-v", larger}});
  BOOST_TEST(checked.out.find("No problems found") != std::string::npos, checked.out);
  saved.check_filesystems(larger);
}

// Onto noise: only what is in use may come from the source, and all of it.
BOOST_AUTO_TEST_CASE(a_clone_is_what_an_image_would_have_restored) {
  if (const auto why = missing_tool()) return skip(*why);
  const Saved saved;
  for (const std::uint64_t more : {std::uint64_t{0}, std::uint64_t{32} << 20}) {
    const auto copy = saved.folder / "copy.img";
    const auto restored = saved.folder / "restored.img";
    for (const auto& target : {copy, restored}) {
      write_file(target, noise(3, saved.system.bytes + more));
    }
    const Outcome cloned = imager({"clone", saved.system.disk, copy, "--yes", "--verify"});
    BOOST_TEST(cloned.ok(), cloned.describe());
    BOOST_REQUIRE(imager({"restore", saved.image, restored, "--yes"}).ok());
    BOOST_TEST(same_contents(copy, restored));
    const Outcome checked = run({.argv = {"sgdisk", "-v", copy}});
    BOOST_TEST(checked.out.find("No problems found") != std::string::npos, checked.out);
    saved.check_filesystems(copy);
  }
}

BOOST_AUTO_TEST_CASE(a_clone_of_everything_is_the_disk) {
  if (const auto why = missing_tool()) return skip(*why);
  const Saved saved;
  const auto copy = saved.folder / "copy.img";
  BOOST_REQUIRE(imager({"clone", "--all", saved.system.disk, copy, "--yes"}).ok());
  BOOST_TEST(same_contents(saved.system.disk, copy));
  BOOST_TEST(imager({"clone", saved.system.disk, saved.system.disk, "--yes"}).status == 2);
}

BOOST_AUTO_TEST_CASE(all_keeps_what_filesystems_call_free) {
  if (const auto why = missing_tool()) return skip(*why);
  const Saved saved;
  const auto image = saved.folder / "all.img.zst";
  BOOST_REQUIRE(imager({"save", "--all", "--level", "1", saved.system.disk, image}).ok());
  const auto raw = saved.folder / "raw.img";
  must_run({.argv = {"zstd", "-dq", image, "-o", raw}});
  BOOST_TEST(same_contents(saved.system.disk, raw));
}

BOOST_AUTO_TEST_CASE(standard_output_carries_the_same_image) {
  if (const auto why = missing_tool()) return skip(*why);
  const Saved saved;
  const Outcome piped = imager({"save", saved.system.disk, "-"});
  BOOST_TEST(piped.ok(), piped.describe());
  BOOST_TEST((piped.out == read_file(saved.image)));
}

BOOST_AUTO_TEST_CASE(pieces_are_the_same_image) {
  if (const auto why = missing_tool()) return skip(*why);
  const Saved saved;
  const auto pieces = saved.folder / "pieces";
  const Outcome outcome = imager({"save", saved.system.disk, pieces, "--split", "3M", "--verify"});
  BOOST_TEST(outcome.ok(), outcome.describe());
  const std::string joined = must_run({.argv = {"sh", "-c", "cat \"$0\".*", pieces}});
  BOOST_TEST((joined == read_file(saved.image)));
  BOOST_TEST(std::filesystem::file_size(pieces.string() + ".000") == 3U * 1024 * 1024);
  const auto copy = saved.folder / "copy";
  BOOST_TEST(imager({"restore", pieces.string() + ".000", copy, "--yes", "--verify"}).ok());
  BOOST_TEST(imager({"inspect", pieces}).ok());
  BOOST_TEST(imager({"save", saved.system.disk, pieces, "--split", "3M"}).status == 1);
  std::filesystem::remove(pieces.string() + ".001");
  const Outcome missing = imager({"verify", pieces});
  BOOST_TEST(missing.status == 2, missing.describe());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::test
