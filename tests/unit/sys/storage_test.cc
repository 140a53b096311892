#include "sys/storage.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "support/files.h"
#include "support/sys_tree.h"

namespace drydock::sys {
namespace {

// A machine whose folder /…/mnt (a real one, so that it can be measured) is a mount.
struct Mounted {
  test::SysTreeBuilder builder;
  test::TempDir folder;
  std::string point = real_path(folder.path().string());

  Mounted() {
    for (const char* name : {"sda", "sdb"}) {
      builder.add_disk(std::string("pci0000:00/0000:00:05.0/") + name + "-scsi/block/" + name,
                       {{"size", "9999\n"}});
      builder.add_partition(name, 1, {{"size", "99\n"}});
    }
    builder.add_disk("virtual/block/dm-0", {{"size", "99\n"}});
    builder.add_mount("sda1", "/", "ext4", "/dev/root");
  }

  Storage storage(const std::string& name) const {
    const auto found = storage_of(SysTree(builder.root()), point + "/" + name);
    BOOST_REQUIRE(found.has_value());
    return *found;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sys_storage, Mounted)

BOOST_AUTO_TEST_CASE(the_root_filesystem_by_its_number) {
  const Storage found = storage("new.img");
  BOOST_TEST(found.mount_point == "/");
  BOOST_TEST(found.device == "/dev/sda1");
  BOOST_TEST(found.disk == "/dev/sda");
  BOOST_TEST(found.writable);
  BOOST_TEST(found.total > 0u);
}

BOOST_AUTO_TEST_CASE(a_mapped_volume_stands_on_its_drive) {
  builder.add_holder("sdb1", "dm-0");
  builder.add_mount("dm-0", point, "vfat", "/dev/mapper/crypt", "ro");
  const Storage found = storage("new.img");
  BOOST_TEST(found.mount_point == point);
  BOOST_TEST(found.device == "/dev/dm-0");
  BOOST_TEST(found.disk == "/dev/sdb");
  BOOST_TEST(found.largest_file == 0xFFFFFFFFu);
  BOOST_TEST(!found.writable);
}

BOOST_AUTO_TEST_CASE(a_network_filesystem_has_no_device) {
  builder.add_mount("0:51", point, "cifs", "//server/share");
  const Storage found = storage("new.img");
  BOOST_TEST(found.filesystem == "cifs");
  BOOST_TEST(found.device == "");
  BOOST_TEST(found.disk == "");
}

BOOST_AUTO_TEST_CASE(links_are_followed_to_where_the_bytes_are) {
  std::filesystem::create_directory(folder / "real");
  std::filesystem::create_directory_symlink("real", folder / "link");
  BOOST_TEST(real_path(point + "/link/new.img") == point + "/real/new.img");
  BOOST_TEST(real_path(point + "/link") == point + "/real");
  BOOST_TEST(real_path("/new") == "/new");
  BOOST_TEST(real_path(point + "/no/folder/new.img") == point + "/no/folder/new.img");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
