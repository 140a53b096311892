// GNU ddrescue's mapfile, from its manual's example to damaged ones.
#include "rescue/mapfile.h"

#include <boost/test/unit_test.hpp>

#include "rescue/mapfile_store.h"
#include "support/files.h"
#include "support/temp_dir.h"

namespace drydock::rescue {
namespace {

// The example of the manual of GNU ddrescue 1.27, "Mapfile structure".
constexpr std::string_view kExample =
    "# Mapfile. Created by GNU ddrescue version 1.27\n"
    "# Command line: ddrescue -d -c18 /dev/fd0 fdimage mapfile\n"
    "# Start time:   2015-07-21 09:37:44\n"
    "# Current time: 2015-07-21 09:38:19\n"
    "# Copying non-tried blocks... Pass 1 (forwards)\n"
    "# current_pos  current_status  current_pass\n"
    "0x00120000     ?               1\n"
    "#      pos        size  status\n"
    "0x00000000  0x00117000  +\n"
    "0x00117000  0x00000200  -\n"
    "0x00117200  0x00001000  /\n"
    "0x00118200  0x00007E00  *\n"
    "0x00120000  0x00048000  ?\n";

Mapfile must_parse(std::string_view text) {
  auto parsed = parse_mapfile(text, "m");
  if (!parsed) BOOST_FAIL(parsed.error().sentence());
  return std::move(*parsed);
}

std::string complaint(std::string_view text) {
  const auto parsed = parse_mapfile(text, "m");
  if (parsed) return "none";
  BOOST_TEST((parsed.error().code == Code::bad_input));
  return parsed.error().what;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rescue_mapfile)

BOOST_AUTO_TEST_CASE(the_example_of_the_manual) {
  const Mapfile mapfile = must_parse(kExample);
  BOOST_TEST((mapfile.step == Step{Phase::copying, 1, 0x120000}));
  BOOST_TEST(mapfile.notes.at(0) == "Mapfile. Created by GNU ddrescue version 1.27");
  BOOST_TEST(mapfile.map.bytes() == 0x168000u);
  BOOST_TEST(mapfile.map.size() == 5u);
  BOOST_TEST((mapfile.map.area(1) == Area{{0x117000, 0x200}, Status::bad}));
  BOOST_TEST((mapfile.map.area(2) == Area{{0x117200, 0x1000}, Status::non_scraped}));
  BOOST_TEST((mapfile.map.area(3) == Area{{0x118200, 0x7E00}, Status::non_trimmed}));
  BOOST_TEST(mapfile.map.bytes_of(Status::finished) == 0x117000u);
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
  Mapfile mapfile = must_parse(kExample);
  for (const Step step : {Step{Phase::retrying, 3, 5}, Step{Phase::finished, 1, 0},
                          Step{Phase::scraping, 1, 0x117200}, Step{Phase::copying, 5, 1}}) {
    mapfile.step = step;
    const Mapfile again = must_parse(mapfile_text(mapfile));
    BOOST_TEST((again.step == step));
    BOOST_TEST((again.map == mapfile.map));
  }
}

BOOST_AUTO_TEST_CASE(a_note_is_one_line_whatever_is_in_it) {
  Mapfile mapfile = must_parse(kExample);
  mapfile.notes = {"a drive\n0x0 - 1", std::string(2000, 'x')};
  const Mapfile again = must_parse(mapfile_text(mapfile));
  BOOST_TEST((again.step == mapfile.step));
  BOOST_TEST(again.notes.at(0) == "a drive?0x0 - 1");
  BOOST_TEST(again.notes.at(1).size() == 400u);
}

BOOST_AUTO_TEST_CASE(numbers_as_in_cpp_comments_anywhere_and_no_pass) {
  const Mapfile mapfile = must_parse(
      "\n  # of an old version\r\n 010 * \t# position\r\n\n8 0x8 - # a bad one\r\n16 020 +");
  BOOST_TEST((mapfile.step == Step{Phase::trimming, 1, 8}));
  BOOST_TEST((mapfile.map.area(0) == Area{{0, 8}, Status::non_tried}));
  BOOST_TEST((mapfile.map.area(1) == Area{{8, 8}, Status::bad}));
  BOOST_TEST((mapfile.map.area(2) == Area{{16, 16}, Status::finished}));
}

BOOST_AUTO_TEST_CASE(filling_and_generating_begin_anew) {
  BOOST_TEST((must_parse("7 F 2\n0 9 +\n").step == Step{}));
  BOOST_TEST((must_parse("7 G 2\n0 9 +\n").step == Step{}));
}

BOOST_AUTO_TEST_CASE(damaged_ones_are_refused_with_the_line) {
  const auto refused = [](std::string_view text, std::string_view words) {
    const std::string what = complaint(text);
    BOOST_TEST(what.find(words) != std::string::npos, what);
  };
  refused("", "no status line");
  refused("# only words\n", "no status line");
  refused("0 ? 1\n", "no blocks");
  refused("0 x 1\n0 9 +\n", "line 1 is no status line");
  refused("0 ? 0\n0 9 +\n", "line 1 is no status line");
  refused("0 ? 1 1\n0 9 +\n", "line 1 is no status line");
  refused("-1 ? 1\n0 9 +\n", "line 1 is no status line");
  refused("0 ? 1\n0 9\n", "line 2 is no block");
  refused("0 ? 1\n0 9 x\n", "line 2 is no block");
  refused("0 ? 1\n0 9 + +\n", "line 2 is no block");
  refused("0 ? 1\n0 0 +\n", "line 2 is no block");
  refused("0 ? 1\n0 9z +\n", "line 2 is no block");
  refused("0 ? 1\n0 08 +\n", "line 2 is no block");
  refused("0 ? 1\n0 0x +\n", "line 2 is no block");
  refused("0 ? 1\n0 9 +\n\n10 9 -\n", "line 4 does not begin");
  refused("0 ? 1\n0 9 +\n8 9 -\n", "line 3 does not begin");
  refused("0 ? 1\n0 0x7FFFFFFFFFFFFFFF +\n0x7FFFFFFFFFFFFFFF 1 +\n", "line 3 ends beyond");
  refused("0 ? 1\n0 0x8000000000000000 +\n", "line 2 is no block");
  refused(std::string_view("0 ? 1\n0 9 +\0\n", 13), "line 2 is no block");
}

BOOST_AUTO_TEST_CASE(more_runs_than_memory_is_meant_for_are_refused) {
  std::string text = "0 ? 1\n";
  for (std::size_t i = 0; i <= AreaMap::kMaxAreas; ++i)
    text += std::to_string(i) + (i % 2 == 0 ? " 1 +\n" : " 1 -\n");
  BOOST_TEST(complaint(text).find("line 1048578 is one block too many") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(stored_whole_and_loaded) {
  const drydock::test::TempDir folder;
  const std::string path = (folder / "disk.map").string();
  BOOST_TEST(!load_mapfile(path).value());
  drydock::test::write_file(path, "");
  BOOST_TEST(!load_mapfile(path).value());
  const Mapfile mapfile = must_parse(kExample);
  BOOST_TEST(store_mapfile(path, mapfile).has_value());
  BOOST_TEST(store_mapfile(path, mapfile).has_value());
  const auto loaded = load_mapfile(path);
  BOOST_REQUIRE(loaded.has_value());
  BOOST_TEST(((*loaded)->map == mapfile.map));
  BOOST_TEST(!std::filesystem::exists(path + ".new"));
  BOOST_TEST(!store_mapfile((folder / "none/disk.map").string(), mapfile).has_value());
  BOOST_TEST(!load_mapfile(folder.path().string()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::rescue
