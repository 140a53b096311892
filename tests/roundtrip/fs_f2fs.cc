// F2FS against f2fs-tools, partclone and the kernel.
#include <boost/test/unit_test.hpp>
#include <format>

#include "base/text.h"
#include "fs/f2fs.h"
#include "support/damage.h"
#include "support/file_tree.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/guest_kernel.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kBlock = 4096;
constexpr std::uint64_t kSegment = 2 * kMiB;

struct Recipe {
  std::string name;
  std::vector<std::string> options = {};
  std::string mount = "-";
  std::uint64_t size = 120 * kMiB + 3 * 512;  // something lies behind the last block
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"default"},
      {"all features",
       {"-O",
        "encrypt,extra_attr,inode_checksum,sb_checksum,compression,quota,casefold,verity,"
        "project_quota,flexible_inline_xattr,inode_crtime,lost_found",
        "-C", "utf8"},
       "usrquota,grpquota"},
      {"compressed",
       {"-O", "extra_attr,compression"},
       "compress_algorithm=lz4,compress_extension=*,compress_log_size=2"},
      {"sections and zones", {"-s", "2", "-z", "2"}, "-", 240 * kMiB},
      {"4K sectors", {"-w", "4096"}},
      {"large node bitmap", {"-i"}},
      {"no heap, LFS", {"-a", "0", "-o", "20"}, "mode=lfs"},
      {"inline data off, four logs",
       {},
       "noinline_data,noinline_dentry,noinline_xattr,active_logs=4"},
      {"two logs, fragmented", {}, "active_logs=2,mode=fragment:block"},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  return missing_programs({"mkfs.f2fs", "fsck.f2fs", "dump.f2fs"});
}

void make_volume(const Recipe& recipe, const stdfs::path& volume) {
  format_volume(volume, recipe.size, {"mkfs.f2fs", "-q", "-f", "-l", "drydock"}, recipe.options);
}

// Where the main area starts and what dump.f2fs calls valid in it.
struct Dump {
  std::uint64_t main = 0;
  ExtentMap valid;
};

Dump dump_of(const stdfs::path& volume, const stdfs::path& scratch) {
  Dump dump;
  const std::string said =
      must_run({.argv = {"dump.f2fs", "-d", "1", "-s", "0~-1", volume}, .cwd = scratch});
  const std::size_t at = said.find("main_blkaddr");
  dump.main = leading_number(said.substr(said.find(" : ", at) + 3)) * kBlock;
  std::uint64_t block = 0;
  for (const std::string_view line : split(read_file(scratch / "dump_sit"), '\n')) {
    if (line.starts_with("segno:"))
      block = dump.main + leading_number(line.substr(line.find_first_of("0123456789"))) * kSegment;
    if (!line.starts_with("  ")) continue;
    for (const std::string_view word : words_of(line)) {
      const unsigned long bits = std::stoul(std::string(word), nullptr, 16);
      for (unsigned bit = 0; bit < 8; ++bit, block += kBlock)
        if ((bits << bit & 0x80) != 0) dump.valid.add({block, kBlock});
    }
  }
  return dump;
}

// The map is what the tool calls valid, all in front of it and behind it, and at most the blocks a
// roll-forward looks at: `more`.
void check_against_tools(const stdfs::path& volume, std::uint64_t more) {
  const TempDir scratch;
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST(found.info.filesystem == "F2FS");
  BOOST_TEST(found.info.label == "drydock");
  const Dump dump = dump_of(volume, scratch.path());
  const std::uint64_t end = stdfs::file_size(volume);
  const ExtentMap theirs = dump.valid.united(ExtentMap::from({{0, dump.main}}));
  BOOST_TEST(theirs.subtracted(found.used).empty(), difference(found.used, theirs));
  // The main area ends with a whole segment.
  const std::uint64_t main_end = dump.main + (end - dump.main) / kSegment * kSegment;
  BOOST_TEST(found.used.contains({main_end, end - main_end}));
  const ExtentMap ours = found.used.clipped({0, main_end});
  BOOST_TEST(ours.subtracted(theirs).bytes() <= more);
  BOOST_TEST_MESSAGE("dump.f2fs " << theirs.bytes() << ", mapped " << ours.bytes());
  if (missing_program("partclone.f2fs")) return;
  // partclone 0.3.23 looks for the checksum of a checkpoint where it no longer is.
  if (must_run({.argv = {"dump.f2fs", volume}}).contains("large_nat_bitmap")) return;
  const ExtentMap partclone =
      partclone_map("f2fs", volume, scratch / "domain").clipped({0, main_end});
  BOOST_TEST(partclone.subtracted(ours).empty(), difference(ours, partclone));
  BOOST_TEST_MESSAGE("partclone.f2fs " << partclone.bytes());
}

void check_clean(const stdfs::path& volume) {
  const Outcome check = run({.argv = {"fsck.f2fs", "--dry-run", volume}});
  BOOST_TEST(check.ok(), check.out + check.describe());
  BOOST_TEST(!check.out.contains("[Fail]"), check.out);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_f2fs)

BOOST_AUTO_TEST_CASE(maps_an_empty_volume_as_its_tools_do) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      make_volume(recipe, dir / "volume");
      BOOST_TEST((survey_volume(dir / "volume").info.state == VolumeState::clean));
      check_against_tools(dir / "volume", kBlock);
    }
  }
}

BOOST_AUTO_TEST_CASE(maps_what_the_kernel_has_worn_and_restores_from_it) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  const TempDir dir;
  const std::size_t count = recipes().size();
  std::vector<stdfs::path> volumes;
  for (std::size_t i = 0; i < count; ++i) {
    volumes.push_back(dir / std::format("volume {}", i));
    make_volume(recipes()[i], volumes.back());
  }
  for (std::size_t i = 0; i < count; ++i) {
    volumes.push_back(dir / std::format("copy {}", i));
    make_sparse(volumes.back(), recipes()[i].size);
  }
  GuestKernel guest("fs-f2fs", volumes);
  for (std::size_t i = 0; i < count; ++i) {
    BOOST_TEST_CONTEXT(recipes()[i].name) {
      guest.fill(i, "f2fs", recipes()[i].mount, static_cast<unsigned>(i) + 1);
      check_against_tools(volumes[i], kBlock);
      const Volume found = survey_volume(volumes[i]);
      // The kernel on the ISO has no quota.
      const bool quota = recipes()[i].mount.contains("quota");
      BOOST_TEST((found.info.state == (quota ? VolumeState::needs_check : VolumeState::clean)));
      restore_onto_noise(volumes[i], found.used, volumes[count + i]);
      check_clean(volumes[count + i]);
      const FileTree before = guest.tree(i, "f2fs");
      BOOST_TEST(difference(guest.tree(count + i, "f2fs"), before) == "same");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
