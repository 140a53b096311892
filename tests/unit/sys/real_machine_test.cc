#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "support/files.h"
#include "support/loop_device.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"
#include "sys/machine.h"

namespace drydock::sys {
namespace {

using test::TempDir;

class MountedLoop {
 public:
  MountedLoop(const std::filesystem::path& file, std::filesystem::path folder)
      : loop_(file), folder_(std::move(folder)) {
    std::filesystem::create_directory(folder_);
    test::must_run({.argv = {"mount", loop_.path(), folder_.string()}});
  }
  ~MountedLoop() { test::run({.argv = {"umount", folder_.string()}}); }

 private:
  test::LoopDevice loop_;
  std::filesystem::path folder_;
};

// A file with an ext4 whose journal holds changes that its blocks do not: a copy of a mounted one.
void make_dirty_ext4(const TempDir& dir, const std::string& name) {
  test::make_sparse(dir / "live", 16 * kMiB);
  test::must_run({.argv = {"mkfs.ext4", "-q", "-F", (dir / "live").string()}});
  const MountedLoop mounted(dir / "live", dir / "mnt");
  test::write_file(dir / "mnt/file", "journalled");
  test::must_run({.argv = {"sync", "-f", (dir / "mnt").string()}});
  test::copy_sparse(dir / "live", dir / name);
}

std::optional<std::string> no_ext4() {
  if (auto why = test::no_loop_device()) return why;
  if (auto why = test::missing_program("mkfs.ext4")) return why;
  if (!test::read_file("/proc/filesystems").contains("\text4\n")) return "the kernel has no ext4";
  return std::nullopt;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sys_real_machine)

BOOST_AUTO_TEST_CASE(this_computer_can_be_described) {
  const auto machine = real_machine();
  BOOST_TEST(machine->disks().has_value());
  BOOST_TEST(machine->memory_available() > 0u);
  BOOST_TEST(machine->processors() > 0u);
  BOOST_TEST(!machine->live());
  BOOST_TEST(!machine->power(Power::off).has_value());
}

BOOST_AUTO_TEST_CASE(a_file_as_source_target_and_storage) {
  const TempDir dir;
  const auto machine = real_machine();
  const std::string path = (dir / "disk").string();
  const auto target = machine->target(path, 8192);
  BOOST_REQUIRE(target.has_value());
  BOOST_TEST(target->is_file);
  BOOST_TEST(target->bytes == 8192u);
  BOOST_TEST(machine->in_use(path)->empty());
  {
    auto sink = machine->open_target(Consent::by_command_line(*target));
    BOOST_REQUIRE(sink.has_value());
    BOOST_REQUIRE((*sink)->write_at(0, as_bytes("abc")).has_value());
  }
  BOOST_TEST(machine->target(path, 99)->bytes == 8192u);
  BOOST_TEST(machine->reread_table(path).has_value());
  const auto source = machine->open_source(path);
  BOOST_REQUIRE(source.has_value());
  BOOST_TEST((*source)->geometry().bytes == 8192u);
  const auto storage = machine->storage((dir / "new.img").string());
  BOOST_REQUIRE(storage.has_value());
  BOOST_TEST(storage->writable);
  BOOST_TEST(storage->free > 0u);
  BOOST_TEST(!storage->mount_point.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_target_is_refused) {
  const TempDir dir;
  const auto machine = real_machine();
  BOOST_CHECK(machine->target(dir.path().string(), 1).error().code == Code::bad_input);
  BOOST_CHECK(machine->target("/dev/null", 1).error().code == Code::bad_input);
  BOOST_CHECK(machine->target("/dev/no-such", 1).error().code == Code::environment);
  BOOST_CHECK(machine->target((dir / "no/file").string(), 1).error().code == Code::environment);
  BOOST_CHECK(machine->open_source("/dev/no-such").error().code == Code::environment);
  BOOST_CHECK(machine->mount("/dev/null", Access::read_only).error().code == Code::bad_input);
  BOOST_CHECK(machine->unmount(dir.path().string()).error().code == Code::environment);
}

BOOST_AUTO_TEST_CASE(a_device_is_opened_once_and_only_by_its_consent) {
  if (const auto why = test::no_loop_device()) return test::skip(*why);
  const TempDir dir;
  test::make_sparse(dir / "disk", kMiB);
  const test::LoopDevice loop(dir / "disk");
  const auto machine = real_machine();
  const auto target = machine->target(loop.path(), 0);
  BOOST_REQUIRE(target.has_value());
  BOOST_TEST(target->bytes == kMiB);
  BOOST_TEST(target->id.bus == "loop");
  BOOST_TEST(!target->is_file);
  Target other = *target;
  other.id.serial = "another drive";
  BOOST_TEST(!machine->open_target(Consent::by_command_line(other)).has_value());
  {
    auto sink = machine->open_target(Consent::by_command_line(*target));
    BOOST_REQUIRE(sink.has_value());
    BOOST_TEST(!machine->open_target(Consent::by_command_line(*target)).has_value());
    BOOST_REQUIRE((*sink)->write_at(0, as_bytes("abc")).has_value());
    BOOST_REQUIRE((*sink)->flush().has_value());
  }
  BOOST_TEST(test::read_range(dir / "disk", 0, 3) == "abc");
  BOOST_TEST(machine->reread_table(loop.path()).has_value());
  const auto file = machine->in_use((dir / "disk").string());
  BOOST_REQUIRE(file.has_value());
  BOOST_REQUIRE_EQUAL(file->size(), 1u);
  BOOST_TEST(file->front().contains(loop.path()));
}

BOOST_AUTO_TEST_CASE(looking_into_a_volume_leaves_it_as_it_was) {
  if (const auto why = no_ext4()) return test::skip(*why);
  const TempDir dir;
  make_dirty_ext4(dir, "disk");
  const std::string before = test::sha256(dir / "disk");
  {
    const test::LoopDevice loop(dir / "disk");
    const auto machine = real_machine();
    const auto folder = machine->mount(loop.path(), Access::read_only);
    if (!folder) BOOST_FAIL(folder.error().sentence());
    BOOST_TEST(machine->mount(loop.path(), Access::read_only).value() == *folder);
    const auto target = machine->target(loop.path(), 0);
    BOOST_REQUIRE(target.has_value());
    const auto sink = machine->open_target(Consent::by_command_line(*target));
    BOOST_REQUIRE(!sink.has_value());
    BOOST_TEST(sink.error().what.contains("is mounted on " + *folder));
    const auto storage = machine->storage(*folder + "/x");
    BOOST_REQUIRE(storage.has_value());
    BOOST_TEST(storage->device == loop.path());
    BOOST_TEST(!storage->writable);
    BOOST_REQUIRE(machine->unmount(*folder).has_value());
  }
  BOOST_TEST(test::sha256(dir / "disk") == before);
}

BOOST_AUTO_TEST_CASE(a_destination_is_mounted_for_writing) {
  if (const auto why = no_ext4()) return test::skip(*why);
  const TempDir dir;
  test::make_sparse(dir / "disk", 16 * kMiB);
  test::must_run({.argv = {"mkfs.ext4", "-q", "-F", (dir / "disk").string()}});
  const test::LoopDevice loop(dir / "disk");
  const auto machine = real_machine();
  const auto looked = machine->mount(loop.path(), Access::read_only);
  BOOST_REQUIRE(looked.has_value());
  const auto folder = machine->mount(loop.path(), Access::read_write);
  if (!folder) BOOST_FAIL(folder.error().sentence());
  test::write_file(*folder + "/image", "content");
  const auto storage = machine->storage(*folder + "/image");
  BOOST_REQUIRE(storage.has_value());
  BOOST_TEST(storage->filesystem == "ext4");
  BOOST_TEST(storage->writable);
  BOOST_REQUIRE(machine->unmount(*folder).has_value());
  BOOST_TEST(!std::filesystem::exists(*folder));
}

BOOST_AUTO_TEST_CASE(a_volume_without_a_filesystem_is_not_mounted) {
  if (const auto why = test::no_loop_device()) return test::skip(*why);
  const TempDir dir;
  test::make_sparse(dir / "disk", kMiB);
  const test::LoopDevice loop(dir / "disk");
  const auto folder = real_machine()->mount(loop.path(), Access::read_only);
  BOOST_REQUIRE(!folder.has_value());
  BOOST_CHECK(folder.error().code == Code::bad_input);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
