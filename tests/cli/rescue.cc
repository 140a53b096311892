// The verb on files: what it makes, what it says with which exit status, and that a kill costs
// nothing.
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <random>
#include <thread>

#include "support/files.h"
#include "support/imager.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;

struct Files {
  explicit Files(std::uint64_t bytes = 8 * kMiB) {
    std::mt19937_64 random(1);
    std::string content(bytes, '\0');
    for (std::uint64_t at = 0; at < bytes - kMiB; at += 64)
      content[at] = static_cast<char>(random());
    write_file(drive, content);
  }

  Outcome rescue(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"rescue", drive, copy});
    return imager(more);
  }

  // All of it rescued but for 4 KiB at 1 MiB.
  void write_damaged_map() const {
    write_file(map, "# by hand\n0 + 1\n0 0x100000 +\n0x100000 0x1000 -\n0x101000 0x6FF000 +\n");
  }

  TempDir folder;
  std::filesystem::path drive = folder / "drive";
  std::filesystem::path copy = folder / "copy.img";
  std::filesystem::path map = folder / "copy.img.map";
};

BOOST_AUTO_TEST_SUITE(rescue)

BOOST_AUTO_TEST_CASE(a_copy_with_holes_and_a_map) {
  const Files files;
  const Outcome outcome = files.rescue({"--used-first"});
  BOOST_TEST(outcome.status == 0, outcome.describe());
  BOOST_TEST(same_contents(files.drive, files.copy));
  BOOST_TEST(allocated(files.copy) <= 7 * kMiB);
  BOOST_TEST(outcome.out.find("8.0 MiB of 8.0 MiB are rescued") != std::string::npos, outcome.out);
  if (const auto why = missing_program("ddrescuelog")) return;
  BOOST_TEST(run({.argv = {"ddrescuelog", "-D", files.map}}).status == 0);
}

BOOST_AUTO_TEST_CASE(killed_it_goes_on) {
  const Files files(96 * kMiB);
  Process process(imager_command({"rescue", files.drive, files.copy}));
  for (int i = 0; i < 20000; ++i) {
    if (std::filesystem::exists(files.copy) && allocated(files.copy) > 2 * kMiB) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  process.kill();
  BOOST_TEST(!same_contents(files.drive, files.copy));
  const Outcome outcome = files.rescue();
  BOOST_TEST(outcome.status == 0, outcome.describe());
  BOOST_TEST(same_contents(files.drive, files.copy));
}

BOOST_AUTO_TEST_CASE(unread_areas_are_told_with_status_5_and_tried_again_when_asked) {
  const Files files;
  std::string content = read_file(files.drive);
  content.replace(kMiB, 4096, 4096, '\0');
  write_file(files.copy, content);
  files.write_damaged_map();
  const Outcome outcome = files.rescue();
  BOOST_TEST(outcome.status == 5, outcome.describe());
  BOOST_TEST(outcome.out.find("4.0 KiB in 1 area could not be read") != std::string::npos,
             outcome.out);
  BOOST_TEST(outcome.out.find("Bytes 1048576 to 1052672 are missing") != std::string::npos);
  const Outcome json = files.rescue({"--progress", "json"});
  BOOST_TEST(
      json.out.find(R"("unreadable":[{"offset":1048576,"bytes":4096}])") != std::string::npos,
      json.out);
  BOOST_TEST(files.rescue({"--passes", "1"}).status == 0);
  BOOST_TEST(same_contents(files.drive, files.copy));
}

BOOST_AUTO_TEST_CASE(a_copy_with_its_map_becomes_an_image) {
  if (const auto why = missing_program("zstd")) return skip(*why);
  const Files files;
  copy_sparse(files.drive, files.copy);
  files.write_damaged_map();
  const std::string image = files.folder / "pc.img.zst";
  const Outcome saved = imager({"save", files.copy, image, "--map", files.map});
  BOOST_TEST(saved.status == 5, saved.describe());
  BOOST_TEST(imager({"verify", image}).ok());
  std::string expected = read_file(files.copy);
  expected.replace(kMiB, 4096, 4096, '\0');
  BOOST_TEST((must_run({.argv = {"zstd", "-dc", image}}) == expected));
  // Restored, it says so again.
  const Outcome restored = imager({"restore", image, files.folder / "target", "--yes"});
  BOOST_TEST(
      restored.out.find("4.0 KiB could not be read when the image was made") != std::string::npos,
      restored.describe());
}

BOOST_AUTO_TEST_CASE(what_is_given_wrongly) {
  const Files files;
  write_file(files.copy, "precious");
  const Outcome existing = files.rescue();
  BOOST_TEST(existing.status == 1, existing.describe());
  BOOST_TEST(read_file(files.copy) == "precious");
  write_file(files.map, "0 + 1\n0 0x10000000 +\n");
  BOOST_TEST(files.rescue().status == 2);
  write_file(files.map, "no map\n");
  const Outcome damaged = files.rescue();
  BOOST_TEST(damaged.status == 2, damaged.describe());
  BOOST_TEST(damaged.err.find("line 1") != std::string::npos, damaged.err);
  BOOST_TEST(imager({"rescue", "/dev/no-such-disk", files.folder / "x"}).status == 1);
  BOOST_TEST(imager({"rescue", files.drive, files.drive}).status == 2);
  BOOST_TEST(imager({"rescue", files.drive, "ssh://nas/x.img"}).status != 0);
  BOOST_TEST(files.rescue({"--passes", "x"}).status == 2);
  BOOST_TEST(read_file(files.copy) == "precious");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::test
