// APFS against apfsprogs, partclone and, where it has been built, the driver of Debian's apfs-dkms.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <format>

#include "base/text.h"
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
constexpr std::uint64_t kGiB = 1024 * kMiB;
constexpr std::uint64_t kChunk = 128 * kMiB;  // of blocks that share a bitmap

constexpr std::string_view kNoModule =
    "DRYDOCK_APFS_MODULE names no apfs.ko for the kernel on the ISO";

struct Recipe {
  std::string name;
  std::uint64_t size;
  std::vector<std::string> options = {};
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"small", 520 * kMiB},
      {"odd", 700 * kMiB + 3584},
      {"case-sensitive", 600 * kMiB, {"-s"}},
      {"labelled", 600 * kMiB, {"-L", "Macintosh HD"}},
      {"chunk-info blocks", 100 * kGiB},
      {"many of them", 2048 * kGiB},
      {"chunk address blocks", 9000 * kGiB},
      {"several of them", 16'000 * kGiB},
  };
  return all;
}

// False where the program is too old for containers of that size, as Debian 12's is.
bool make_container(const stdfs::path& volume, const Recipe& recipe) {
  make_sparse(volume, recipe.size);
  std::vector<std::string> argv{"mkapfs"};
  argv.insert(argv.end(), recipe.options.begin(), recipe.options.end());
  argv.push_back(volume);
  const Outcome made = run({.argv = argv});
  if (!made.ok() && recipe.size < 1024 * kGiB) throw std::runtime_error(made.describe());
  return made.ok();
}

// apfsck derives every allocation bitmap from all that it can reach, and compares it with the one
// on disk.
std::string apfsck(const stdfs::path& volume) {
  const Outcome check = run({.argv = {"apfsck", volume}});
  return check.ok() && check.err.empty() ? "clean" : check.out + check.err + check.describe();
}

// A restore for containers that are too large for noise: onto a file of zeros.
void restore_sparse(const stdfs::path& volume, const ExtentMap& used, const stdfs::path& target) {
  constexpr std::uint64_t kPiece = 4 * kMiB;
  make_sparse(target, stdfs::file_size(volume));
  for (const Extent& extent : used.extents())
    for (std::uint64_t done = 0; done < extent.length; done += kPiece) {
      const std::uint64_t at = extent.offset + done;
      write_range(target, at, read_range(volume, at, std::min(kPiece, extent.length - done)));
    }
}

// partclone takes the container's superblock for the bitmap of a chunk that has none, as nothing in
// it is used, and so calls some of its blocks used. Which chunks have none it does not tell: those
// in which nothing is used by our map. In all others both must agree.
void compare_with_partclone(const stdfs::path& volume, const Volume& found) {
  if (missing_program("partclone.apfs")) return;
  const ExtentMap theirs = partclone_map("apfs", volume, volume.string() + ".domain");
  std::vector<Extent> in_use;
  for (std::uint64_t at = 0; at < found.info.total; at += kChunk) {
    const Extent chunk{at, std::min(kChunk, found.info.total - at)};
    if (found.used.intersects(chunk)) in_use.push_back(chunk);
  }
  const ExtentMap chunks = ExtentMap::from(std::move(in_use));
  const ExtentMap ours = found.used.clipped({0, found.info.total});
  BOOST_TEST((theirs.intersected(chunks) == ours), difference(theirs.intersected(chunks), ours));
}

void compare(const stdfs::path& volume, const Volume& found) {
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST(found.info.filesystem == "APFS");
  BOOST_TEST((found.info.state == VolumeState::clean));
  const ExtentMap inside = found.used.clipped({0, found.info.total});
  BOOST_TEST(found.info.used == inside.bytes());
  BOOST_TEST(found.used.complement(stdfs::file_size(volume)).end() <= found.info.total);
  if (stdfs::file_size(volume) <= 4096 * kGiB) compare_with_partclone(volume, found);
}

// Debian has the driver as source only (apfs-dkms): a module built for the kernel on the ISO. A
// static apfs-snap may lie beside it.
std::optional<stdfs::path> module() {
  const char* const path = std::getenv("DRYDOCK_APFS_MODULE");
  return path != nullptr && stdfs::exists(path) ? std::optional<stdfs::path>(path) : std::nullopt;
}

bool can_snapshot() {
  return stdfs::exists(module()->parent_path() / "apfs-snap");
}

// The ISO's kernel with the module loaded. The containers come behind a disk that brings it.
class ApfsGuest {
 public:
  ApfsGuest(const stdfs::path& dir, std::vector<stdfs::path> volumes) {
    const stdfs::path archive = dir / "module.tar";
    const stdfs::path folder = module()->parent_path();
    std::vector<std::string> argv{"tar",
                                  "-cf",
                                  archive,
                                  "--transform",
                                  "s/.*[.]ko/apfs.ko/",
                                  "-C",
                                  folder,
                                  module()->filename()};
    if (can_snapshot()) argv.push_back("apfs-snap");
    must_run({.argv = argv});
    volumes.insert(volumes.begin(), archive);
    guest_.emplace("fs_apfs", volumes);
    guest_->run("tar -xf /dev/vdb -C /tmp && modprobe libcrc32c && insmod /tmp/apfs.ko");
  }

  void fill(std::size_t i) {
    guest_->fill(i + 1, "apfs", "readwrite", static_cast<unsigned>(i + 1));
  }
  FileTree tree(std::size_t i) { return guest_->tree(i + 1, "apfs"); }

  // A snapshot of all, then a change of most; left mounted.
  void snapshot_and_change(std::size_t i) {
    const std::string device = GuestKernel::device(i + 1);
    guest_->run("mkdir -p /tmp/m && mount -t apfs -o readwrite " + device + " /tmp/m");
    if (can_snapshot()) guest_->run("/tmp/apfs-snap /tmp/m before");
    guest_->run("(cd /tmp/m && rm -rf kept* && mkdir more && cp -r /bin more/) && sync");
  }
  void unmount() { guest_->run("umount /tmp/m"); }

 private:
  std::optional<GuestKernel> guest_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_apfs)

BOOST_AUTO_TEST_CASE(maps_and_restores_new_containers) {
  if (const auto why = missing_programs({"mkapfs", "apfsck"})) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      if (!make_container(dir / "volume", recipe)) continue;
      const Volume found = survey_volume(dir / "volume");
      compare(dir / "volume", found);
      BOOST_TEST(found.info.label == (recipe.name == "labelled" ? "Macintosh HD" : "untitled"));
      if (recipe.size < kGiB)
        restore_onto_noise(dir / "volume", found.used, dir / "copy");
      else
        restore_sparse(dir / "volume", found.used, dir / "copy");
      // Debian 12's apfsck does not agree with its mkapfs on large containers.
      const std::string before = apfsck(dir / "volume");
      if (recipe.size < 1024 * kGiB) BOOST_TEST(before == "clean");
      BOOST_TEST(apfsck(dir / "copy") == before);
    }
  }
}

BOOST_AUTO_TEST_CASE(maps_and_restores_containers_that_linux_has_used) {
  if (const auto why = missing_programs({"mkapfs", "apfsck"})) return skip(*why);
  if (!module()) return skip(kNoModule);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  constexpr std::size_t kVolumes = 4;  // the first recipes
  const TempDir dir;
  std::vector<stdfs::path> volumes, copies;
  for (std::size_t i = 0; i < kVolumes; ++i) {
    volumes.push_back(dir / std::format("volume{}", i));
    copies.push_back(dir / std::format("copy{}", i));
    make_container(volumes[i], recipes()[i]);
  }
  std::vector<FileTree> trees;
  {
    ApfsGuest guest(dir.path(), volumes);
    for (std::size_t i = 0; i < kVolumes; ++i) {
      guest.fill(i);
      if (i < 2) guest.snapshot_and_change(i);
      if (i < 2) guest.unmount();
      trees.push_back(guest.tree(i));
    }
  }
  for (std::size_t i = 0; i < kVolumes; ++i) {
    BOOST_TEST_CONTEXT(recipes()[i].name) {
      const Volume found = survey_volume(volumes[i]);
      compare(volumes[i], found);
      restore_onto_noise(volumes[i], found.used, copies[i]);
      BOOST_TEST(apfsck(volumes[i]) == "clean");
      BOOST_TEST(apfsck(copies[i]) == "clean");
    }
  }
  ApfsGuest guest(dir.path(), copies);
  for (std::size_t i = 0; i < kVolumes; ++i) BOOST_TEST_CONTEXT(recipes()[i].name) {
      BOOST_TEST(trees[i].size() > 50);
      BOOST_TEST(difference(guest.tree(i), trees[i]) == "same");
    }
}

// Its checkpoints are consistent, whenever the power went: it is mapped all the same.
BOOST_AUTO_TEST_CASE(maps_a_container_that_was_not_unmounted) {
  if (const auto why = missing_programs({"mkapfs", "apfsck"})) return skip(*why);
  if (!module()) return skip(kNoModule);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume", copy = dir / "copy";
  make_container(volume, recipes()[0]);
  {
    ApfsGuest guest(dir.path(), {volume});
    guest.fill(0);
    guest.snapshot_and_change(0);
  }
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST((found.info.state == VolumeState::dirty));
  restore_onto_noise(volume, found.used, copy);
  BOOST_TEST(apfsck(copy) == apfsck(volume));
  ApfsGuest guest(dir.path(), {volume, copy});
  const FileTree before = guest.tree(0);
  BOOST_TEST(before.size() > 50);
  BOOST_TEST(difference(guest.tree(1), before) == "same");
}

BOOST_AUTO_TEST_CASE(a_container_larger_than_the_volume_is_kept_whole) {
  if (const auto why = missing_program("mkapfs")) return skip(*why);
  const TempDir dir;
  make_container(dir / "volume", recipes()[0]);
  stdfs::resize_file(dir / "volume", 519 * kMiB);
  BOOST_TEST(survey_volume(dir / "volume").whole_reason.contains("more than the volume"));
}

BOOST_AUTO_TEST_CASE(what_lies_behind_the_container_is_kept) {
  if (const auto why = missing_program("mkapfs")) return skip(*why);
  const TempDir dir;
  make_container(dir / "volume", recipes()[0]);
  stdfs::resize_file(dir / "volume", 540 * kMiB + 512);
  const Volume found = survey_volume(dir / "volume");
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST(found.used.contains({520 * kMiB, 20 * kMiB + 512}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
