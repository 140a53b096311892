// LVM2 physical volumes against lvm2's own tools, without activating anything: what lies in a
// logical volume is put there and read back through the map that lvs prints.
#include <boost/test/unit_test.hpp>
#include <format>

#include "base/text.h"
#include "fs/driver.h"
#include "support/damage.h"
#include "support/file_tree.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/loop_device.h"
#include "support/lvm.h"
#include "support/mounted.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

using Words = Lvm::Words;

std::optional<std::string> missing_tools() {
  if (auto why = missing_programs({"pvcreate", "vgcreate", "lvcreate", "lvs", "mke2fs", "e2fsck"}))
    return why;
  return no_loop_device();
}

const InnerVolume& inner_named(const Volume& volume, std::string_view name) {
  for (const InnerVolume& inner : volume.inner)
    if (inner.name == name) return inner;
  throw std::runtime_error("no logical volume " + std::string(name));
}

// The map, or why some of it cannot be told: of a volume inside it is a reason too when it cannot
// be read.
Result<ExtentMap> map_with_inner(const io::BlockSource& source) {
  Volume found = fs::survey(source, {});
  if (!found.used_block()) return fail(bad_input({}, found.whole_reason));
  for (const InnerVolume& inner : found.inner)
    if (inner.whole_reason.contains("cannot be read"))
      return fail(bad_input({}, inner.whole_reason));
  return std::move(found.used);
}

// A physical volume with a group of plain logical volumes, filled, and what they were filled with.
struct Filled {
  struct Logical {
    std::string name;
    Words mkfs;  // empty: noise
    std::vector<LvmPiece> pieces = {};
    stdfs::path content = {};
  };

  explicit Filled(std::uint64_t bytes = 200 * kMiB + 3584) {
    make_sparse(volume, bytes);
    const Lvm lvm({volume});
    lvm.make_group();
    lvm.make("root", "40m");
    lvm.make("striped", "32m", {"-i", "2", "-I", "16k", "--alloc", "anywhere"});
    lvm.make("gone", "9m");
    lvm.make("three", "24m", {"-i", "3", "-I", "64k", "--alloc", "anywhere"});
    lvm.run({"lvextend", "-q", "-L", "+11m", "drydock/root"});
    lvm.run({"lvremove", "-q", "-y", "drydock/gone"});
    lvm.make("swap", "5m");
    lvm.make("raw", "3m");
    lvm.run({"lvextend", "-q", "-L", "+6m", "drydock/raw"});
    write_range(volume, 0, noise(3, 400));  // not LVM's
    make_tree(dir / "tree", 1, 60);
    for (Logical& each : logical) {
      each.pieces = lvm.pieces(each.name);
      each.content = dir / each.name;
      const LvmPiece& last = each.pieces.back();
      const std::uint64_t size = last.start + last.length;
      if (each.mkfs.empty())
        write_file(each.content, noise(9, size));
      else
        format_volume(each.content, size, each.mkfs, {});
      if (each.mkfs.size() > 1) wear_it(each.content);
      put_into(volume, each.pieces, each.content);
    }
    used = lvm.used(bytes);
  }

  // What the kernel does to it, where that is allowed.
  void wear_it(const stdfs::path& content) const {
    const Mounted mounted({"mount", "-o", "loop", content, dir / "mounted"}, dir / "mounted");
    stdfs::copy(dir / "tree", dir / "mounted" / "tree", stdfs::copy_options::recursive);
    delete_gone(dir / "mounted");
  }

  TempDir dir;
  stdfs::path volume = dir / "volume";
  ExtentMap used;  // by the extents of all logical volumes
  std::vector<Logical> logical{{"root", {"mke2fs", "-q", "-F", "-t", "ext4"}},
                               {"striped", {"mke2fs", "-q", "-F", "-t", "ext4", "-b", "1024"}},
                               {"three", {"mke2fs", "-q", "-F", "-t", "ext2", "-b", "2048"}},
                               {"swap", {"mkswap"}},
                               {"raw", {}}};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_lvm)

BOOST_AUTO_TEST_CASE(keeps_the_extents_that_pvs_lists) {
  if (const auto why = missing_tools()) return skip(*why);
  struct Recipe {
    std::string name;
    Words pv;
    Words vg;
    bool many = false;
  };
  const std::vector<Recipe> recipes{
      {"1 MiB extents", {}, {"-s", "1m"}},
      {"small extents, two copies", {"--metadatacopies", "2"}, {"-s", "64k"}},
      {"aligned", {"--dataalignment", "3m", "--dataalignmentoffset", "7k"}, {"-s", "128k"}},
      {"room for a boot loader", {"--bootloaderareasize", "5m"}, {"-s", "256k"}},
      {"texts around the end", {"--metadatasize", "64k"}, {"-s", "64k"}, true},
      {"label in sector 3", {"--labelsector", "3"}, {"-s", "512k"}},
      {"smaller than the device",
       {"--setphysicalvolumesize", "40m"},
       {"-s", "512k", "--addtag", "tagged", "-l", "9", "-p", "4"}},
  };
  for (const Recipe& recipe : recipes) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      const std::uint64_t bytes = 60 * kMiB + 512;
      make_sparse(dir / "volume", bytes);
      const Lvm lvm({dir / "volume"});
      lvm.make_group(recipe.pv, recipe.vg);
      const auto check = [&] {
        const Volume found = survey_volume(dir / "volume");
        BOOST_TEST(found.whole_reason == "");
        BOOST_TEST(found.info.filesystem == "LVM2");
        BOOST_TEST(found.info.label == "drydock");
        BOOST_TEST(found.info.uuid == trimmed(lvm.run({"pvs", "--noheadings", "-o", "uuid"})));
        BOOST_TEST(found.info.cluster == lvm.extent_bytes());
        BOOST_TEST(found.info.used == lvm.number({"pvs", "--noheadings", "--nosuffix", "--units",
                                                  "b", "-o", "pv_used"}));
        BOOST_TEST(found.info.free == lvm.number({"pvs", "--noheadings", "--nosuffix", "--units",
                                                  "b", "-o", "pv_free"}));
        const ExtentMap theirs = lvm.used(bytes);
        BOOST_TEST((found.used == theirs), difference(found.used, theirs));
      };
      check();
      lvm.make("one", "8m");
      lvm.make("gone", "5m");
      lvm.make("two", "16m", {"-i", "2", "-I", "4k", "--alloc", "anywhere"});
      check();
      lvm.run({"lvremove", "-q", "-y", "drydock/gone"});
      lvm.run({"lvextend", "-q", "-L", "+9m", "drydock/one"});
      lvm.run({"lvreduce", "-q", "-f", "-L", "8m", "drydock/two"});
      lvm.run({"lvrename", "-q", "drydock", "two", "three"});
      check();
      for (unsigned i = 0; recipe.many && i < 24; ++i) {
        lvm.make(std::format("small{}", i), "64k");
        if (i % 6 == 0) check();
      }
      lvm.run({"vgck", "drydock"});
    }
  }
}

BOOST_AUTO_TEST_CASE(maps_the_filesystem_in_each_logical_volume_and_restores_from_it) {
  if (const auto why = missing_tools()) return skip(*why);
  const Filled made;
  const Volume found = survey_volume(made.volume);
  BOOST_TEST_REQUIRE(found.whole_reason == "");
  BOOST_TEST(made.used.subtracted(found.used).bytes() > 90 * kMiB);
  BOOST_TEST_REQUIRE(found.inner.size() == made.logical.size());

  ExtentMap expected = made.used;
  for (const Filled::Logical& each : made.logical) {
    BOOST_TEST_CONTEXT(each.name) {
      const Volume alone = survey_volume(each.content);
      const InnerVolume& inner = inner_named(found, each.name);
      BOOST_TEST((inner.info == alone.info));
      BOOST_TEST(inner.bytes == stdfs::file_size(each.content));
      BOOST_TEST(inner.whole_reason == alone.whole_reason);
      BOOST_TEST(inner.whole_reason.empty() == !each.mkfs.empty());
      BOOST_TEST(inner.kept == alone.used.bytes());
      expected = expected.subtracted(outwards(alone.used.complement(inner.bytes), each.pieces));
    }
  }
  BOOST_TEST((found.used == expected), difference(found.used, expected));
  BOOST_TEST_MESSAGE("extents in use " << made.used.bytes() << ", kept " << found.used.bytes());

  restore_onto_noise(made.volume, found.used, made.dir / "copy");
  const Lvm lvm({made.dir / "copy"});
  lvm.run({"pvck", lvm.device()});
  lvm.run({"vgck", "drydock"});
  for (const Filled::Logical& each : made.logical) {
    BOOST_TEST_CONTEXT(each.name) {
      take_out(made.dir / "copy", lvm.pieces(each.name), made.dir / "out");
      for (const Extent& extent : survey_volume(each.content).used.extents())
        BOOST_TEST((read_range(made.dir / "out", extent.offset, extent.length) ==
                    read_range(each.content, extent.offset, extent.length)));
      if (each.mkfs.size() < 2) continue;
      must_run({.argv = {"e2fsck", "-f", "-n", made.dir / "out"}});
      const auto end = stdfs::file_size(each.content);
      BOOST_TEST(difference(ext_tree(made.dir / "out", {0, end}),
                            ext_tree(each.content, {0, end})) == "same");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_volume_of_no_group_has_its_label_kept) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "volume", 40 * kMiB);
  const Lvm lvm({dir / "volume"});
  lvm.run({"pvcreate", "-q", "-y", lvm.device()});
  const Volume found = survey_volume(dir / "volume");
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST(found.used.contains({0, kMiB}));
  BOOST_TEST(found.used.bytes() <= 2 * kMiB);
  restore_onto_noise(dir / "volume", found.used, dir / "copy");
  const Lvm copy({dir / "copy"});
  copy.run({"pvck", copy.device()});
  BOOST_TEST(copy.run({"pvs", "--noheadings", "-o", "uuid"}).contains(found.info.uuid));
}

// Those of which only LVM knows what is free, as texts: without a device mapper nothing makes them.
BOOST_AUTO_TEST_CASE(other_kinds_of_logical_volumes_are_kept_whole) {
  if (const auto why = missing_tools()) return skip(*why);
  struct Kind {
    std::string what;
    std::string by;
    std::string reason;
  };
  const std::string plain = "type = \"striped\"\nstripe_count = 1\nstripes = [\n\"pv0\", 0\n]";
  const std::string visible = "status = [\"READ\", \"WRITE\", \"VISIBLE\"]";
  const std::vector<Kind> kinds{
      {plain, "type = \"error\"", "kind 'error'"},
      {plain, "type = \"zero\"", "kind 'zero'"},
      {visible, "status = [\"READ\", \"WRITE\"]", "internal volume"},
      {visible, "status = [\"READ\", \"WRITE\", \"VISIBLE\", \"LOCKED\"]", "state is LOCKED"},
      {visible, "status = [\"READ\", \"WRITE\", \"VISIBLE\", \"PVMOVE\"]", "state is PVMOVE"},
  };
  for (const Kind& kind : kinds) {
    BOOST_TEST_CONTEXT(kind.reason) {
      const TempDir dir;
      make_sparse(dir / "volume", 40 * kMiB);
      const Lvm lvm({dir / "volume"});
      lvm.make_group();
      lvm.make("one", "10m");
      lvm.make("two", "10m");
      must_run({.argv = {"mke2fs", "-q", "-F", "-E", "offset=" + std::to_string(lvm.data_offset()),
                         dir / "volume", "10m"}});
      BOOST_TEST(inner_named(survey_volume(dir / "volume"), "one").whole_reason == "");
      const ExtentMap before = lvm.used(40 * kMiB);
      lvm.edit(dir / "text", kind.what, kind.by);
      const Volume found = survey_volume(dir / "volume");
      BOOST_TEST(found.whole_reason == "");
      BOOST_TEST((found.used == lvm.used(40 * kMiB)), difference(found.used, before));
    }
  }
}

BOOST_AUTO_TEST_CASE(parts_on_other_volumes_are_kept_whole) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "volume", 60 * kMiB);
  make_sparse(dir / "other", 60 * kMiB);
  const Lvm lvm({dir / "volume", dir / "other"});
  lvm.make_group();
  lvm.make("here", "10m", {lvm.device(0)});
  lvm.make("there", "10m", {lvm.device(1)});
  lvm.make("both", "20m", {"-i", "2"});
  lvm.make("grown", "10m", {lvm.device(0)});
  lvm.run({"lvextend", "-q", "-L", "+10m", "drydock/grown", lvm.device(1)});
  format_volume(dir / "ext", 10 * kMiB, {"mke2fs", "-q", "-F"}, {});
  put_into(dir / "volume", lvm.pieces("here"), dir / "ext");
  const Volume found = survey_volume(dir / "volume");
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST(found.inner.size() == 3u);
  BOOST_TEST(inner_named(found, "here").whole_reason == "");
  for (const std::string name : {"both", "grown"}) {
    BOOST_TEST(inner_named(found, name).whole_reason == "parts of it are on other disks");
    BOOST_TEST(inner_named(found, name).kept == 10 * kMiB);
    BOOST_TEST(inner_named(found, name).bytes == 20 * kMiB);
  }
  const ExtentMap free = survey_volume(dir / "ext").used.complement(10 * kMiB);
  const ExtentMap theirs = lvm.used(60 * kMiB).subtracted(outwards(free, lvm.pieces("here")));
  BOOST_TEST((found.used == theirs), difference(found.used, theirs));
}

BOOST_AUTO_TEST_CASE(what_is_shared_exported_or_unclear_means_the_whole_volume) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  const auto make = [&](const Words& pv) {
    make_sparse(volume, 40 * kMiB);
    auto lvm = std::make_unique<Lvm>(std::vector<stdfs::path>{volume});
    lvm->make_group(pv);
    lvm->make("one", "10m");
    BOOST_TEST((survey_volume(volume).info.filesystem == "LVM2"));
    return lvm;
  };
  const auto reason = [&] { return survey_volume(volume).whole_reason; };
  {
    const auto lvm = make({});
    lvm->run({"vgexport", "-q", "drydock"});
    BOOST_TEST(reason().contains("EXPORTED"), reason());
  }
  {
    make_sparse(volume, 40 * kMiB);
    make_sparse(dir / "other", 40 * kMiB);
    const Lvm lvm({volume, dir / "other"});
    lvm.make_group();
    lvm.run({"pvchange", "-q", "--metadataignore", "y", lvm.device()});
    BOOST_TEST(reason().contains("not kept up to date"), reason());
  }
  {
    const auto lvm = make({"--metadatacopies", "2"});
    const std::string older = read_range(volume, 4096, kMiB - 4096);
    lvm->make("two", "10m");
    write_range(volume, 4096, older);
    BOOST_TEST(reason().contains("copies of the LVM metadata differ"), reason());
  }
  {
    make({});
    stdfs::resize_file(volume, 39 * kMiB);
    BOOST_TEST(reason().contains("bytes, but it has"), reason());
  }
}

BOOST_AUTO_TEST_CASE(damage_never_frees_what_is_in_use) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = dir / "volume";
  make_sparse(volume, 16 * kMiB);
  format_volume(dir / "ext", 2 * kMiB, {"mke2fs", "-q", "-F"}, {});
  {
    const Lvm lvm({volume});
    lvm.make_group({"--metadatacopies", "2", "--metadatasize", "64k"}, {"-s", "64k"});
    lvm.make("linear", "2m");
    lvm.make("striped", "2m", {"-i", "2", "-I", "8k", "--alloc", "anywhere"});
    put_into(volume, lvm.pieces("linear"), dir / "ext");
    put_into(volume, lvm.pieces("striped"), dir / "ext");
  }
  survey_unreadable(volume, map_with_inner);
  survey_flipped(volume, surveyed_map, ExtentMap::from({{512, 512}, {4096, 64}}));
  survey_flipped(volume, surveyed_map, ExtentMap::from({{4096 + 512, 8192}}), 29);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
