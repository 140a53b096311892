// Volumes that others made, whole and damaged: every one ends in a clear answer.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <map>

#include "base/text.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

// What a volume of each kind must be recognised as, by the start of the name. A damaged volume may
// have lost what it is known by.
const std::map<std::string, std::vector<std::string>>& kinds() {
  static const std::map<std::string, std::vector<std::string>> all{
      {"fs-apfs", {"APFS"}},
      {"fs-btrfs", {"Btrfs"}},
      {"fs-exfat", {"exFAT"}},
      {"fs-ext", {"ext"}},
      {"fs-f2fs", {"F2FS"}},
      {"fs-fat", {"FAT"}},
      {"fs-hfs", {"HFS"}},
      {"fs-ntfs", {"NTFS"}},
      {"fs-swap", {"swap"}},
      {"fs-xfs", {"XFS"}},
      {"lvm", {"LVM2"}},
      {"crypt", {"LUKS", "BitLocker"}},
      {"optical-iso", {"ISO 9660", "UDF"}},
      {"fs-btrfs-bad", {}},
      {"fs-exfat-bad", {}},
      {"fs-ext-bad", {}},
      {"fs-fat-bad", {}},
  };
  return all;
}

stdfs::path corpus() {
  const char* const chosen = std::getenv("DRYDOCK_CORPUS");
  return chosen != nullptr ? stdfs::path(chosen) : stdfs::path("../shared/corpus");
}

void look_at(const stdfs::path& packed, const std::vector<std::string>& names) {
  const TempDir dir;
  must_run({.argv = {"zstd", "-q", "-d", "--sparse", packed, "-o", dir / "volume"}});
  const std::uint64_t bytes = stdfs::file_size(dir / "volume");
  const Volume found = survey_volume(dir / "volume");
  BOOST_TEST(found.used.end() <= bytes);
  BOOST_TEST((found.used_block() || found.used == ExtentMap::whole(bytes)));
  if (names.empty()) return;
  const bool named = std::ranges::any_of(
      names, [&](const std::string& name) { return found.info.filesystem.starts_with(name); });
  BOOST_TEST(named, "it is called " + found.info.filesystem);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_corpus)

BOOST_AUTO_TEST_CASE(every_volume_ends_in_a_clear_answer) {
  if (const auto why = missing_program("zstd")) return skip(*why);
  if (!stdfs::exists(corpus() / "expected.tsv"))
    return skip("no corpus of volumes (DRYDOCK_CORPUS names one)");
  for (const auto& [kind, names] : kinds()) {
    if (!stdfs::exists(corpus() / kind)) continue;
    for (const auto& entry : stdfs::recursive_directory_iterator(corpus() / kind)) {
      if (entry.path().extension() != ".zst") continue;
      BOOST_TEST_CONTEXT(entry.path().string()) look_at(entry.path(), names);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
