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
  bool worn = true;                           // by the kernel, too, which takes its time
  std::uint64_t size = 104 * kMiB + 3 * 512;  // something lies behind the last block
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
      {"sections and zones", {"-s", "2", "-z", "2"}, "-", true, 160 * kMiB},
      {"4K sectors", {"-w", "4096"}, "-", false},
      {"large node bitmap", {"-i"}},
      {"no heap, LFS", {"-a", "0", "-o", "20"}, "mode=lfs"},
      {"inline data off, four logs",
       {},
       "noinline_data,noinline_dentry,noinline_xattr,active_logs=4"},
      {"two logs, fragmented", {}, "active_logs=2,mode=fragment:block", false},
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

// Files written and made safe one by one after a checkpoint; so many that the chain of their nodes
// needs more than a segment.
void check_power_cut(GuestKernel& guest, const std::vector<stdfs::path>& volumes,
                     std::size_t first) {
  guest.run(std::format(
      "blockdev --setrw {0} && modprobe f2fs && mkdir -p /mnt/cut && mount -t f2fs {0} /mnt/cut && "
      "cd /mnt/cut && mkdir a b && for i in $(seq 40); do head -c $((i * 977)) /dev/urandom "
      ">a/f$i; done; sync; rm a/f1 a/f20; for i in $(seq 120); do "
      "dd if=/dev/urandom of=b/g$i bs=$((i * 40)) count=2 conv=fsync 2>/dev/null; "
      "dd if=/dev/urandom of=a/f7 bs=8k seek=$i count=1 conv=notrunc,fsync 2>/dev/null; done",
      GuestKernel::device(first)));
  copy_sparse(volumes[first], volumes[first + 1]);
  const Volume found = survey_volume(volumes[first + 1]);
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST((found.info.state == VolumeState::dirty));
  // More than the six segments that are being written to.
  const TempDir scratch;
  const ExtentMap valid = dump_of(volumes[first + 1], scratch.path()).valid;
  const ExtentMap more = found.used.subtracted(valid);
  BOOST_TEST_MESSAGE("valid " << valid.bytes() << ", more " << more.bytes());
  restore_onto_noise(volumes[first + 1], found.used, volumes[first + 2]);
  FileTree whole = guest.tree(first + 1, "f2fs");
  FileTree copy = guest.tree(first + 2, "f2fs");
  BOOST_TEST(whole.size() > 150u);
  // A roll-forward that adds names to a folder changes it at that time.
  BOOST_TEST(whole.erase("b") + copy.erase("b") == 2u);
  BOOST_TEST(difference(copy, whole) == "same");
  check_clean(volumes[first + 2]);
}

// Filled without a kernel.
void make_small(const stdfs::path& volume, const TempDir& dir,
                const std::vector<std::string>& options) {
  format_volume(volume, 72 * kMiB, {"mkfs.f2fs", "-q", "-f"}, options);
  if (!stdfs::exists(dir / "tree")) make_tree(dir / "tree", 1, 30);
  must_run({.argv = {"sload.f2fs", "-f", dir / "tree", volume}});
}

// Superblocks, the start of both checkpoints, tables, summaries, nodes.
bool is_metadata(std::uint64_t at) {
  constexpr std::uint64_t kCheckpoint = 12 * kBlock;
  if (at < 2 * kBlock) return true;
  if (at < 2 * kSegment) return at % kSegment < kCheckpoint;
  return at % kBlock == 0 && (at % (16 * kBlock) == 0 || at > 16 * kMiB);
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
  const std::size_t cut = volumes.size();
  for (const char* name : {"cut", "cut, whole", "cut, used"}) {
    volumes.push_back(dir / name);
    make_volume(recipes()[0], volumes.back());
  }
  GuestKernel guest("fs-f2fs", volumes);
  check_power_cut(guest, volumes, cut);
  for (std::size_t i = 0; i < count; ++i) {
    if (!recipes()[i].worn) continue;
    BOOST_TEST_CONTEXT(recipes()[i].name) {
      guest.fill(i, "f2fs", recipes()[i].mount, static_cast<unsigned>(i) + 1, 8 * kMiB);
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

BOOST_AUTO_TEST_CASE(damage_never_frees_what_is_in_use) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = missing_program("sload.f2fs")) return skip(*why);
  for (const char* features : {"extra_attr", "extra_attr,inode_checksum,sb_checksum"}) {
    BOOST_TEST_CONTEXT(features) {
      const TempDir dir;
      const stdfs::path volume = dir / "volume";
      make_small(volume, dir, {"-O", features});
      const std::uint64_t noticed =
          survey_unreadable(in_memory(volume), fs::used_f2fs, is_metadata);
      BOOST_TEST(noticed > 50u);
      const std::uint64_t main = dump_of(volume, dir.path()).main;
      survey_flipped(volume, fs::used_f2fs,
                     ExtentMap::from({{1024, 3072},
                                      {kBlock + 1024, 3072},
                                      {kSegment, 8 * kBlock},
                                      {2 * kSegment, 8 * kBlock},
                                      {3 * kSegment, 2 * kBlock},
                                      {5 * kSegment, kBlock},
                                      {main, 8 * kBlock}}),
                     499);
    }
  }
}

BOOST_AUTO_TEST_CASE(other_refusals_say_why) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  using namespace std::string_literals;
  const auto whole = [&](std::uint64_t at, const std::string& bytes) {
    make_volume(recipes()[0], volume);
    for (const std::uint64_t copy : {std::uint64_t{0}, kBlock})
      write_range(volume, 1024 + copy + at, bytes);
    return survey_volume(volume).whole_reason;
  };
  BOOST_TEST(whole(2180, "\x02"s).contains("zoned device"));
  BOOST_TEST(whole(2182, "\x01"s).contains("features that Drydock does not know (0x10000)"));
  BOOST_TEST(whole(16, "\x0e"s).contains("blocks of 2^14 bytes"));
  BOOST_TEST(whole(2201, "/dev/sdb"s).contains("more than one device"));
  BOOST_TEST(whole(2794, "\x01"s).contains("recorded errors"));
  BOOST_TEST(whole(38, "\x01"s).contains("more than the volume"));
  BOOST_TEST(whole(60, "\x03"s).contains("contradict each other"));
  make_volume(recipes()[0], volume);
  write_range(volume, 1024 + 68, "\x10");
  BOOST_TEST(survey_volume(volume).whole_reason.contains("superblocks differ"));
  make_volume(recipes()[0], volume);
  write_range(volume, kSegment + 16, "\x10");
  BOOST_TEST(survey_volume(volume).whole_reason.contains("damaged or was not finished"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
