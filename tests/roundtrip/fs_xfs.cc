// XFS against xfsprogs, partclone and the kernels of this machine and of the ISO.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <format>

#include "fs/driver.h"
#include "support/damage.h"
#include "support/file_tree.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/guest_kernel.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"
#include "support/worn_volume.h"
#include "support/xfs_volume.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

struct Recipe {
  std::string name;
  std::vector<std::string> options = {};
  std::uint64_t size = 320 * kMiB + 3584;  // something lies behind the last block
  std::uint64_t grow_to = 0;
  bool newer = false;  // than mkfs.xfs 6.1: left out where it is not understood
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"default"},
      {"1K blocks", {"-b", "size=1024"}},
      {"2K inodes", {"-b", "size=4096", "-i", "size=2048"}},
      {"4K sectors", {"-s", "size=4096"}},
      {"rmapbt", {"-m", "rmapbt=1"}},
      {"rmapbt, 1K blocks", {"-m", "rmapbt=1", "-b", "size=1024"}},
      {"no finobt, no reflink", {"-m", "finobt=0,reflink=0"}},
      {"no inobtcount", {"-m", "inobtcount=0"}},
      {"no bigtime, no sparse inodes", {"-m", "bigtime=0", "-i", "sparse=0"}},
      {"nrext64", {"-i", "nrext64=1"}},
      {"16 groups", {"-d", "agcount=16"}},
      {"stripes", {"-d", "su=64k,sw=4", "-l", "su=256k"}},
      {"large folder blocks", {"-n", "size=65536"}},
      {"exchange range, parent pointers",
       {"-i", "exchange=1", "-n", "parent=1"},
       320 * kMiB,
       0,
       true},
      {"grown", {"-d", "agcount=4"}, 320 * kMiB, 700 * kMiB + 512},
      {"grown, rmapbt", {"-m", "rmapbt=1"}, 320 * kMiB, 500 * kMiB + 1024},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  if (auto why = missing_programs(
          {"mkfs.xfs", "xfs_db", "xfs_repair", "xfs_io", "xfs_logprint", "xfs_admin"}))
    return why;
  return why_no_xfs_mount();
}

// Files that share blocks, one in many pieces, one with room set aside, and larger attributes.
void wear_as_xfs(const stdfs::path& top) {
  const auto io = [&](const std::string& file, const std::string& command) {
    run({.argv = {"xfs_io", "-f", "-c", command, top / file}});
  };
  io("whole", "pwrite 0 4m");
  run({.argv = {"cp", "--reflink=auto", top / "whole", top / "shared"}});
  io("shared", "pwrite 1m 300k");
  io("set aside", "falloc 0 3m");
  std::string script;
  for (unsigned i = 0; i < 1500; ++i) script += std::format("pwrite -q {} 4096\n", i * 8192);
  run({.argv = {"xfs_io", "-f", top / "pieces"}, .input = script});
}

// What the mkfs.xfs that is here can make.
std::vector<Recipe> possible_recipes() {
  std::vector<Recipe> possible;
  for (const Recipe& recipe : recipes()) {
    const TempDir dir;
    make_sparse(dir / "volume", recipe.size);
    std::vector<std::string> argv{"mkfs.xfs", "-N", "-f"};
    argv.insert(argv.end(), recipe.options.begin(), recipe.options.end());
    argv.push_back((dir / "volume").string());
    if (!recipe.newer || run({.argv = argv}).ok()) possible.push_back(recipe);
  }
  return possible;
}

stdfs::path make_volume(const Recipe& recipe, const TempDir& dir) {
  const stdfs::path volume = dir / "volume";
  make_small_xfs(volume, recipe.size, recipe.options);
  const XfsMount mounted(volume, dir / "mounted", "rw");
  wear(dir / "mounted", 1, 60 * kMiB);
  wear_as_xfs(dir / "mounted");
  if (recipe.grow_to != 0) {
    mounted.grow_to(recipe.grow_to);
    stdfs::create_directory(dir / "mounted" / "later");
    wear(dir / "mounted" / "later", 7, 60 * kMiB);
  }
  return volume;
}

FileTree tree_of(const stdfs::path& volume, const TempDir& dir) {
  const XfsMount mounted(volume, dir / "mounted", "ro");
  return file_tree(dir / "mounted");
}

void check_restored(const stdfs::path& volume, const ExtentMap& used, const TempDir& dir) {
  const stdfs::path copy = dir / "copy";
  restore_onto_noise(volume, used, copy);
  const Outcome check = run({.argv = {"xfs_repair", "-n", "-f", copy}});
  BOOST_TEST(check.ok(), check.out + check.describe());
  BOOST_TEST(difference(tree_of(copy, dir), tree_of(volume, dir)) == "same");
}

void check_against_xfs_db(const stdfs::path& volume, const Volume& found) {
  BOOST_TEST(found.whole_reason == "");
  const XfsDump dump = xfs_db_dump(volume);
  const ExtentMap behind = ExtentMap::from({{dump.bytes, stdfs::file_size(volume) - dump.bytes}});
  // xfs_db counts blocks set aside for the free-space trees as free; they are kept.
  const ExtentMap theirs = dump.free.complement(dump.bytes).united(behind);
  BOOST_TEST(theirs.subtracted(found.used).empty(), difference(found.used, theirs));
  BOOST_TEST(found.used.subtracted(theirs).bytes() == dump.set_aside);
  BOOST_TEST_MESSAGE("used map " << found.used.bytes() << ", xfs_db " << theirs.bytes());
}

// With one sector unreadable: every one of metadata in front, later some, and a few of the log.
void check_faults(const stdfs::path& volume) {
  const XfsDump dump = xfs_db_dump(volume);
  const Extent log{dump.log_start, dump.log_bytes};
  const auto chosen = [&](std::uint64_t at) {
    const std::uint64_t step = intersection(log, {at, 512}).length != 0 ? 61 * 512 : 4096;
    return at <= 32 * 1024 || at % step == 0;
  };
  BOOST_TEST(survey_unreadable(in_memory(volume), surveyed_map, chosen) > 50u);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_xfs)

BOOST_AUTO_TEST_CASE(maps_what_xfs_db_calls_used_and_restores_from_it) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const Recipe& recipe : possible_recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = make_volume(recipe, dir);
      const Volume found = survey_volume(volume);
      BOOST_TEST(found.info.filesystem == "XFS");
      BOOST_TEST(found.info.label == "drydock");
      BOOST_TEST((found.info.state == VolumeState::clean));
      check_against_xfs_db(volume, found);
      check_restored(volume, found.used, dir);
    }
  }
}

// What this machine's kernel need not know: version 4, and files on a realtime device.
BOOST_AUTO_TEST_CASE(maps_what_the_iso_s_kernel_filled) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  const std::vector<Recipe> filled{
      {"version 4", {"-m", "crc=0"}},
      {"version 4, 512-byte blocks", {"-m", "crc=0", "-b", "size=512"}},
      {"version 4, counters not lazy", {"-m", "crc=0", "-l", "lazy-count=0"}},
      {"version 4, log 1, attributes 1", {"-m", "crc=0", "-l", "version=1", "-i", "attr=1"}},
      {"version 4, 256-byte inodes, 4K sectors", {"-m", "crc=0", "-s", "size=4096"}},
      {"version 5, 6.12", {"-m", "rmapbt=1", "-i", "nrext64=1"}},
      {"version 5, 64K blocks of folders", {"-n", "size=65536", "-b", "size=1024"}},
      {"realtime", {"-d", "rtinherit=1", "-r", "rtdev=realtime"}},
  };
  const TempDir dir;
  std::vector<stdfs::path> volumes;
  make_sparse(dir / "realtime", 200 * kMiB);
  for (const Recipe& recipe : filled) {
    volumes.push_back(dir / std::format("volume {}", volumes.size()));
    std::vector<std::string> options = recipe.options;
    if (options.back() == "rtdev=realtime") options.back() = "rtdev=" + (dir / "realtime").string();
    make_small_xfs(volumes.back(), 160 * kMiB + 512, options);
  }
  const std::size_t count = filled.size();
  for (std::size_t i = 0; i < count; ++i) {
    volumes.push_back(dir / std::format("copy {}", i));
    make_sparse(volumes.back(), stdfs::file_size(volumes[i]));
  }
  volumes.push_back(dir / "realtime");
  const std::string realtime = GuestKernel::device(2 * count);
  const auto options = [&](std::size_t i) {
    return filled[i].name == "realtime" ? "rtdev=" + realtime : std::string("-");
  };
  {
    GuestKernel guest("fs-xfs", volumes);
    guest.run("blockdev --setrw " + realtime);
    for (std::size_t i = 0; i < count; ++i) {
      BOOST_TEST_CONTEXT(filled[i].name) {
        guest.fill(i, "xfs", options(i), 1 + static_cast<unsigned>(i));
        const Volume found = survey_volume(volumes[i]);
        check_against_xfs_db(volumes[i], found);
        restore_onto_noise(volumes[i], found.used, volumes[count + i]);
        const FileTree before = guest.tree(i, "xfs", options(i));
        const FileTree after = guest.tree(count + i, "xfs", options(i));
        BOOST_TEST(difference(after, before) == "same");
      }
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    // Of files on another device, xfs_repair would have to be told where that is.
    if (filled[i].name == "realtime") continue;
    const Outcome check = run({.argv = {"xfs_repair", "-n", "-f", volumes[count + i]}});
    BOOST_TEST(check.ok(), filled[i].name + ": " + check.out + check.describe());
  }
}

BOOST_AUTO_TEST_CASE(agrees_with_partclone) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = missing_program("partclone.xfs")) return skip(*why);
  for (const Recipe& recipe : possible_recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = make_volume(recipe, dir);
      const Volume found = survey_volume(volume);
      const ExtentMap theirs = partclone_map("xfs", volume, dir / "domain");
      const ExtentMap ours = found.used.clipped({0, found.info.total});
      BOOST_TEST(theirs.subtracted(ours).empty(), difference(ours, theirs));
      // It leaves out the blocks set aside for the free-space trees, which hold nothing yet.
      BOOST_TEST(ours.subtracted(theirs).bytes() == xfs_db_dump(volume).set_aside);
    }
  }
}

// Free space in tens of thousands of pieces: free-space trees of several levels, inodes that find
// room only for a part of a chunk.
BOOST_AUTO_TEST_CASE(maps_a_volume_in_pieces) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const char* option : {"rmapbt=0", "rmapbt=1"}) {
    BOOST_TEST_CONTEXT(option) {
      const TempDir dir;
      const stdfs::path volume = dir / "volume";
      make_xfs(volume, 400 * kMiB, {"-m", option});
      {
        const XfsMount mounted(volume, dir / "mounted", "rw");
        run({.argv = {"xfs_io", "-f", "-c", "falloc 0 200m", dir / "mounted" / "sieve"}});
        const std::string left = must_run({.argv = {"df", "--output=avail", dir / "mounted"}});
        const std::uint64_t rest = std::strtoull(left.c_str() + left.find('\n'), nullptr, 10);
        run({.argv = {"xfs_io", "-f", "-c", std::format("falloc 0 {}k", rest - 200),
                      dir / "mounted" / "full"}});
        std::string script;
        for (unsigned i = 0; i < 6000; ++i)
          script += std::format("fpunch {}k {}k\n", 32 * i, i % 3 == 0 ? 4 : 16);
        must_run({.argv = {"xfs_io", dir / "mounted" / "sieve"}, .input = script});
        for (unsigned i = 0; i < 4000; ++i)
          write_file(dir / "mounted" / std::format("small {}", i), "x");
      }
      const XfsDump dump = xfs_db_dump(volume);
      BOOST_TEST(dump.free.extents().size() > 3000u);
      BOOST_TEST(dump.most_levels > 1u);
      const Volume found = survey_volume(volume);
      check_against_xfs_db(volume, found);
      check_restored(volume, found.used, dir);
    }
  }
}

BOOST_AUTO_TEST_CASE(tells_a_clean_log_wherever_its_head_is) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  make_small_xfs(volume, 40 * kMiB, {});
  unsigned dirty = 0;
  for (unsigned round = 0; round < 24; ++round) {
    {
      const XfsMount mounted(volume, dir / "mounted", "rw");
      const stdfs::path top = dir / "mounted" / "churn";
      for (unsigned i = 0; i < 40 + round * 37; ++i)
        stdfs::create_directories(top / std::format("{}", i));
      must_run({.argv = {"sync", "-f", dir / "mounted"}});
      if (round % 3 == 1) stdfs::remove_all(top);

      // As a backup taken of a mounted volume sees it.
      copy_sparse(volume, dir / "live");
      const Volume live = survey_volume(dir / "live");
      const bool clean = xfs_log(dir / "live").clean;
      dirty += clean ? 0 : 1;
      BOOST_TEST(live.used_block() == clean, live.whole_reason);
      if (!clean) BOOST_TEST(live.whole_reason.contains("log must be replayed"));
      if (round % 4 == 2) mounted.shut_down();
    }
    const bool clean = xfs_log(volume).clean;
    const Volume found = survey_volume(volume);
    BOOST_TEST(found.used_block() == clean, found.whole_reason);
    BOOST_TEST(((found.info.state == VolumeState::clean) == clean));
    BOOST_TEST(clean == (round % 4 != 2));
  }
  BOOST_TEST(dirty > 20u);
}

BOOST_AUTO_TEST_CASE(maps_what_its_own_tools_have_worked_on) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  make_small_xfs(volume, 60 * kMiB, {"-m", "bigtime=0,inobtcount=0"});
  const auto use = [&](unsigned round) {
    const XfsMount mounted(volume, dir / "mounted", "rw");
    const stdfs::path top = dir / "mounted" / std::format("round {}", round);
    make_tree(top, round, 30);
    delete_gone(top);
  };
  const std::vector<std::vector<std::string>> works{
      {"xfs_repair", "-f", volume},
      {"xfs_repair", "-L", "-f", volume},
      {"xfs_admin", "-U", "generate", volume},
      {"xfs_admin", "-O", "bigtime=1,inobtcount=1", volume},
      {"xfs_copy", "-d", volume, dir / "other"},
      {"xfs_copy", volume, dir / "other"},
  };
  unsigned round = 1;
  for (const auto& work : works) {
    BOOST_TEST_CONTEXT(work[0] + " " + work[1]) {
      use(round++);
      must_run({.argv = work});
      check_against_xfs_db(volume, survey_volume(volume));
      if (work[0] == "xfs_copy") check_against_xfs_db(dir / "other", survey_volume(dir / "other"));
    }
  }
  use(round);
  const Volume found = survey_volume(volume);
  check_against_xfs_db(volume, found);
  check_restored(volume, found.used, dir);
}

BOOST_AUTO_TEST_CASE(a_log_with_a_torn_end_is_not_clean) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  make_small_xfs(volume, 40 * kMiB, {});
  {
    const XfsMount mounted(volume, dir / "mounted", "rw");
    wear(dir / "mounted", 3, 4 * kMiB);
  }
  BOOST_TEST_REQUIRE(survey_volume(volume).whole_reason == "");
  const std::uint64_t start = xfs_db_dump(volume).log_start;
  const std::uint64_t head = xfs_log(volume).head;
  // Each of the last sectors in turn becomes one of the round before, then one of nonsense.
  for (std::uint64_t back = 1; back <= 12; ++back) {
    const std::uint64_t at = start + (head - back) * 512;
    const std::string good = read_range(volume, at, 512);
    write_range(volume, at, std::string(512, '\0'));
    BOOST_TEST(survey_volume(volume).whole_reason.contains("log must be replayed"));
    write_range(volume, at, good);
  }
  // A checksum that is wrong, a record that is not an unmount's.
  for (const std::uint64_t byte : {12, 20, 40, 100, 304}) {
    const std::uint64_t at = start + (head - 2) * 512 + byte;
    const std::string good = read_range(volume, at, 1);
    write_range(volume, at, std::string(1, static_cast<char>(good[0] ^ 1)));
    BOOST_TEST(survey_volume(volume).whole_reason.contains("log must be replayed"), byte);
    write_range(volume, at, good);
  }
  BOOST_TEST(survey_volume(volume).whole_reason == "");
}

BOOST_AUTO_TEST_CASE(other_refusals_say_why) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  const auto reason = [&] { return survey_volume(volume).whole_reason; };
  const auto change = [&](const std::string& command) {
    must_run({.argv = {"xfs_db", "-x", "-c", "sb 0", "-c", command, volume}});
  };

  make_sparse(dir / "log", 100 * kMiB);
  make_xfs(volume, 320 * kMiB, {"-l", "logdev=" + (dir / "log").string() + ",size=80m"});
  BOOST_TEST(reason().contains("log is on another device"), reason());

  make_xfs(volume, 320 * kMiB, {});
  change("write -d features_incompat 0x19");
  BOOST_TEST(reason().contains("xfs_repair"), reason());
  BOOST_TEST((survey_volume(volume).info.state == VolumeState::needs_check));
  change("write -d features_incompat 0x109");
  BOOST_TEST(reason().contains("incompatible features"), reason());

  make_xfs(volume, 320 * kMiB, {});
  change("write -d features_ro_compat 0x1d");
  BOOST_TEST(reason().contains("read-only compatible features"), reason());

  make_xfs(volume, 320 * kMiB, {});
  change("write -d fdblocks 1000");
  BOOST_TEST(reason().contains("its superblock counts 1000 free blocks but its groups have"),
             reason());

  make_xfs(volume, 320 * kMiB, {});
  stdfs::resize_file(volume, 319 * kMiB);
  BOOST_TEST(reason().contains("more than the volume"), reason());
}

BOOST_AUTO_TEST_CASE(a_file_in_blocks_called_free_means_the_whole_volume) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const char* option : {"rmapbt=0", "rmapbt=1"}) {
    BOOST_TEST_CONTEXT(option) {
      const TempDir dir;
      const stdfs::path volume = dir / "volume";
      make_small_xfs(volume, 40 * kMiB, {"-d", "agcount=1", "-m", option});
      {
        const XfsMount mounted(volume, dir / "mounted", "rw");
        write_file(dir / "mounted" / "file", noise(1, 3 * kMiB));
      }
      free_one_block_more(volume);
      const Volume found = survey_volume(volume);
      BOOST_TEST(
          (found.whole_reason.contains("called free") || found.whole_reason.contains("are free")),
          found.whole_reason);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_unreadable_sector_gives_the_same_map_or_a_reason) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const char* option : {"rmapbt=0", "rmapbt=1"}) {
    const TempDir dir;
    const stdfs::path volume = dir / "volume";
    make_small_xfs(volume, 16 * kMiB, {"-m", option});
    {
      const XfsMount mounted(volume, dir / "mounted", "rw");
      make_tree(dir / "mounted", 1, 40);
    }
    check_faults(volume);
  }
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_of_metadata_frees_a_used_block) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  // Filled by mkfs, as this machine's kernel need not know version 4, which has no checksums.
  write_file(dir / "file", noise(1, 300'000));
  const std::string file = (dir / "file").string();
  write_file(dir / "plan", std::format("/\n0 0\nd--755 0 0\none ---644 0 0 {}\nin d--755 0 0\n"
                                       "two ---644 0 0 {}\n$\n$\n",
                                       file, file));
  const std::string plan = (dir / "plan").string();
  for (const char* version : {"crc=0", "crc=1,rmapbt=0", "crc=1,rmapbt=1"}) {
    BOOST_TEST_CONTEXT(version) {
      make_small_xfs(volume, 16 * kMiB, {"-m", version, "-p", plan});
      io::MemoryDisk disk = in_memory(volume);
      const Volume good = fs::survey(disk, {});
      BOOST_TEST_REQUIRE(good.used_block(), good.whole_reason);
      // Headers and roots of the first group.
      for (std::uint64_t at = 0; at < 24 * 1024; at += 17) {
        std::byte& byte = disk.content()[at];
        const std::byte was = byte;
        byte ^= std::byte{1} << at % 8;
        BOOST_TEST(good.used.subtracted(fs::survey(disk, {}).used).empty(), at);
        byte = was;
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
