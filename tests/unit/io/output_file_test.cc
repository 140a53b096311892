#include "io/output_file.h"

#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "support/file_limit.h"
#include "support/files.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::io {
namespace {

using test::TempDir;
using Leftover = OutputFile::Leftover;

std::unique_ptr<OutputFile> created(const std::string& path, OutputFile::Options options = {}) {
  auto file = OutputFile::create(path, options);
  if (!file) BOOST_FAIL(file.error().sentence());
  return std::move(*file);
}

Error refusal(const std::string& path) {
  auto file = OutputFile::create(path, {});
  BOOST_REQUIRE(!file.has_value());
  return file.error();
}

std::string some(std::size_t length, unsigned seed) {
  std::string text(length, '\0');
  for (char& c : text) c = static_cast<char>((seed = seed * 1103515245 + 12345) >> 16);
  return text;
}

// A small filesystem in memory, gone with its scope.
class SmallVolume {
 public:
  explicit SmallVolume(const std::string& size) {
    test::must_run({.argv = {"mount", "-t", "tmpfs", "-o", "size=" + size, "none", path()}});
  }
  ~SmallVolume() { test::run({.argv = {"umount", path()}}); }
  std::string path() const { return dir_.path().string(); }

 private:
  TempDir dir_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(io_output_file)

BOOST_AUTO_TEST_CASE(pieces_of_any_size_come_out_in_order) {
  const TempDir dir;
  const std::string path = (dir / "image").string();
  auto file = created(path);
  std::string all;
  for (const std::size_t length : {1u, 100u, 1048576u, 1048575u, 0u, 3000000u, 7u, 2097152u}) {
    const std::string piece = some(length, static_cast<unsigned>(length));
    BOOST_REQUIRE(file->append(as_bytes(piece)).has_value());
    all += piece;
    BOOST_TEST(file->size() == all.size());
  }
  BOOST_TEST(!std::filesystem::exists(path));
  BOOST_TEST(std::filesystem::exists(path + ".part"));
  BOOST_REQUIRE(file->finish().has_value());
  BOOST_TEST(!std::filesystem::exists(path + ".part"));
  BOOST_TEST((test::read_file(path) == all));
}

BOOST_AUTO_TEST_CASE(more_than_the_windows_kept_in_the_cache) {
  const TempDir dir;
  const std::string path = (dir / "image").string();
  auto file = created(path);
  const std::string piece = some(kMiB, 1);
  for (int i = 0; i < 60; ++i) BOOST_REQUIRE(file->append(as_bytes(piece)).has_value());
  BOOST_REQUIRE(file->finish().has_value());
  BOOST_TEST(std::filesystem::file_size(path) == 60 * kMiB);
  BOOST_TEST((test::read_range(path, 59 * kMiB, kMiB) == piece));
}

BOOST_AUTO_TEST_CASE(an_unfinished_file_stays_under_its_part_name) {
  const TempDir dir;
  const std::string path = (dir / "image").string();
  const std::string piece = some(2 * kMiB, 1);
  BOOST_REQUIRE(created(path)->append(as_bytes(piece)).has_value());
  BOOST_TEST(!std::filesystem::exists(path));
  BOOST_TEST(std::filesystem::file_size(path + ".part") == 2 * kMiB);
}

BOOST_AUTO_TEST_CASE(an_existing_file_is_never_overwritten) {
  const TempDir dir;
  test::write_file(dir / "image", "precious");
  const Error error = refusal((dir / "image").string());
  BOOST_CHECK(error.code == Code::environment);
  BOOST_TEST(error.what.contains("exists"));
  BOOST_TEST(test::read_file(dir / "image") == "precious");
  BOOST_TEST(!std::filesystem::exists(dir / "image.part"));
}

BOOST_AUTO_TEST_CASE(a_file_that_appears_during_the_run_is_not_overwritten_either) {
  const TempDir dir;
  const std::string path = (dir / "image").string();
  auto file = created(path);
  BOOST_REQUIRE(file->append(as_bytes("ours")).has_value());
  test::write_file(path, "precious");
  BOOST_TEST(!file->finish().has_value());
  BOOST_TEST(test::read_file(path) == "precious");
  BOOST_TEST(test::read_file(path + ".part") == "ours");
}

BOOST_AUTO_TEST_CASE(a_part_of_an_earlier_run_is_kept_unless_told_otherwise) {
  const TempDir dir;
  const std::string path = (dir / "image").string();
  test::write_file(path + ".part", "half of it");
  BOOST_TEST(refusal(path).what.contains("earlier run"));
  BOOST_TEST(test::read_file(path + ".part") == "half of it");
  auto file = created(path, {.leftover = Leftover::replace});
  BOOST_REQUIRE(file->append(as_bytes("new")).has_value());
  BOOST_REQUIRE(file->finish().has_value());
  BOOST_TEST(test::read_file(path) == "new");
}

BOOST_AUTO_TEST_CASE(a_part_of_an_earlier_run_is_gone_on_with) {
  const TempDir dir;
  const std::string path = (dir / "image").string();
  const std::string all = some(18 * kMiB + 5, 1);
  for (const std::size_t kept : {0u, 1u, 1048576u, 8388609u}) {
    test::write_file(path + ".part", all.substr(0, kept) + "torn");
    auto file = created(path, {.leftover = Leftover::keep});
    BOOST_TEST(file->size() == kept + 4);
    BOOST_REQUIRE(file->cut(kept).has_value());
    BOOST_TEST(file->size() == kept);
    BOOST_REQUIRE(file->append(as_bytes(all).subspan(kept)).has_value());
    BOOST_REQUIRE(file->finish().has_value());
    BOOST_TEST((test::read_file(path) == all));
    BOOST_TEST(!std::filesystem::exists(path + ".part"));
    std::filesystem::remove(path);
  }
}

BOOST_AUTO_TEST_CASE(a_part_that_is_whole_only_needs_its_name) {
  const TempDir dir;
  const std::string path = (dir / "image").string();
  test::write_file(path + ".part", "all");
  auto file = created(path, {.leftover = Leftover::keep});
  BOOST_TEST(!file->cut(4).has_value());
  BOOST_REQUIRE(file->finish().has_value());
  BOOST_TEST(test::read_file(path) == "all");
}

BOOST_AUTO_TEST_CASE(two_runs_on_one_name_exclude_each_other) {
  const TempDir dir;
  const std::string path = (dir / "image").string();
  auto file = created(path);
  auto second = OutputFile::create(path, {.leftover = Leftover::replace});
  BOOST_REQUIRE(!second.has_value());
  BOOST_TEST(second.error().what.contains("another run"));
}

BOOST_AUTO_TEST_CASE(names_that_cannot_hold_an_image_are_refused) {
  const TempDir dir;
  BOOST_CHECK(refusal(dir.path().string()).code == Code::bad_input);
  BOOST_CHECK(refusal((dir / "new/").string()).code == Code::bad_input);
  BOOST_CHECK(refusal("/dev/null").code == Code::bad_input);
  BOOST_CHECK(refusal((dir / "no/such/folder").string()).code == Code::environment);
  std::filesystem::create_symlink("elsewhere", dir / "image.part");
  BOOST_CHECK(refusal((dir / "image").string()).code == Code::environment);
  BOOST_TEST(!std::filesystem::exists(dir / "elsewhere"));
}

BOOST_AUTO_TEST_CASE(a_full_destination_says_how_much_is_missing) {
  if (const auto why = test::not_root()) return test::skip(*why);
  const SmallVolume volume("2M");
  const std::string path = volume.path() + "/image";
  auto file = created(path, {.expected_bytes = 10 * kMiB});
  const std::string piece = some(5 * kMiB, 1);
  const auto appended = file->append(as_bytes(piece));
  BOOST_REQUIRE(!appended.has_value());
  BOOST_CHECK(appended.error().code == Code::environment);
  BOOST_TEST(appended.error().os == ENOSPC);
  BOOST_TEST(appended.error().what ==
             "the destination is full after 2.0 MiB, about 8.0 MiB more are needed");
  BOOST_TEST(appended.error().hint.contains("image.part stays"));
  BOOST_TEST(!file->finish().has_value());
  BOOST_TEST(std::filesystem::file_size(path + ".part") == 2 * kMiB);
  BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(a_limit_on_the_size_of_files_is_told) {
  const TempDir dir;
  auto file = created((dir / "image").string());
  const std::string piece = some(3 * kMiB, 1);
  const auto appended = [&] {
    const test::FileLimit limit(kMiB);
    return file->append(as_bytes(piece));
  }();
  BOOST_REQUIRE(!appended.has_value());
  BOOST_TEST(appended.error().os == EFBIG);
  BOOST_TEST(appended.error().what.contains("1.0 MiB"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::io
