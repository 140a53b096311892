#include "io/file_source.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "io/aligned_buffer.h"
#include "support/files.h"
#include "support/loop_device.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::io {
namespace {

using test::TempDir;

std::string text_at(const BlockSource& source, std::uint64_t offset, std::size_t length) {
  auto bytes = read_bytes(source, offset, length);
  BOOST_REQUIRE(bytes.has_value());
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

std::string pattern(std::size_t length) {
  std::string text(length, '\0');
  for (std::size_t i = 0; i < length; ++i) text[i] = static_cast<char>(i * 7 + i / 251);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_file_source)

BOOST_AUTO_TEST_CASE(a_file_is_read_at_any_offset_and_length) {
  const TempDir dir;
  const std::string content = pattern(1500001);
  test::write_file(dir / "disk", content);
  auto source = open_file_source((dir / "disk").string());
  BOOST_REQUIRE(source.has_value());
  BOOST_TEST((*source)->geometry().bytes == content.size());
  BOOST_TEST((*source)->name() == (dir / "disk").string());
  for (const auto& [offset, length] :
       {std::pair{0, 1500001}, {1, 17}, {511, 1025}, {1500000, 1}, {1500001, 0}})
    BOOST_TEST(
        (text_at(**source, static_cast<std::uint64_t>(offset), static_cast<std::size_t>(length)) ==
         content.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(length))));
}

BOOST_AUTO_TEST_CASE(a_range_beyond_the_end_is_bad_input) {
  const TempDir dir;
  test::write_file(dir / "disk", "abc");
  auto source = open_file_source((dir / "disk").string());
  BOOST_REQUIRE(source.has_value());
  const auto bytes = read_bytes(**source, 1, 3);
  BOOST_REQUIRE(!bytes.has_value());
  BOOST_CHECK(bytes.error().code == Code::bad_input);
}

BOOST_AUTO_TEST_CASE(holes_of_a_sparse_file_are_not_data) {
  const TempDir dir;
  test::make_sparse(dir / "disk", 64 * kMiB);
  test::write_range(dir / "disk", 8 * kMiB, pattern(kMiB));
  auto source = open_file_source((dir / "disk").string());
  BOOST_REQUIRE(source.has_value());
  const ExtentMap data = (*source)->data();
  BOOST_TEST(data.contains({8 * kMiB, kMiB}));
  BOOST_TEST(!data.intersects({16 * kMiB, 48 * kMiB}));
  BOOST_TEST(data.end() <= 64 * kMiB);
}

BOOST_AUTO_TEST_CASE(an_empty_and_an_all_hole_file_have_no_data) {
  const TempDir dir;
  test::write_file(dir / "empty", "");
  test::make_sparse(dir / "hole", kMiB);
  for (const char* name : {"empty", "hole"}) {
    auto source = open_file_source((dir / name).string());
    BOOST_REQUIRE(source.has_value());
    BOOST_TEST((*source)->data().empty());
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_shrinks_while_it_is_read_is_an_error) {
  const TempDir dir;
  test::write_file(dir / "disk", pattern(8192));
  auto source = open_file_source((dir / "disk").string());
  BOOST_REQUIRE(source.has_value());
  BOOST_REQUIRE_EQUAL(::truncate((dir / "disk").c_str(), 5000), 0);
  BOOST_TEST(read_bytes(**source, 0, 5000).has_value());
  const auto bytes = read_bytes(**source, 4096, 4096);
  BOOST_REQUIRE(!bytes.has_value());
  BOOST_CHECK(bytes.error().code == Code::environment);
  BOOST_TEST(bytes.error().what.contains("5000"));
}

BOOST_AUTO_TEST_CASE(what_is_no_disk_is_refused_with_a_reason) {
  const TempDir dir;
  BOOST_REQUIRE_EQUAL(::mkfifo((dir / "pipe").c_str(), 0600), 0);
  const auto code = [](const std::string& path) {
    const auto source = open_file_source(path);
    BOOST_REQUIRE(!source.has_value());
    BOOST_TEST(!source.error().what.empty());
    return source.error().code;
  };
  BOOST_CHECK(code(dir.path().string()) == Code::bad_input);
  BOOST_CHECK(code((dir / "pipe").string()) == Code::bad_input);
  BOOST_CHECK(code("/dev/null") == Code::bad_input);
  BOOST_CHECK(code((dir / "missing").string()) == Code::environment);
}

BOOST_AUTO_TEST_CASE(a_block_device_is_read_with_and_without_the_page_cache) {
  if (const auto why = test::no_loop_device()) return test::skip(*why);
  const TempDir dir;
  const std::string content = pattern(2 * kMiB);
  test::write_file(dir / "disk", content);
  const test::LoopDevice loop(dir / "disk", {"--sector-size", "4096"});
  auto source = open_file_source(loop.path());
  BOOST_REQUIRE(source.has_value());
  BOOST_TEST((*source)->geometry().bytes == 2 * kMiB);
  BOOST_TEST((*source)->geometry().logical_sector == 4096u);
  BOOST_CHECK((*source)->data() == ExtentMap::whole(2 * kMiB));
  AlignedBuffer aligned(kMiB);
  BOOST_REQUIRE((*source)->read_at(kMiB, aligned.bytes()).has_value());
  BOOST_TEST((std::string_view(reinterpret_cast<const char*>(aligned.data()), kMiB) ==
              std::string_view(content).substr(kMiB)));
  BOOST_TEST((text_at(**source, 4095, 4098) == content.substr(4095, 4098)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::io
