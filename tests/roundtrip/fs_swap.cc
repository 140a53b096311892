// Linux swap against util-linux.
#include <boost/test/unit_test.hpp>

#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

std::filesystem::path make_swap(const TempDir& dir, unsigned page) {
  const auto volume = dir / "volume";
  // What was swapped out before: noise, none of which is to be kept.
  write_file(volume, noise(5, 8 * kMiB + 1000));
  must_run({.argv = {"mkswap", "-p", std::to_string(page), "-L", "drydock", volume}});
  return volume;
}

std::string blkid(const std::filesystem::path& volume, const std::string& tag) {
  std::string value = must_run({.argv = {"blkid", "-p", "-o", "value", "-s", tag, volume}});
  if (!value.empty()) value.pop_back();
  return value;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_swap)

BOOST_AUTO_TEST_CASE(keeps_the_header_page_and_what_lies_behind) {
  if (const auto why = missing_programs({"mkswap", "blkid"})) return skip(*why);
  for (const unsigned page : {4096u, 8192u, 16384u, 32768u, 65536u}) {
    BOOST_TEST_CONTEXT(page) {
      const TempDir dir;
      const auto volume = make_swap(dir, page);
      const Volume found = survey_volume(volume);
      BOOST_TEST(found.whole_reason == "");
      BOOST_TEST(found.info.filesystem == "swap");
      const std::uint64_t end = (8 * kMiB + 1000) / page * page;
      ExtentMap expected;
      expected.add({0, page});
      expected.add({end, 8 * kMiB + 1000 - end});
      BOOST_TEST((found.used == expected), difference(found.used, expected));

      restore_onto_noise(volume, found.used, dir / "copy");
      for (const char* tag : {"TYPE", "UUID", "LABEL"})
        BOOST_TEST(blkid(dir / "copy", tag) == blkid(volume, tag));
      BOOST_TEST(found.info.uuid == blkid(volume, "UUID"));
      BOOST_TEST(found.info.label == "drydock");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_hibernated_system_is_kept_whole) {
  if (const auto why = missing_program("mkswap")) return skip(*why);
  for (const char* mark :
       {"S1SUSPEND", "S2SUSPEND", "ULSUSPEND", "LINHIB0001", "\xed\xc3\x02\xe9\x98\x56\xe5\x0c"}) {
    BOOST_TEST_CONTEXT(mark) {
      const TempDir dir;
      const auto volume = make_swap(dir, 4096);
      std::string signature(mark);
      signature.resize(10);
      write_range(volume, 4086, signature);
      const Volume found = survey_volume(volume);
      BOOST_TEST(found.whole_reason.contains("hibernated"), found.whole_reason);
      BOOST_TEST((found.info.state == VolumeState::hibernated));
      BOOST_TEST((found.used == ExtentMap::whole(8 * kMiB + 1000)));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_leftover_swap_header_does_not_hide_a_filesystem) {
  if (const auto why = missing_programs({"mkswap", "mkfs.fat"})) return skip(*why);
  const TempDir dir;
  const auto volume = make_swap(dir, 65536);
  // Nothing of a small FAT volume reaches the place of the old signature.
  must_run({.argv = {"mkfs.fat", "-a", "-F", "12", "-s", "64", volume}});
  const Volume found = survey_volume(volume);
  BOOST_TEST(found.whole_reason.contains("one of them is a leftover"), found.whole_reason);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
