#include "sys/overlap.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "support/files.h"
#include "support/sys_tree.h"
#include "support/temp_dir.h"

namespace drydock::sys {
namespace {

struct TwoDisks {
  test::SysTreeBuilder builder;

  TwoDisks() {
    for (const char* name : {"sda", "sdb"}) {
      builder.add_disk(std::string("pci0000:00/0000:00:05.0/") + name + "-scsi/block/" + name,
                       {{"size", "9999\n"}});
      for (const unsigned number : {1U, 12U})
        builder.add_partition(name, number, {{"size", "99\n"}});
    }
  }

  bool shares(const std::string& a, const std::string& b) const {
    const SysTree tree(builder.root());
    return overlap(tree, a, b).value() && overlap(tree, b, a).value();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sys_overlap, TwoDisks)

BOOST_AUTO_TEST_CASE(a_disk_and_its_partitions) {
  BOOST_TEST(shares("/dev/sda", "/dev/sda"));
  BOOST_TEST(shares("/dev/sda", "/dev/sda12"));
  BOOST_TEST(!shares("/dev/sda1", "/dev/sda12"));
  BOOST_TEST(!shares("/dev/sda", "/dev/sdb"));
  BOOST_TEST(!shares("/dev/sda1", "/dev/sdb1"));
}

BOOST_AUTO_TEST_CASE(one_file_by_two_names) {
  const test::TempDir dir;
  test::write_file(dir / "disk.img", "content");
  std::filesystem::create_symlink(dir / "disk.img", dir / "link");
  const std::string file = (dir / "disk.img").string();
  BOOST_TEST(shares(file, file));
  BOOST_TEST(shares(file, (dir / "link").string()));
  BOOST_TEST(!shares(file, (dir / "new.img").string()));
  BOOST_TEST(!shares(file, "/dev/sda"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
