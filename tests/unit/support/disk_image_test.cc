// The witnesses are themselves compared with what the tools were told to make.
#include "support/disk_image.h"

#include <boost/test/unit_test.hpp>
#include <span>

#include "base/hash.h"
#include "support/file_tree.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

bool covers(const std::vector<Range>& ranges, std::uint64_t offset) {
  for (const Range& r : ranges) {
    if (offset >= r.offset && offset < r.offset + r.size) return true;
  }
  return false;
}

std::uint64_t total(const std::vector<Range>& ranges) {
  std::uint64_t sum = 0;
  for (const Range& r : ranges) sum += r.size;
  return sum;
}

// Where the only place of `needle` in the file is.
std::uint64_t place_of(const std::filesystem::path& file, const std::string& needle) {
  return read_file(file).find(needle);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(support_disk_image)

BOOST_AUTO_TEST_CASE(partitions_as_sfdisk_made_them) {
  if (const auto why = missing_program("sfdisk")) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "disk", 64 * kMiB);
  must_run(
      {.argv = {"sfdisk", "-q", (dir / "disk").string()},
       .input = "label: gpt\nstart=1MiB,size=3MiB,name=one\nstart=8MiB,size=16MiB,name=two\n"});
  const auto all = partitions(dir / "disk");
  BOOST_REQUIRE(all.size() == 2u);
  BOOST_TEST(all[1].name == "two");
  BOOST_TEST(all[1].range.offset == 8 * kMiB);
  BOOST_TEST(all[1].range.size == 16 * kMiB);
  BOOST_TEST(partition_named(dir / "disk", "one").range.offset == kMiB);
  BOOST_CHECK_THROW(partition_named(dir / "disk", "three"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(ext_used_holds_files_and_not_what_was_deleted) {
  if (const auto why = missing_programs({"mkfs.ext4", "debugfs", "dumpe2fs"})) return skip(*why);
  const TempDir dir;
  const std::string disk = (dir / "disk").string();
  make_sparse(disk, 32 * kMiB);
  write_file(dir / "kept", "the file that was kept");
  write_file(dir / "gone", "the file that was deleted");
  must_run(
      {.argv = {"mkfs.ext4", "-q", "-O", "^inline_data", "-E", "offset=4194304", disk, "24M"}});
  must_run({.argv = {"debugfs", "-w", "-f", "-", disk + "?offset=4194304"},
            .input = "write " + (dir / "kept").string() + " kept\nwrite " +
                     (dir / "gone").string() + " gone\nrm gone\n"});
  const auto used = ext_used(disk, {4 * kMiB, 24 * kMiB});
  BOOST_TEST(covers(used, place_of(disk, "the file that was kept")));
  BOOST_TEST(!covers(used, place_of(disk, "the file that was deleted")));
  BOOST_TEST(covers(used, 4 * kMiB + 1024));  // the superblock
  BOOST_TEST(total(used) < 12 * kMiB);
}

BOOST_AUTO_TEST_CASE(fat_used_holds_files_and_not_what_was_deleted) {
  if (const auto why = missing_programs({"mkfs.fat", "mcopy", "mdel"})) return skip(*why);
  const TempDir dir;
  const std::string disk = (dir / "disk").string(), at = disk + "@@1048576";
  make_sparse(disk, 65 * kMiB);
  write_file(dir / "kept", "the file that was kept");
  write_file(dir / "gone", "the file that was deleted");
  must_run({.argv = {"mkfs.fat", "--offset", "2048", "-F", "32", "-s", "1", disk, "65536"}});
  for (const char* name : {"kept", "gone"})
    must_run({.argv = {"mcopy", "-i", at, (dir / name).string(), "::/"}});
  must_run({.argv = {"mdel", "-i", at, "::/gone"}});
  const auto used = fat32_used(disk, {kMiB, 64 * kMiB});
  BOOST_TEST(covers(used, place_of(disk, "the file that was kept")));
  BOOST_TEST(!covers(used, place_of(disk, "the file that was deleted")));
  const FileTree tree = fat_tree(disk, {kMiB, 64 * kMiB});
  const std::string content = read_file(dir / "kept");
  BOOST_REQUIRE(tree.size() == 1u);
  BOOST_TEST(tree.at("kept").contains("xxh3=" + xxh3_128(std::as_bytes(std::span(content))).hex()));
}

BOOST_AUTO_TEST_CASE(trees_differ_by_the_smallest_thing) {
  const TempDir dir;
  const auto file = dir / "file";
  write_file(file, "contents");
  std::filesystem::create_symlink("somewhere", dir / "link");
  std::filesystem::create_hard_link(file, dir / "other name");
  const FileTree before = file_tree(dir.path());
  BOOST_TEST(before.size() == 4u);  // the top itself, too
  BOOST_TEST(difference(before, file_tree(dir.path())) == "same");
  const auto time = std::filesystem::last_write_time(file);
  write_file(file, "contentz");
  std::filesystem::last_write_time(file, time);
  BOOST_TEST(difference(before, file_tree(dir.path())).contains("/file:"));
  write_file(file, "contents");
  std::filesystem::last_write_time(file, time + std::chrono::nanoseconds(1000));
  BOOST_TEST(difference(before, file_tree(dir.path())).contains("/file:"));
  std::filesystem::last_write_time(file, time);
  std::filesystem::permissions(file, std::filesystem::perms::owner_exec,
                               std::filesystem::perm_options::add);
  BOOST_TEST(difference(before, file_tree(dir.path())).contains("/file:"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
