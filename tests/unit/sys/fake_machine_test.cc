#include "sys/fake_machine.h"

#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "support/files.h"
#include "support/temp_dir.h"

namespace drydock::sys {
namespace {

using test::TempDir;

Disk drive(const std::string& path, std::uint64_t bytes) {
  Disk disk;
  disk.path = path;
  disk.id = {.model = "Model", .serial = "S-" + path.substr(5), .wwn = "", .bus = "SATA"};
  disk.geometry = {bytes, 512, 4096};
  return disk;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sys_fake_machine)

BOOST_AUTO_TEST_CASE(a_drive_is_read_and_written_under_its_own_name) {
  const TempDir dir;
  FakeMachine machine(dir.path().string());
  machine.plug(drive("/dev/sda", kMiB));
  machine.add_partition("/dev/sda1", "/dev/sda", {4096, 8192});
  const auto target = machine.target("/dev/sda1", 0);
  BOOST_REQUIRE(target.has_value());
  BOOST_TEST(target->bytes == 8192u);
  BOOST_TEST(target->id.serial == "S-sda");
  auto sink = machine.open_target(Consent::by_command_line(*target));
  BOOST_REQUIRE(sink.has_value());
  BOOST_REQUIRE((*sink)->write_at(10, as_bytes("abc")).has_value());
  BOOST_TEST(test::read_range(machine.content("/dev/sda"), 4106, 3) == "abc");
  auto source = machine.open_source("/dev/sda");
  BOOST_REQUIRE(source.has_value());
  BOOST_TEST((*source)->name() == "/dev/sda");
  BOOST_TEST((*source)->geometry().physical_sector == 4096u);
  const auto bytes = io::read_bytes(**source, 4106, 3);
  BOOST_REQUIRE(bytes.has_value());
  BOOST_TEST(std::to_integer<char>((*bytes)[0]) == 'a');
  BOOST_TEST(machine.opened_for_writing() == std::vector<std::string>{"/dev/sda1"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_consent_opens_only_the_drive_it_was_given_for) {
  const TempDir dir;
  FakeMachine machine(dir.path().string());
  machine.plug(drive("/dev/sda", kMiB));
  const Consent consent = Consent::by_command_line(*machine.target("/dev/sda", 0));
  Disk other = drive("/dev/sda", kMiB);
  other.id.serial = "another";
  machine.plug(other);
  BOOST_TEST(!machine.open_target(consent).has_value());
  machine.plug(drive("/dev/sda", kMiB));
  machine.add_volume(
      {.mount_point = {}, .filesystem = "ext4", .device = "/dev/sda1", .disk = "/dev/sda"});
  BOOST_REQUIRE(machine.mount("/dev/sda1", Access::read_only).has_value());
  BOOST_TEST(!machine.open_target(consent).has_value());
  BOOST_TEST(machine.opened_for_writing().empty());
}

BOOST_AUTO_TEST_CASE(volumes_are_folders_with_the_figures_of_the_test) {
  const TempDir dir;
  FakeMachine machine(dir.path().string());
  machine.add_volume({.mount_point = {},
                      .filesystem = "vfat",
                      .device = "/dev/sdb1",
                      .disk = "/dev/sdb",
                      .free = 1000,
                      .total = 2000,
                      .largest_file = 500});
  const auto folder = machine.mount("/dev/sdb1", Access::read_write);
  BOOST_REQUIRE(folder.has_value());
  const auto storage = machine.storage(*folder + "/pc.img.zst");
  BOOST_REQUIRE(storage.has_value());
  BOOST_TEST(storage->device == "/dev/sdb1");
  BOOST_TEST(storage->free == 1000u);
  BOOST_TEST(storage->writable);
  BOOST_TEST(machine.writable_devices().size() == 1u);
  BOOST_REQUIRE(machine.unmount(*folder).has_value());
  BOOST_TEST(machine.writable_devices().empty());
}

BOOST_AUTO_TEST_CASE(a_broken_drive_fails_where_the_test_says) {
  const TempDir dir;
  FakeMachine machine(dir.path().string());
  machine.plug(drive("/dev/sda", kMiB));
  io::Faults faults;
  faults.unreadable = ExtentMap::from({{8192, 512}});
  machine.break_drive("/dev/sda", faults);
  auto source = machine.open_source("/dev/sda");
  BOOST_REQUIRE(source.has_value());
  BOOST_TEST(io::read_bytes(**source, 0, 8192).has_value());
  const auto bytes = io::read_bytes(**source, 8000, 1000);
  BOOST_REQUIRE(!bytes.has_value());
  BOOST_CHECK(bytes.error().code == Code::unreadable);
  BOOST_TEST(bytes.error().where == "/dev/sda");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
