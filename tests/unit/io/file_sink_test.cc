#include "io/file_sink.h"

#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "io/aligned_buffer.h"
#include "support/files.h"
#include "support/loop_device.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::io {
namespace {

using test::TempDir;

Consent consent_for(const std::string& path, std::uint64_t bytes, bool file) {
  return Consent::by_command_line({.path = path, .id = {}, .bytes = bytes, .is_file = file});
}

Bytes bytes_of(std::string_view text) {
  return as_bytes(text);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_file_sink)

BOOST_AUTO_TEST_CASE(a_file_is_created_sparse_at_its_full_size) {
  const TempDir dir;
  const std::string path = (dir / "disk").string();
  auto sink = open_file_sink(consent_for(path, kGiB, true));
  BOOST_REQUIRE(sink.has_value());
  BOOST_REQUIRE((*sink)->write_at(12345, bytes_of("abc")).has_value());
  BOOST_REQUIRE((*sink)->zero_at(kMiB, kGiB - kMiB).has_value());
  BOOST_REQUIRE((*sink)->flush().has_value());
  BOOST_TEST(std::filesystem::file_size(path) == kGiB);
  BOOST_TEST(test::read_range(path, 12344, 5) == std::string("\0abc\0", 5));
  BOOST_TEST(test::allocated(path) < kMiB);
}

BOOST_AUTO_TEST_CASE(what_a_file_held_before_is_gone) {
  const TempDir dir;
  const std::string path = (dir / "disk").string();
  test::write_file(path, std::string(10000, 'x'));
  auto sink = open_file_sink(consent_for(path, 8192, true));
  BOOST_REQUIRE(sink.has_value());
  BOOST_REQUIRE((*sink)->flush().has_value());
  BOOST_TEST(test::read_file(path) == std::string(8192, '\0'));
}

BOOST_AUTO_TEST_CASE(a_kept_file_keeps_what_it_held) {
  const TempDir dir;
  const std::string path = (dir / "disk").string();
  test::write_file(path, std::string(10000, 'x'));
  BOOST_TEST(!open_kept_file(path, 9999).has_value());
  {
    auto sink = open_kept_file(path, 16384);
    BOOST_REQUIRE(sink.has_value());
    BOOST_TEST((open_kept_file(path, 16384).error().code == Code::environment));
    BOOST_REQUIRE((*sink)->write_at(0, bytes_of("abc")).has_value());
    BOOST_REQUIRE((*sink)->zero_at(5000, 5000).has_value());
  }
  const std::string expected = "abc" + std::string(4997, 'x') + std::string(11384, '\0');
  BOOST_TEST((test::read_file(path) == expected));
  BOOST_TEST(open_kept_file((dir / "new").string(), kMiB).has_value());
  BOOST_TEST(std::filesystem::file_size(dir / "new") == kMiB);
}

BOOST_AUTO_TEST_CASE(zeroing_written_bytes_makes_a_hole_of_them) {
  const TempDir dir;
  const std::string path = (dir / "disk").string();
  auto sink = open_file_sink(consent_for(path, 4 * kMiB, true));
  BOOST_REQUIRE(sink.has_value());
  const std::string ones(4 * kMiB, '1');
  BOOST_REQUIRE((*sink)->write_at(0, bytes_of(ones)).has_value());
  BOOST_REQUIRE((*sink)->zero_at(1000, 3 * kMiB).has_value());
  const std::string found = test::read_file(path);
  BOOST_TEST((found.substr(0, 1000) == ones.substr(0, 1000)));
  BOOST_TEST((found.substr(1000, 3 * kMiB) == std::string(3 * kMiB, '\0')));
  BOOST_TEST((found.substr(1000 + 3 * kMiB) == ones.substr(1000 + 3 * kMiB)));
}

BOOST_AUTO_TEST_CASE(a_write_beyond_the_end_is_our_bug) {
  const TempDir dir;
  auto sink = open_file_sink(consent_for((dir / "disk").string(), 512, true));
  BOOST_REQUIRE(sink.has_value());
  const auto written = (*sink)->write_at(510, bytes_of("abc"));
  BOOST_REQUIRE(!written.has_value());
  BOOST_CHECK(written.error().code == Code::bug);
}

BOOST_AUTO_TEST_CASE(two_runs_on_one_file_exclude_each_other) {
  const TempDir dir;
  const std::string path = (dir / "disk").string();
  auto first = open_file_sink(consent_for(path, 4096, true));
  BOOST_REQUIRE(first.has_value());
  BOOST_REQUIRE((*first)->write_at(0, bytes_of("mine")).has_value());
  const auto second = open_file_sink(consent_for(path, 4096, true));
  BOOST_REQUIRE(!second.has_value());
  BOOST_CHECK(second.error().code == Code::environment);
  BOOST_TEST(test::read_range(path, 0, 4) == "mine");
}

BOOST_AUTO_TEST_CASE(a_consent_for_a_device_does_not_open_a_file) {
  const TempDir dir;
  const std::string path = (dir / "file").string();
  test::write_file(path, "precious");
  BOOST_TEST(!open_file_sink(consent_for(path, 8, false)).has_value());
  BOOST_TEST(!open_file_sink(consent_for((dir / "missing").string(), 8, false)).has_value());
  BOOST_TEST(test::read_file(path) == "precious");
  BOOST_TEST(!std::filesystem::exists(dir / "missing"));
}

BOOST_AUTO_TEST_CASE(a_device_takes_aligned_and_odd_writes_and_zeros) {
  if (const auto why = test::no_loop_device()) return test::skip(*why);
  const TempDir dir;
  std::string content(3 * kMiB, 'x');
  test::write_file(dir / "disk", content);
  {
    const test::LoopDevice loop(dir / "disk");
    auto sink = open_file_sink(consent_for(loop.path(), 3 * kMiB, false));
    BOOST_REQUIRE(sink.has_value());
    const auto put = [&](std::uint64_t offset, std::string text) {
      BOOST_TEST((*sink)->write_at(offset, bytes_of(text)).has_value());
      content.replace(offset, text.size(), text);
    };
    put(5, "within a sector");
    put(500, std::string(100, 'a'));
    put(1024, std::string(512, 'b'));
    put(3000, std::string(2 * kMiB, 'c'));
    put(3 * kMiB - 1, "d");
    for (const auto& [offset, length] : {std::pair{700u, 3u}, {4096u, 4096u}, {10000u, 100001u}}) {
      BOOST_TEST((*sink)->zero_at(offset, length).has_value());
      content.replace(offset, length, std::string(length, '\0'));
    }
    AlignedBuffer aligned(kMiB);
    std::ranges::fill(aligned.bytes(), std::byte{'e'});
    BOOST_TEST((*sink)->write_at(kMiB, aligned.bytes()).has_value());
    content.replace(kMiB, kMiB, std::string(kMiB, 'e'));
    BOOST_REQUIRE((*sink)->flush().has_value());
    BOOST_TEST((test::read_file(loop.path()) == content));
  }
  BOOST_TEST((test::read_file(dir / "disk") == content));
}

BOOST_AUTO_TEST_CASE(a_device_of_another_size_than_agreed_is_refused) {
  if (const auto why = test::no_loop_device()) return test::skip(*why);
  const TempDir dir;
  test::make_sparse(dir / "disk", kMiB);
  const test::LoopDevice loop(dir / "disk");
  const auto sink = open_file_sink(consent_for(loop.path(), 2 * kMiB, false));
  BOOST_REQUIRE(!sink.has_value());
  BOOST_CHECK(sink.error().code == Code::environment);
}

BOOST_AUTO_TEST_CASE(a_device_is_opened_by_one_run_only) {
  if (const auto why = test::no_loop_device()) return test::skip(*why);
  const TempDir dir;
  test::make_sparse(dir / "disk", kMiB);
  const test::LoopDevice loop(dir / "disk");
  auto first = open_file_sink(consent_for(loop.path(), kMiB, false));
  BOOST_REQUIRE(first.has_value());
  const auto second = open_file_sink(consent_for(loop.path(), kMiB, false));
  BOOST_REQUIRE(!second.has_value());
  BOOST_TEST(second.error().what.contains("in use"));
}

BOOST_AUTO_TEST_CASE(a_read_only_device_is_refused) {
  if (const auto why = test::no_loop_device()) return test::skip(*why);
  const TempDir dir;
  test::make_sparse(dir / "disk", kMiB);
  const test::LoopDevice loop(dir / "disk", {"--read-only"});
  const auto sink = open_file_sink(consent_for(loop.path(), kMiB, false));
  bool written = sink.has_value() && (*sink)->write_at(0, bytes_of("x")).has_value();
  BOOST_TEST(!written);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::io
