// BSD disklabels inside a partition of the boot record: as fdisk writes them and the kernel reads
// them.
#include <boost/test/unit_test.hpp>
#include <format>
#include <map>

#include "base/text.h"
#include "disk/layout.h"
#include "io/file_source.h"
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
constexpr Extent kRoot{std::uint64_t{2064} * 512, 12 * kMiB};

// A slice of that type with a root filesystem and swap, and two logical partitions.
void make_disk(const stdfs::path& disk, const std::string& type) {
  make_sparse(disk, 64 * kMiB);
  must_run({.argv = {"sfdisk", "--quiet", disk},
            .input = "label: dos\nstart=2048, size=60000, type=" + type +
                     "\nstart=65536, size=60000, type=f\nstart=66000, size=2000, type=83\n"
                     "start=70000, size=2000, type=83\n"});
  const std::uint64_t first = kRoot.offset / 512;
  const std::uint64_t last = kRoot.end() / 512 - 1;
  must_run({.argv = {"fdisk", disk},
            .input = std::format("b\ny\nn\na\n{}\n{}\nt\na\n7\nn\nb\n{}\n{}\nt\nb\n1\nw\n", first,
                                 last, last + 1, last + 10'000)});
}

Layout layout_of(const stdfs::path& disk) {
  const auto source = io::open_file_source(disk);
  BOOST_REQUIRE(source.has_value());
  const auto layout = disk::read_layout(**source);
  BOOST_REQUIRE(layout.has_value());
  return *layout;
}

// Number → "start+sectors"; an extended partition is a mere two sectors for Linux and not one of
// ours.
std::map<std::string, std::string> by_us(const Layout& layout) {
  std::map<std::string, std::string> found;
  for (const Partition& partition : layout.partitions)
    found[std::to_string(partition.number)] =
        std::format("{}+{}", partition.extent.offset / 512, partition.extent.length / 512);
  return found;
}

std::map<std::string, std::string> by_kernel(GuestKernel& guest, std::size_t i) {
  const std::string device = GuestKernel::device(i).substr(5);
  const std::string said = guest.run(std::format(
      "for p in /sys/block/{0}/{0}*; do echo $(cat $p/partition $p/start $p/size); done", device));
  std::map<std::string, std::string> found;
  for (const std::string_view line : split(said, '\n')) {
    const auto words = split(trimmed(line), ' ');
    if (words.size() == 3) found[std::string(words[0])] = std::format("{}+{}", words[1], words[2]);
  }
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_bsd_disklabel)

BOOST_AUTO_TEST_CASE(its_partitions_are_volumes_and_the_rest_is_kept) {
  if (const auto why = missing_programs({"sfdisk", "fdisk", "makefs"})) return skip(*why);
  for (const char* type : {"a5", "a6", "a9"}) {
    BOOST_TEST_CONTEXT(type) {
      const TempDir dir;
      make_disk(dir / "disk", type);
      make_tree(dir / "tree", 1, 20);
      must_run({.argv = {"makefs", "-t", "ffs", "-B", "le", "-s", std::to_string(kRoot.length),
                         dir / "root", dir / "tree"}});
      write_range(dir / "disk", kRoot.offset, read_file(dir / "root"));
      const Layout layout = layout_of(dir / "disk");
      BOOST_TEST(layout.partitions.size() == 4u);
      const Partition& root = layout.partitions[0];
      BOOST_TEST((root.extent == kRoot));
      BOOST_TEST(root.name == "a");
      BOOST_TEST(root.type == "BSD fast filesystem");
      BOOST_TEST(layout.partitions[1].type == "BSD swap");
      BOOST_TEST(layout.table_areas.contains({std::uint64_t{2049} * 512, 512}));

      write_file(dir / "volume", read_range(dir / "disk", root.extent.offset, root.extent.length));
      const Volume found = survey_volume(dir / "volume");
      BOOST_TEST(found.info.filesystem == "UFS1");
      BOOST_TEST(found.whole_reason == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(they_are_where_and_what_the_kernel_calls_them) {
  if (const auto why = missing_programs({"sfdisk", "fdisk"})) return skip(*why);
  if (const auto why = GuestKernel::missing()) return skip(*why);
  const TempDir dir;
  std::vector<stdfs::path> disks;
  for (const char* type : {"a5", "a6", "a9"}) {
    disks.push_back(dir / type);
    make_disk(disks.back(), type);
  }
  GuestKernel guest("bsd-disklabel", disks);
  for (std::size_t i = 0; i < disks.size(); ++i) {
    BOOST_TEST_CONTEXT(disks[i]) {
      auto theirs = by_kernel(guest, i);
      const auto ours = by_us(layout_of(disks[i]));
      // For Linux the slice and the extended partition are there as well.
      BOOST_TEST(theirs.erase("1") == 1u);
      BOOST_TEST(theirs.erase("2") == 1u);
      for (const auto& [number, place] : theirs)
        BOOST_TEST((ours.contains(number) && ours.at(number) == place), number << ": " << place);
      BOOST_TEST(ours.size() == theirs.size());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
