// NTFS against ntfs-3g's tools and partclone.
#include <sys/xattr.h>

#include <boost/test/unit_test.hpp>
#include <format>
#include <stdexcept>

#include "base/text.h"
#include "fs/used_map.h"
#include "support/damage.h"
#include "support/file_tree.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/hive_maker.h"
#include "support/mounted.h"
#include "support/needs.h"
#include "support/ntfs_scatter.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

struct Recipe {
  std::string name;
  std::uint64_t size;
  std::vector<std::string> options;
  std::uint64_t grow_to = 0;  // by ntfsresize, so that $Bitmap no longer lies in one piece
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"4K clusters", 120 * kMiB + 1536, {}},
      {"512-byte clusters", 60 * kMiB, {"-c", "512"}},
      {"1K clusters", 60 * kMiB + 512, {"-c", "1024"}},
      {"64K clusters", 200 * kMiB, {"-c", "65536"}},
      {"2M clusters", 500 * kMiB + 512, {"-c", "2097152"}},
      {"4K sectors", 120 * kMiB, {"-s", "4096"}},
      {"grown", 60 * kMiB, {"-c", "512"}, 400 * kMiB},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  if (auto why = missing_programs({"mkntfs", "ntfs-3g", "ntfscat", "ntfsresize"})) return why;
  if (!stdfs::exists("/dev/fuse")) return "this kernel has no FUSE";
  return not_root();
}

std::vector<std::string> by_ntfs_3g(const stdfs::path& volume, const stdfs::path& place,
                                    const std::string& options) {
  return {"ntfs-3g", "-o", options, volume, place};
}

stdfs::path make_volume(const Recipe& recipe, const TempDir& dir) {
  const stdfs::path volume = dir / "volume";
  format_volume(volume, recipe.size, {"mkntfs", "-q", "-F", "-f", "-L", "Drydock ä"},
                recipe.options);
  const auto populate = [&](unsigned seed) {
    const Mounted mounted(by_ntfs_3g(volume, dir / "mounted", "rw,compression"), dir / "mounted");
    const stdfs::path top = dir / "mounted" / std::format("round {}", seed);
    make_tree(top, seed, 80);
    delete_gone(top);
    make_tree(top, seed + 1, 30);
  };
  populate(1);
  if (recipe.grow_to != 0) {
    stdfs::resize_file(volume, recipe.grow_to);
    must_run({.argv = {"ntfsresize", "-f", "-f", volume}, .input = "y\n"});
    // ntfsresize asks Windows for a check.
    must_run({.argv = {"ntfsfix", "-d", volume}});
    populate(3);
  }
  return volume;
}

std::string contents_error(const stdfs::path& a, const stdfs::path& b, const TempDir& dir) {
  const auto tree = [&](const stdfs::path& volume) {
    const Mounted mounted(by_ntfs_3g(volume, dir / "mounted", "ro"), dir / "mounted");
    return file_tree(dir / "mounted");
  };
  return difference(tree(a), tree(b));
}

// The bits of $Bitmap as ntfscat prints it, and everything outside the clusters.
ExtentMap ntfscat_used(const stdfs::path& volume, const VolumeInfo& info) {
  const std::string bits = must_run({.argv = {"ntfscat", "-f", "-i", "6", volume}});
  const std::uint64_t bytes = stdfs::file_size(volume);
  const std::uint64_t clusters = info.total / info.cluster;
  fs::UsedMap map(bytes);
  for (std::uint64_t i = 0; i < clusters; ++i)
    if ((static_cast<unsigned char>(bits.at(i / 8)) >> (i % 8) & 1) != 0)
      map.keep(i * info.cluster, info.cluster);
  map.keep(clusters * info.cluster, bytes);
  return std::move(map).take();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_ntfs)

BOOST_AUTO_TEST_CASE(maps_exactly_what_its_bitmap_calls_used_and_restores_from_it) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = make_volume(recipe, dir);
      const Volume found = survey_volume(volume);
      BOOST_TEST(found.whole_reason == "");
      BOOST_TEST(found.info.filesystem == "NTFS");
      BOOST_TEST(found.info.label == "Drydock ä");
      BOOST_TEST((found.info.state == VolumeState::clean));
      const ExtentMap oracle = ntfscat_used(volume, found.info);
      BOOST_TEST((found.used == oracle), difference(found.used, oracle));

      const stdfs::path copy = dir / "copy";
      restore_onto_noise(volume, found.used, copy);
      const Outcome check = run({.argv = {"ntfsresize", "-i", "-f", copy}});
      BOOST_TEST(check.ok(), check.out + check.err);
      BOOST_TEST(contents_error(copy, volume, dir) == "same");
    }
  }
}

BOOST_AUTO_TEST_CASE(agrees_with_partclone) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = missing_program("partclone.ntfs")) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = make_volume(recipe, dir);
      const Volume found = survey_volume(volume);
      const ExtentMap theirs = partclone_map("ntfs", volume, dir / "domain");
      const std::uint64_t end = found.info.total / found.info.cluster * found.info.cluster;
      const ExtentMap inside = found.used.clipped({0, end});
      BOOST_TEST((inside == theirs.clipped({0, end})), difference(inside, theirs));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_in_clusters_called_free_means_the_whole_volume) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = make_volume(recipes()[0], dir);
  // Bytes of the bitmap, found by what it holds, are cleared one after the other.
  const std::string bits = must_run({.argv = {"ntfscat", "-f", "-i", "6", volume}});
  const std::string all = read_file(volume);
  const std::size_t at = all.find(bits.substr(0, 512));
  BOOST_REQUIRE(at != std::string::npos);
  unsigned cleared = 0;
  for (std::size_t i = 0; i < bits.size(); i += 7) {
    if (bits[i] == '\0') continue;
    write_range(volume, at + i, std::string(1, '\0'));
    const Volume found = survey_volume(volume);
    BOOST_TEST(found.whole_reason.contains("free, but file"), found.whole_reason);
    write_range(volume, at + i, bits.substr(i, 1));
    ++cleared;
  }
  BOOST_TEST(cleared > 0u);
  BOOST_TEST(survey_volume(volume).whole_reason == "");
}

BOOST_AUTO_TEST_CASE(hibernated_windows_means_the_whole_volume) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = make_volume(recipes()[0], dir);
  {
    const Mounted mounted(by_ntfs_3g(volume, dir / "mounted", "rw"), dir / "mounted");
    // Enough neighbours that the root folder needs blocks of its own.
    for (unsigned i = 0; i < 100; ++i)
      write_file(dir / "mounted" / std::format("a neighbour of some length {}", i), "x");
    write_file(dir / "mounted" / "HIBERFIL.SYS", "hibr" + noise(1, 20'000));
  }
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason.contains("Windows is hibernated"), found.whole_reason);
  BOOST_TEST((found.info.state == VolumeState::hibernated));
}

BOOST_AUTO_TEST_CASE(a_log_in_use_means_the_whole_volume) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = make_volume(recipes()[0], dir);
  // The log begins with an empty page of 0xFF; one that is neither that nor a restart page is in
  // use for all we know.
  const std::string log = must_run({.argv = {"ntfscat", "-f", "-i", "2", volume}}).substr(0, 65536);
  const std::size_t at = read_file(volume).find(log);
  BOOST_REQUIRE(at != std::string::npos);
  write_range(volume, at, "RCRD");
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason.contains("did not finish with it"), found.whole_reason);
  BOOST_TEST((found.info.state == VolumeState::dirty));
}

BOOST_AUTO_TEST_CASE(marked_for_a_check_means_the_whole_volume) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = make_volume(recipes()[0], dir);
  must_run({.argv = {"ntfsfix", volume}});  // without -d it leaves that to Windows
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason.contains("chkdsk"), found.whole_reason);
  BOOST_TEST((found.info.state == VolumeState::needs_check));
}

void set_attribute(const stdfs::path& file, const std::string& name, std::string_view value) {
  if (lsetxattr(file.c_str(), name.c_str(), value.data(), value.size(), 0) != 0)
    throw std::runtime_error(std::format("{}: {} cannot be set", file.string(), name));
}

// What is put into the folder from now on.
void compress(const stdfs::path& folder) {
  set_attribute(folder, "system.ntfs_attrib", std::string_view("\0\x08\0\0", 4));
}

// Every option of mkntfs that lays a volume out, small and large.
const std::vector<Recipe>& layouts() {
  static const std::vector<Recipe> all{
      {"2 MiB", 2 * kMiB, {}},
      {"20 GiB, 64K clusters", 20480 * kMiB, {"-c", "65536"}},
      {"20 GiB, 2M clusters", 20480 * kMiB, {"-c", "2097152"}},
      {"2K clusters", 40 * kMiB, {"-c", "2048"}},
      {"8K clusters", 40 * kMiB + 512, {"-c", "8192"}},
      {"16K clusters", 60 * kMiB, {"-c", "16384", "-z", "4"}},
      {"128K clusters", 100 * kMiB, {"-c", "131072"}},
      {"1M clusters", 300 * kMiB, {"-c", "1048576"}},
      {"4K sectors, 64K clusters", 100 * kMiB, {"-s", "4096", "-c", "65536"}},
      {"1K sectors", 60 * kMiB, {"-s", "1024"}},
      {"compressed, not indexed", 60 * kMiB, {"-C", "-I", "-p", "2048", "-H", "16", "-S", "63"}},
      {"UUID", 40 * kMiB, {"-U", "-T"}},
  };
  return all;
}

// One of each kind of file that NTFS knows and ntfs-3g writes: named streams, hard and symbolic
// links, sparse and compressed files, a folder with blocks of its own, a file with an attribute
// list.
void fill_with_every_kind(const stdfs::path& volume, const TempDir& dir) {
  const Mounted mounted(by_ntfs_3g(volume, dir / "mounted", "rw,compression"), dir / "mounted");
  const stdfs::path top = dir / "mounted";
  const std::uint64_t room = stdfs::space(top).available;
  const std::size_t large = std::min<std::uint64_t>(room / 8, 700'000);
  write_file(top / "plain", noise(1, large));
  stdfs::create_hard_link(top / "plain", top / "second name");
  stdfs::create_symlink("plain", top / "link");
  set_attribute(top / "plain", "user.$J", "a named stream");
  write_file(top / "with streams", "x");
  for (unsigned i = 0; i < 40; ++i)
    set_attribute(top / "with streams", std::format("user.stream number {}", i), "some value");
  make_sparse(top / "sparse", 30 * kMiB);
  write_range(top / "sparse", 20 * kMiB, noise(2, 5000));
  stdfs::create_directory(top / "packed");
  compress(top / "packed");
  write_file(top / "packed" / "text", std::string(large / 2, 't'));
  stdfs::create_directory(top / "folder");
  for (unsigned i = 0; i < 20; ++i) write_file(top / "folder" / std::format("name {}", i), "x");
}

// What ntfscluster shows of all file records in use.
struct Shown {
  std::vector<Extent> clusters;
  std::uint64_t files = 0;
};

Shown shown_by_ntfscluster(const stdfs::path& volume) {
  const std::string info = must_run({.argv = {"ntfscluster", "-f", "-i", volume}});
  const std::uint64_t records = number_after(info, "initialized mft records :").value();
  const std::uint64_t in_use = number_after(info, "mft records in use      :").value();
  // In one process: there may be thousands of records behind the last one in use.
  const std::string each =
      "n=0; i=0; while [ $n -lt $1 ] && [ $i -lt $2 ]; do "
      "ntfscluster -f -I $i \"$3\" 2>/dev/null && n=$((n+1)); i=$((i+1)); done; echo $n files";
  const std::string all = must_run({.argv = {"sh", "-c", each, "sh", std::format("{}", in_use),
                                             std::format("{}", records), volume}});
  Shown shown;
  shown.files = leading_number(std::string_view(all).substr(all.rfind('\n', all.size() - 2) + 1));
  for (const std::string_view line : split(all, '\n')) {
    const auto words = words_of(line);
    // VCN, LCN and length; a hole has no LCN.
    if (words.size() == 3 && words[0].find_first_not_of("0123456789") == std::string_view::npos &&
        !words[1].starts_with('-'))
      shown.clusters.push_back({leading_number(words[1]), leading_number(words[2])});
  }
  return shown;
}

// It refuses to resize a bitmap in many pieces, but only after it has checked and accounted for all
// clusters.
void check_by_ntfsresize(const stdfs::path& volume) {
  const Outcome check = run({.argv = {"ntfsresize", "-i", "-f", "-P", volume}});
  const bool sound = check.ok() || check.err.contains("Highly fragmented $Bitmap") ||
                     check.out.contains("Highly fragmented $Bitmap");
  BOOST_TEST(sound, check.err + check.out);
}

BOOST_AUTO_TEST_CASE(maps_every_cluster_that_ntfscluster_shows) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = missing_program("ntfscluster")) return skip(*why);
  for (const Recipe& recipe : layouts()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const stdfs::path volume = dir / "volume";
      format_volume(volume, recipe.size, {"mkntfs", "-q", "-F", "-f"}, recipe.options);
      fill_with_every_kind(volume, dir);
      const Volume found = survey_volume(volume);
      BOOST_TEST(found.whole_reason == "");
      const ExtentMap oracle = ntfscat_used(volume, found.info);
      BOOST_TEST((found.used == oracle), difference(found.used, oracle));
      const Shown shown = shown_by_ntfscluster(volume);
      BOOST_TEST(shown.files > 35u);
      BOOST_TEST(shown.clusters.size() > 8u);
      for (const Extent& run : shown.clusters)
        BOOST_TEST(found.used.contains(
            {run.offset * found.info.cluster, run.length * found.info.cluster}));
    }
  }
}

// What is said of a volume and what is on it are the same after its own files were moved about, for
// its tools too.
void check_scattered(const stdfs::path& volume, const FileTree& before, const TempDir& dir) {
  check_by_ntfsresize(volume);
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason == "");
  const ExtentMap oracle = ntfscat_used(volume, found.info);
  BOOST_TEST((found.used == oracle), difference(found.used, oracle));
  const stdfs::path copy = dir / "copy";
  restore_onto_noise(volume, found.used, copy);
  check_by_ntfsresize(copy);
  const Mounted mounted(by_ntfs_3g(copy, dir / "mounted", "ro"), dir / "mounted");
  BOOST_TEST(difference(file_tree(dir / "mounted"), before) == "same");
}

BOOST_AUTO_TEST_CASE(follows_a_table_and_a_bitmap_in_very_many_pieces) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = make_volume({"scattered", 600 * kMiB, {"-c", "512"}}, dir);
  FileTree before;
  {
    const Mounted mounted(by_ntfs_3g(volume, dir / "mounted", "rw"), dir / "mounted");
    for (unsigned i = 0; i < 120; ++i) write_file(dir / "mounted" / std::format("x{}", i), "x");
    for (unsigned i = 0; i < 24; ++i) stdfs::remove(dir / "mounted" / std::format("x{}", i * 5));
    before = file_tree(dir / "mounted");
  }
  const Scattered bitmap = scatter_ntfs(volume, 6, 1, 20);
  BOOST_TEST(bitmap.runs > 290u);
  BOOST_TEST(bitmap.records > 10u);
  BOOST_TEST(bitmap.list_outside);
  check_scattered(volume, before, dir);

  const Scattered table = scatter_ntfs(volume, 0, 54, 95);
  BOOST_TEST(table.runs > 400u);
  BOOST_TEST(table.records > 3u);
  check_scattered(volume, before, dir);
  // Used by another driver ever since.
  {
    const Mounted mounted(by_ntfs_3g(volume, dir / "mounted", "rw"), dir / "mounted");
    make_tree(dir / "mounted" / "later", 9, 40);
    before = file_tree(dir / "mounted");
  }
  check_scattered(volume, before, dir);

  // Records 16 to 23 hold the pieces of the table, and more of them those of the bitmap.
  const io::MemoryDisk disk = in_memory(volume);
  const auto noticed = survey_unreadable(disk, surveyed_map, [&](std::uint64_t at) {
    const std::string_view magic(reinterpret_cast<const char*>(disk.content().data() + at), 4);
    return magic == "FILE";
  });
  BOOST_TEST(noticed > 250u);
}

// Its registry lies among as many neighbours as in a real Windows, so that the folder's index has
// levels, and in pieces.
BOOST_AUTO_TEST_CASE(names_the_windows_on_it) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = missing_programs({"hivexsh", "hivexml"})) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  format_volume(volume, 120 * kMiB, {"mkntfs", "-q", "-F", "-f"}, {});
  write_hive_by_hivexsh(
      dir / "hive", {"ProductName", "string:Windows 10 Enterprise", "CurrentBuild", "string:22631",
                     "UBR", "dword:2861", "DisplayVersion", "string:23H2"});
  // Our own maker's hives are sound to others too.
  write_file(dir / "made", make_hive(software_key({hive_text("ProductName", "Windows 7")})));
  BOOST_TEST(must_run({.argv = {"hivexml", dir / "made"}}).contains("Windows 7"));

  const auto use = [&](const std::function<void(const stdfs::path& top)>& work) {
    const Mounted mounted(by_ntfs_3g(volume, dir / "mounted", "rw,compression"), dir / "mounted");
    work(dir / "mounted");
  };
  const stdfs::path config = stdfs::path("Windows") / "System32" / "config";
  use([&](const stdfs::path& top) {
    stdfs::create_directories(top / config);
    for (unsigned i = 0; i < 3000; ++i)
      write_file(top / "Windows" / "System32" / std::format("{:08x} some.dll", i * 2654435761u),
                 "x");
    write_file(top / config / "SOFTWARE", read_file(dir / "hive"));
  });
  BOOST_TEST(survey_volume(volume).info.system == "Windows 11 Enterprise 23H2 (build 22631.2861)");

  // What is compressed is not read.
  use([&](const stdfs::path& top) {
    stdfs::remove(top / config / "SOFTWARE");
    compress(top / config);
    write_file(top / config / "SOFTWARE", read_file(dir / "hive") + std::string(100'000, 'x'));
  });
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.info.system == "");
  BOOST_TEST(found.whole_reason == "");
}

BOOST_AUTO_TEST_CASE(every_unreadable_sector_gives_the_same_map_or_a_reason) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = make_volume({"small", 6 * kMiB, {"-c", "4096"}}, dir);
  survey_unreadable(volume, surveyed_map);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
