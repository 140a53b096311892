#include "job/destination.h"

#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "job/device_names.h"
#include "job/save.h"
#include "support/files.h"
#include "support/skip.h"
#include "unit/job/computer.h"

namespace drydock::job {
namespace {

Destination only(const std::vector<Destination>& all, const std::string& device) {
  for (const Destination& each : all)
    if (each.device == device) return each;
  BOOST_FAIL(device + " is not listed");
  return {};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_destination, test::Computer)

BOOST_AUTO_TEST_CASE(names_of_partitions) {
  BOOST_TEST(partition_device("/dev/sda", 2) == "/dev/sda2");
  BOOST_TEST(partition_device("/dev/nvme0n1", 2) == "/dev/nvme0n1p2");
  BOOST_TEST(partition_device("/dev/mmcblk0", 10) == "/dev/mmcblk0p10");
  BOOST_TEST(partition_device("/dev/sdb", 0) == "/dev/sdb");
}

BOOST_AUTO_TEST_CASE(volumes_with_what_makes_them_unfit) {
  if (const auto why = add_stick("/dev/sdb")) return drydock::test::skip(*why);
  add_system_drive("/dev/sda", 4);
  const auto found = destinations(machine, "/dev/sda");
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->size() == 3u);
  const Destination stick = only(*found, "/dev/sdb");
  BOOST_TEST(stick.unfit == "");
  BOOST_TEST(stick.disk_name == "Stick (S-sdb)");
  BOOST_TEST(stick.label == "IMAGES");
  BOOST_TEST(stick.bytes == 16 * kMiB);
  BOOST_TEST(stick.mounted_on == "");
  BOOST_TEST(only(*found, "/dev/sda1").unfit == "is on the same drive");
  const auto without = destinations(machine, "");
  BOOST_REQUIRE(without.has_value());
  BOOST_TEST(only(*without, "/dev/sda1").unfit.contains("swap"));
  BOOST_TEST(only(*without, "/dev/sda2").unfit.contains("nothing that Drydock knows"));
}

BOOST_AUTO_TEST_CASE(a_destination_is_mounted_as_it_is_needed) {
  if (const auto why = add_stick("/dev/sdb")) return drydock::test::skip(*why);
  const Destination stick = only(*destinations(machine, ""), "/dev/sdb");
  Nobody nobody;
  const auto folder = open_destination(machine, stick, true, nobody);
  BOOST_REQUIRE(folder.has_value());
  BOOST_TEST(machine.mounted() == std::vector<std::string>{"/dev/sdb rw"},
             boost::test_tools::per_element());
  const Destination mounted = only(*destinations(machine, ""), "/dev/sdb");
  BOOST_TEST(mounted.mounted_on == *folder);
  BOOST_TEST(mounted.free == 9 * kMiB);
  BOOST_TEST(mounted.unfit == "");
  BOOST_TEST(close_destination(machine, *folder).has_value());
  BOOST_TEST(machine.writable_devices().empty());
  BOOST_TEST(open_destination(machine, stick, false, nobody).has_value());
  BOOST_TEST(machine.mounted().back() == "/dev/sdb ro");
}

BOOST_AUTO_TEST_CASE(a_place_on_the_network_is_connected_as_it_is_needed) {
  Nobody nobody;
  const auto share = network_destination("nfs://nas/store/pcs");
  BOOST_REQUIRE(share.has_value());
  BOOST_TEST(share->device == "nfs://nas/store/pcs");
  BOOST_TEST(!open_destination(machine, *share, true, nobody).has_value());
  machine.add_share(*share->url);
  const auto folder = open_destination(machine, *share, true, nobody);
  BOOST_REQUIRE(folder.has_value());
  BOOST_TEST(machine.mounted().back() == "nfs://nas/store/pcs rw");
  BOOST_TEST(close_destination(machine, *folder).has_value());
  BOOST_TEST(!network_destination("nas/store").has_value());
  BOOST_TEST(!network_destination("smb://").has_value());
}

BOOST_AUTO_TEST_CASE(a_volume_that_belongs_to_an_array_is_unfit) {
  if (const auto why = add_stick("/dev/sdb")) return drydock::test::skip(*why);
  Disk disk = machine.disks()->front();
  disk.in_use = {"/dev/sdb belongs to /dev/md0"};
  machine.plug(disk);
  BOOST_TEST(only(*destinations(machine, ""), "/dev/sdb").unfit == "/dev/sdb belongs to /dev/md0");
}

BOOST_AUTO_TEST_CASE(a_folder_shows_images_for_what_they_are) {
  add_system_drive("/dev/sda", 4);
  std::filesystem::create_directories(file("folder/zz"));
  auto plan = plan_save(
      machine,
      {.source = "/dev/sda", .image = file("folder/pc.img.zst"), .threads = 1, .note = ""});
  BOOST_REQUIRE(plan.has_value());
  NullObserver nobody;
  const Stop never;
  BOOST_REQUIRE(run(std::move(*plan), nobody, never).has_value());
  const std::string image = drydock::test::read_file(file("folder/pc.img.zst"));
  drydock::test::write_file(file("folder/half.img.zst.part"), image.substr(0, image.size() - 10));
  drydock::test::write_file(file("folder/notes.txt"), "not an image");
  std::filesystem::create_symlink("nowhere", file("folder/dangling"));
  const auto entries = browse(machine, file("folder"));
  BOOST_REQUIRE(entries.has_value());
  BOOST_REQUIRE_EQUAL(entries->size(), 4u);
  const FolderEntry& folder = (*entries)[0];
  BOOST_TEST(folder.name == "zz");
  BOOST_TEST(folder.folder);
  const FolderEntry& half = (*entries)[1];
  BOOST_TEST(half.incomplete);
  BOOST_TEST(!half.image);
  BOOST_TEST(half.source == "Old Disk, " + vendor_bytes(4 * kMiB));
  const FolderEntry& notes = (*entries)[2];
  BOOST_TEST(notes.name == "notes.txt");
  BOOST_TEST(!notes.image);
  BOOST_TEST(notes.bytes == 12u);
  const FolderEntry& whole = (*entries)[3];
  BOOST_TEST(whole.image);
  BOOST_TEST(whole.bytes == image.size());
  BOOST_TEST(whole.created == "2026-11-25T08:15:00Z");
  BOOST_TEST(!browse(machine, file("no folder")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::job
