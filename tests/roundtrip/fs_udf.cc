// UDF and ISO 9660 against udftools, xorriso and the kernel.
#include <boost/test/unit_test.hpp>
#include <format>

#include "base/text.h"
#include "fs/udf.h"
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

struct Recipe {
  std::string name;
  std::uint64_t size;
  std::vector<std::string> options;
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all{
      {"512, 2.01", 16 * kMiB, {"-b", "512"}},
      {"512, 1.02", 16 * kMiB, {"-b", "512", "-r", "1.02"}},
      {"1K, 1.50, long descriptors", 16 * kMiB, {"-b", "1024", "-r", "1.50", "--ad=long"}},
      {"2K, 2.00, short descriptors", 24 * kMiB, {"-b", "2048", "-r", "2.00", "--ad=short"}},
      {"2K, 2.01, no extended entries", 24 * kMiB, {"-b", "2048", "--noefe"}},
      {"4K, 2.01", 24 * kMiB + 512, {"-b", "4096"}},
      {"512, named as by Windows", 16 * kMiB, {"-b", "512", "--fullvsid=103A3B3B UDF Volume Set"}},
      {"512, named by nothing", 16 * kMiB, {"-b", "512", "--fullvsid=some set or other"}},
      {"512, boot record", 16 * kMiB, {"-b", "512", "--bootarea=mbr"}},
  };
  return all;
}
// What is kept whole: named after a word of the reason.
const std::vector<Recipe>& refused() {
  static const std::vector<Recipe> all{
      {"virtual", 40 * kMiB, {"-m", "cdr", "-b", "2048", "--minblocks=2000"}},
      {"sparable", 40 * kMiB, {"-m", "cdrw", "-b", "2048"}},
      {"revision", 40 * kMiB, {"-m", "cdr", "-b", "2048", "-r", "2.50", "--minblocks=2000"}},
      {"revision", 40 * kMiB, {"-m", "bdr", "-b", "2048", "-r", "2.60"}},
      {"one bitmap", 16 * kMiB, {"-b", "512", "--space=freedbitmap"}},
      {"one bitmap", 16 * kMiB, {"-b", "512", "--space=unalloctable"}},
      {"one bitmap", 16 * kMiB, {"-b", "512", "--space=freedtable"}},
      {"not written in place", 16 * kMiB, {"-b", "512", "--read-only"}},
  };
  return all;
}

std::optional<std::string> missing_tools() {
  return missing_programs({"mkudffs", "udfinfo"});
}

stdfs::path make_volume(const Recipe& recipe, const TempDir& dir) {
  const stdfs::path volume = dir / "volume";
  format_volume(volume, recipe.size, {"mkudffs", "-l", "drydock ä"}, recipe.options,
                {{"LC_ALL", "C.UTF-8"}});
  return volume;
}

std::string field(const std::string& said, const std::string& name) {
  for (const std::string_view line : split(said, '\n'))
    if (line.starts_with(name + "=")) return std::string(line.substr(name.size() + 1));
  throw std::runtime_error("udfinfo says nothing of " + name);
}

// Where udfinfo says that the partition and what is around it are.
ExtentMap areas(const std::string& said, std::uint64_t block) {
  ExtentMap all;
  for (const std::string_view line : split(said, '\n')) {
    if (!line.starts_with("start=") || line.ends_with("type=PSPACE")) continue;
    const auto number = [&](std::string_view key) {
      const std::size_t at = line.find(key) + key.size();
      return parse_ranges(line.substr(at, line.find(',', at) - at)).at(0).offset;
    };
    all.add({number("start=") * block, number("blocks=") * block});
  }
  return all;
}

void check_against_udfinfo(const stdfs::path& volume) {
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason == "");
  BOOST_TEST(found.info.filesystem == "UDF");
  BOOST_TEST(found.info.label == "drydock ä");
  const std::string said =
      must_run({.argv = {"udfinfo", "--utf8", volume}, .env = {{"LC_ALL", "C.UTF-8"}}});
  BOOST_TEST(found.info.uuid == field(said, "uuid"));
  BOOST_TEST(field(said, "integrity") == "closed");
  BOOST_TEST((found.info.state == VolumeState::clean));
  const std::uint64_t block = parse_ranges(field(said, "blocksize")).at(0).offset;
  BOOST_TEST(found.info.used == parse_ranges(field(said, "usedblocks")).at(0).offset * block);
  BOOST_TEST(found.info.free == parse_ranges(field(said, "freeblocks")).at(0).offset * block);
  const std::uint64_t outside = stdfs::file_size(volume) - found.info.total;
  BOOST_TEST(found.used.bytes() == found.info.used + outside);
  const ExtentMap kept = areas(said, block);
  BOOST_TEST(kept.subtracted(found.used).empty(), difference(kept, found.used));
  BOOST_TEST_MESSAGE("udfinfo: " << found.info.used << " used, mapped "
                                 << found.used.bytes() - outside << " and " << outside);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_udf)

BOOST_AUTO_TEST_CASE(maps_an_empty_volume_as_udfinfo_counts_it) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const Recipe& recipe : recipes()) {
    BOOST_TEST_CONTEXT(recipe.name) {
      const TempDir dir;
      check_against_udfinfo(make_volume(recipe, dir));
    }
  }
}

BOOST_AUTO_TEST_CASE(maps_what_the_kernel_has_worn_and_restores_from_it) {
  if (const auto why = missing_tools()) return skip(*why);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  std::vector<TempDir> folders(recipes().size());
  std::vector<stdfs::path> volumes;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    volumes.push_back(make_volume(recipes()[i], folders[i]));
    make_sparse(folders[i] / "copy", recipes()[i].size);
  }
  for (const TempDir& folder : folders) volumes.push_back(folder / "copy");
  GuestKernel guest("fs-udf", volumes);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    BOOST_TEST_CONTEXT(recipes()[i].name) {
      guest.fill(i, "udf");
      const FileTree before = guest.tree(i, "udf");
      BOOST_TEST(before.size() > 10u);
      check_against_udfinfo(volumes[i]);
      restore_onto_noise(volumes[i], survey_volume(volumes[i]).used, folders[i] / "copy");
      check_against_udfinfo(folders[i] / "copy");
      BOOST_TEST(difference(guest.tree(folders.size() + i, "udf"), before) == "same");
    }
  }
  // A power cut: mounted when the machine goes.
  guest.run(
      std::format("blockdev --setrw {0}; mkdir -p /mnt/cut; mount -t udf {0} /mnt/cut; "
                  "echo new >/mnt/cut/new; sync",
                  GuestKernel::device(0)));
  const Volume cut = survey_volume(volumes[0]);
  BOOST_TEST(cut.whole_reason.contains("not unmounted cleanly"), cut.whole_reason);
  BOOST_TEST((cut.info.state == VolumeState::dirty));
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_is_kept_whole) {
  if (const auto why = missing_tools()) return skip(*why);
  for (const Recipe& recipe : refused()) {
    BOOST_TEST_CONTEXT(recipe.name + recipe.options.back()) {
      const TempDir dir;
      const Volume found = survey_volume(make_volume(recipe, dir));
      BOOST_TEST(found.info.filesystem == "UDF");
      BOOST_TEST(found.whole_reason.contains(recipe.name), found.whole_reason);
      BOOST_TEST((found.used == ExtentMap::whole(recipe.size)));
    }
  }
}

BOOST_AUTO_TEST_CASE(damage_never_frees_what_is_in_use) {
  if (const auto why = missing_tools()) return skip(*why);
  const TempDir dir;
  const stdfs::path volume = make_volume({"small", 2 * kMiB, {"-b", "512"}}, dir);
  survey_unreadable(volume, fs::used_udf);
  const Volume found = survey_volume(volume);
  survey_flipped(volume, fs::used_udf, found.used.clipped({96 * 512, 400 * 512}), 5);
}

BOOST_AUTO_TEST_CASE(an_iso_9660_image_is_finished_and_kept_whole_with_what_lies_behind) {
  if (const auto why = missing_program("xorriso")) return skip(*why);
  const TempDir dir;
  make_tree(dir / "tree", 1, 10);
  must_run({.argv = {"xorriso", "-as", "mkisofs", "-quiet", "-R", "-J", "-V", "DRYDOCK", "-o",
                     dir / "volume", dir / "tree"}});
  const std::uint64_t size = stdfs::file_size(dir / "volume");
  stdfs::resize_file(dir / "volume", size + 3 * kMiB);  // as on a stick
  const Volume found = survey_volume(dir / "volume");
  BOOST_TEST(found.info.filesystem == "ISO 9660");
  BOOST_TEST(found.info.label == "DRYDOCK");
  BOOST_TEST(found.info.total <= size);
  BOOST_TEST(found.whole_reason == "it is a finished image without free space");
  BOOST_TEST((found.used == ExtentMap::whole(size + 3 * kMiB)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
