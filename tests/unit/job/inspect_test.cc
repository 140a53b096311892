#include "job/inspect.h"

#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "job/save.h"
#include "support/files.h"
#include "unit/job/computer.h"

namespace drydock::job {
namespace {

void save(sys::Machine& machine, const std::string& source, const std::string& image) {
  auto plan =
      plan_save(machine, {.source = source, .image = image, .threads = 1, .note = "a note"});
  if (!plan) BOOST_FAIL(plan.error().sentence());
  NullObserver nobody;
  const Stop never;
  const auto report = run(std::move(*plan), nobody, never);
  if (!report) BOOST_FAIL(report.error().sentence());
}

Inspection inspected(sys::Machine& machine, const std::string& path) {
  auto found = inspect(machine, path);
  if (!found) BOOST_FAIL(found.error().sentence());
  return std::move(*found);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_inspect, test::Computer)

BOOST_AUTO_TEST_CASE(a_drive_with_its_identity_and_what_an_image_would_keep) {
  add_system_drive("/dev/sda", 8);
  const Inspection found = inspected(machine, "/dev/sda");
  BOOST_REQUIRE(found.disk.has_value());
  BOOST_TEST(found.disk->id.serial == "S-sda");
  BOOST_TEST(!found.manifest.has_value());
  BOOST_REQUIRE_EQUAL(found.map.volumes.size(), 2u);
  BOOST_TEST(found.map.volumes[0].used_block());
  BOOST_TEST(found.map.volumes[0].used.bytes() < kMiB);
  BOOST_TEST(!found.map.volumes[1].used_block());
  BOOST_TEST(found.map.volumes[1].used.bytes() == 6 * kMiB);
  BOOST_TEST(machine.opened_for_writing().empty());
}

BOOST_AUTO_TEST_CASE(a_volume_that_may_change_while_it_is_read_is_kept_whole) {
  add_system_drive("/dev/sda", 8);
  sys::Storage storage;
  storage.device = "/dev/sda1";
  machine.add_volume(storage);
  BOOST_TEST(inspected(machine, "/dev/sda").map.volumes[0].used_block());
  BOOST_REQUIRE(machine.mount("/dev/sda1", sys::Access::read_write).has_value());
  const std::string drive = inspected(machine, "/dev/sda").map.volumes[0].whole_reason;
  BOOST_TEST(drive.contains("it may change while it is read: /dev/sda1 is mounted on"), drive);
  BOOST_TEST(inspected(machine, "/dev/sda1").map.volumes[0].whole_reason == drive);
}

BOOST_AUTO_TEST_CASE(a_partition_and_a_file_are_disks_without_identity) {
  add_system_drive("/dev/sda", 8);
  const Inspection partition = inspected(machine, "/dev/sda1");
  BOOST_TEST(!partition.disk.has_value());
  BOOST_TEST(partition.geometry.bytes == kMiB);
  BOOST_REQUIRE_EQUAL(partition.map.volumes.size(), 1u);
  BOOST_TEST(partition.map.volumes[0].info.filesystem == "swap");
  const Inspection copy = inspected(machine, machine.content("/dev/sda"));
  BOOST_TEST(!copy.disk.has_value());
  BOOST_CHECK(copy.map.layout.table == TableKind::mbr);
}

BOOST_AUTO_TEST_CASE(an_image_says_the_same_as_the_drive_it_was_made_from) {
  add_system_drive("/dev/sda", 8);
  save(machine, "/dev/sda", file("pc.img.zst"));
  const Inspection drive = inspected(machine, "/dev/sda");
  const Inspection image = inspected(machine, file("pc.img.zst"));
  BOOST_REQUIRE(image.manifest.has_value());
  BOOST_TEST(image.manifest->note == "a note");
  BOOST_TEST(image.manifest->id.serial == "S-sda");
  BOOST_TEST(image.image_bytes == std::filesystem::file_size(file("pc.img.zst")));
  BOOST_CHECK(image.geometry == drive.geometry);
  BOOST_CHECK(image.map.layout.partitions == drive.map.layout.partitions);
  BOOST_REQUIRE_EQUAL(image.map.volumes.size(), drive.map.volumes.size());
  for (std::size_t i = 0; i < drive.map.volumes.size(); ++i) {
    BOOST_CHECK(image.map.volumes[i].info == drive.map.volumes[i].info);
    BOOST_TEST(image.map.volumes[i].whole_reason == drive.map.volumes[i].whole_reason);
    // An image may keep more than what is used (it has no part of a block), never less.
    BOOST_TEST(drive.map.volumes[i].used.subtracted(image.map.volumes[i].used).empty());
  }
}

BOOST_AUTO_TEST_CASE(an_unfinished_and_a_damaged_image_say_so) {
  add_system_drive("/dev/sda", 8);
  save(machine, "/dev/sda", file("pc.img.zst"));
  const std::string whole = drydock::test::read_file(file("pc.img.zst"));
  drydock::test::write_file(file("cut.img.zst"), whole.substr(0, whole.size() / 2));
  drydock::test::write_file(file("other.img.zst.part"), whole.substr(0, whole.size() / 2));
  for (const char* name : {"cut.img.zst", "other.img.zst.part"}) {
    const auto found = inspect(machine, file(name));
    BOOST_REQUIRE(!found.has_value());
    BOOST_CHECK(found.error().code == Code::bad_input);
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_inspected) {
  const auto missing = inspect(machine, "/dev/sdz");
  BOOST_REQUIRE(!missing.has_value());
  BOOST_CHECK(missing.error().code == Code::environment);
  const auto folder = inspect(machine, dir.path().string());
  BOOST_REQUIRE(!folder.has_value());
  BOOST_CHECK(folder.error().code == Code::bad_input);
  drydock::test::write_file(file("empty"), "");
  BOOST_TEST(!inspect(machine, file("empty")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::job
