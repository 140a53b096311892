#include "fs/lvm.h"

#include <boost/test/unit_test.hpp>
#include <format>

#include "fs/lvm_group.h"
#include "fs/lvm_label.h"
#include "fs/lvm_source.h"
#include "fs/lvm_text.h"
#include "unit/fs/lvm_maker.h"

namespace drydock::fs {
namespace {

using test::LvmDisk;
using test::put32;
using test::put64;

std::string reason(const LvmDisk& made) {
  const auto contents = contents_lvm2(made.disk);
  return contents ? "" : contents.error().what;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

std::string reason_with(std::string_view what, std::string_view by) {
  return reason(LvmDisk(replaced(LvmDisk::plain(), what, by)));
}

ExtentMap extents(std::initializer_list<std::uint64_t> numbers) {
  std::vector<Extent> all{{0, LvmDisk::kData}};
  for (const std::uint64_t number : numbers)
    all.push_back({LvmDisk::kData + number * LvmDisk::kExtent, LvmDisk::kExtent});
  return ExtentMap::from(all);
}

std::string parse_error(std::string_view text) {
  const auto root = parse_lvm_text(text);
  return root ? "" : root.error().what;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_lvm)

BOOST_AUTO_TEST_CASE(keeps_the_extents_of_what_it_cannot_look_into) {
  const LvmDisk made;
  const auto found = contents_lvm2(made.disk);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST((found->used == extents({2, 3, 10, 11})));
  BOOST_REQUIRE(found->volumes.size() == 1u);
  BOOST_TEST(found->volumes[0].name == "root");
  BOOST_TEST(found->volumes[0].bytes == 4 * LvmDisk::kExtent);
  BOOST_TEST(found->volumes[0].kept == 4 * LvmDisk::kExtent);
  BOOST_TEST(found->volumes[0].whole_reason == "Drydock does not recognise what is on it");
}

BOOST_AUTO_TEST_CASE(tells_what_the_group_says) {
  const auto info = probe_lvm2(LvmDisk().disk).value().value();
  BOOST_TEST(info.filesystem == "LVM2");
  BOOST_TEST(info.label == "vg");
  BOOST_TEST(info.uuid == "012345-6789-abcd-efAB-CDEF-ghij-klmnop");
  BOOST_TEST(info.cluster == LvmDisk::kExtent);
  BOOST_TEST(info.total == LvmDisk::kExtents * LvmDisk::kExtent);
  BOOST_TEST(info.used == 4 * LvmDisk::kExtent);
}

// A swap header at the front of the volume: only its first page is kept.
BOOST_AUTO_TEST_CASE(keeps_what_the_filesystem_inside_keeps) {
  LvmDisk made;
  const io::MemoryDisk swap = test::swap_volume();
  std::ranges::copy(swap.content().first(4096),
                    made.disk.content().begin() + LvmDisk::kData + 2 * LvmDisk::kExtent);
  const auto found = contents_lvm2(made.disk);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->volumes[0].whole_reason == "");
  BOOST_TEST(found->volumes[0].info.filesystem == "swap");
  BOOST_TEST(found->volumes[0].kept == 4096u);
  BOOST_TEST((found->used == ExtentMap::from({{0, LvmDisk::kData},
                                              {LvmDisk::kData + 2 * LvmDisk::kExtent, 4096}})));
}

BOOST_AUTO_TEST_CASE(a_volume_of_no_group_keeps_its_label_and_areas) {
  BOOST_TEST((contents_lvm2(LvmDisk("").disk).value().used == extents({})));
  LvmDisk unsure("");
  put32(unsure.disk, LvmDisk::kHeader + 104, 1);
  unsure.seal();
  BOOST_TEST(reason(unsure).contains("no volume group is written on it"));
  LvmDisk used("");
  put32(used.disk, LvmDisk::kHeader + 108, 1);
  used.seal();
  BOOST_TEST(reason(used).contains("no volume group is written on it"));
}

BOOST_AUTO_TEST_CASE(a_text_that_runs_around_the_end_of_its_area) {
  LvmDisk made;
  made.set_text(LvmDisk::plain(), LvmDisk::kAreaBytes - 512);
  BOOST_TEST(reason(made) == "");
  BOOST_TEST((contents_lvm2(made.disk).value().used == extents({2, 3, 10, 11})));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_label_or_header_means_the_whole_volume) {
  const auto with = [](std::uint64_t at, std::uint32_t value, bool seal = true) {
    LvmDisk made;
    put32(made.disk, at, value);
    if (seal) made.seal();
    return reason(made);
  };
  constexpr std::uint64_t kHeader = LvmDisk::kHeader;
  constexpr std::uint64_t kArea = LvmDisk::kArea;
  BOOST_TEST(with(LvmDisk::kLabel + 500, 1, false).contains("checksum"));
  BOOST_TEST(with(kHeader + 32, LvmDisk::kBytes + 512).contains("but it has"));
  BOOST_TEST(with(kHeader + 40, LvmDisk::kData + 512).contains("place the extents differently"));
  BOOST_TEST(with(kHeader + 72, 0).contains("no LVM metadata"));
  BOOST_TEST(with(kHeader + 72, 0xFFFF0000).contains("does not fit"));
  BOOST_TEST(with(kHeader + 104, 3).contains("unknown version 3"));
  BOOST_TEST(with(kHeader + 108, 3).contains("flags that Drydock does not know (0x3)"));
  BOOST_TEST(with(kHeader + 108, 0).contains("no volume group uses it"));
  BOOST_TEST(with(kArea + 200, 1, false).contains("checksum of a header"));
  BOOST_TEST(with(kArea + 8, 0).contains("without its header"));
  BOOST_TEST(with(kArea + 20, 2).contains("unknown version 2"));
  BOOST_TEST(with(kArea + 24, 8192).contains("lies elsewhere"));
  BOOST_TEST(with(kArea + 40, LvmDisk::kAreaBytes).contains("outside its area"));
  BOOST_TEST(with(kArea + 52, 1).contains("larger than 8 MiB"));
  BOOST_TEST(with(kArea + 56, 1).contains("checksum of a text"));
  BOOST_TEST(with(kArea + 60, 1).contains("not kept up to date"));
  BOOST_TEST(with(kArea + 60, 2).contains("unknown flags"));
  BOOST_TEST(with(kArea + 64, 512).contains("neither finished nor undone"));

  LvmDisk twice;
  std::ranges::copy(twice.disk.content().subspan(512, 512), twice.disk.content().begin() + 1024);
  put64(twice.disk, 1024 + 8, 2);
  BOOST_TEST(reason(twice).contains("more than one LVM label"));
}

BOOST_AUTO_TEST_CASE(what_the_group_s_text_must_not_say) {
  BOOST_TEST(reason_with("version = 1", "version = 2").contains("unknown version"));
  BOOST_TEST(reason_with("format = \"lvm2\"", "format = \"lvm3\"").contains("'lvm3'"));
  BOOST_TEST(reason_with("RESIZEABLE", "EXPORTED").contains("'EXPORTED'"));
  BOOST_TEST(reason_with("RESIZEABLE", "CLUSTERED").contains("'CLUSTERED'"));
  BOOST_TEST(reason_with("flags = []", "flags = [\"NEW\"]").contains("'NEW'"));
  BOOST_TEST(reason_with("seqno", "lock_type = \"dlm\" seqno").contains("shared with other"));
  BOOST_TEST(reason_with("seqno", "future = 1 seqno").contains("'future'"));
  BOOST_TEST(reason_with("seqno", "future { } seqno").contains("'future'"));
  BOOST_TEST(reason_with("ALLOCATABLE", "MISSING").contains("'MISSING'"));
  BOOST_TEST(reason_with("dev_size", "future = 1 dev_size").contains("'future'"));
  BOOST_TEST(reason_with("012345-", "112345-").contains("about other physical volumes"));
  BOOST_TEST(reason_with("pe_count = 30", "pe_count = 31").contains("beyond its end"));
  BOOST_TEST(reason_with("dev_size = 2048", "dev_size = 2047").contains("has room for"));
  BOOST_TEST(reason_with("pe_count = 30", "pe_count = 11").contains("outside the physical"));
  BOOST_TEST(reason_with("extent_size = 64", "extent_size = 0").contains("sizes"));
  BOOST_TEST(reason_with("segment_count = 2", "segment_count = 3").contains("number of segments"));
  BOOST_TEST(reason_with("start_extent = 2", "start_extent = 3").contains("leave a gap"));
  BOOST_TEST(reason_with("\"pv0\", 11", "\"pv0\", 2").contains("used twice"));
  BOOST_TEST(reason_with("stripe_count = 2", "stripe_count = 3").contains("stripes"));
  BOOST_TEST(reason_with("stripe_size = 8", "stripe_size = 0").contains("size of a stripe"));
  BOOST_TEST(reason_with("type = \"striped\"", "type = \"mirror\"").contains("kind 'mirror'"));
}

BOOST_AUTO_TEST_CASE(volumes_that_only_lvm_can_read_are_kept_whole) {
  struct Case {
    std::string_view what;
    std::string_view by;
    std::string_view reason;
  };
  const std::vector<Case> cases{
      {"\"VISIBLE\"", "\"VISIBLE\", \"LOCKED\"", "state is LOCKED"},
      {"\"VISIBLE\"", "\"VISIBLE\", \"PVMOVE\"", "state is PVMOVE"},
      {", \"VISIBLE\"", "", "internal volume"},
      {"status = [\"READ\"", "flags = [\"NEW\"] status = [\"READ\"", "is NEW"},
      {"segment_count", "future = 1 segment_count", "does not know its 'future'"},
      {"stripe_count = 1", "future = 1 stripe_count = 1", "'future' of its segments"},
      {"\"pv0\", 2]", "\"pv1\", 2]", "parts of it are on other disks"},
      {"} }",
       "} pool { id = \"p\" segment_count = 1 segment1 { start_extent = 0 extent_count = 1 "
       "type = \"thin-pool\" pool = \"root\" } } }",
       "made of it"},
  };
  const io::MemoryDisk swap = test::swap_volume();
  for (const Case& each : cases) {
    std::string text = LvmDisk::plain();
    if (each.by.contains("thin-pool")) {
      const std::size_t at = text.rfind("} } }");
      text.replace(at, 3, each.by);
    } else {
      text = replaced(text, each.what, each.by);
    }
    LvmDisk made(text);
    std::ranges::copy(swap.content().first(4096),
                      made.disk.content().begin() + LvmDisk::kData + 2 * LvmDisk::kExtent);
    const auto found = contents_lvm2(made.disk);
    BOOST_TEST_REQUIRE(found.has_value(), each.by << ": " << (found ? "" : found.error().what));
    BOOST_TEST(found->volumes.at(0).whole_reason.contains(each.reason),
               found->volumes.at(0).whole_reason);
    const ExtentMap theirs = each.by.contains("pv1") ? extents({10, 11}) : extents({2, 3, 10, 11});
    BOOST_TEST((found->used == theirs));
  }
}

BOOST_AUTO_TEST_CASE(a_text_becomes_settings_and_sections) {
  const auto root = parse_lvm_text(
      "# comment\na = 1 b=[\"x\", 2 ,-3,]\ttext = \"quoted \\\" \\\\\"\nempty = []\n"
      "one{two { c = 18446744073709551615 d = 18446744073709551616 }}\0\0");
  BOOST_REQUIRE(root.has_value());
  BOOST_TEST(root->number("a").value() == 1u);
  BOOST_TEST(root->list("b").size() == 3u);
  BOOST_TEST(root->list("b")[1].number.value() == 2u);
  BOOST_TEST(!root->list("b")[2].number.has_value());
  BOOST_TEST(root->text("text") == "quoted \\\" \\\\");
  BOOST_TEST(root->list("empty").empty());
  const LvmNode* two = root->section_named("one")->section_named("two");
  BOOST_REQUIRE(two != nullptr);
  BOOST_TEST(two->number("c").value() == UINT64_MAX);
  BOOST_TEST(!two->number("d").has_value());
  BOOST_TEST(root->section_named("a") == nullptr);
  BOOST_TEST(!root->number("one").has_value());
  BOOST_TEST(!root->number("b").has_value());
  BOOST_TEST(root->text("missing") == "");
}

BOOST_AUTO_TEST_CASE(a_damaged_text_is_refused) {
  for (const std::string_view text :
       {"a", "a =", "a = [", "a = [1", "a = [1 2]", "a = \"x", "a = \"x\\", "= 1", "a {", "}",
        "a { }}", "a = 1 a = 2", "a { } a { }", "a { b = 1 b = 2 }", "a = {", "\xFF", "a = ]"})
    BOOST_TEST(parse_error(text).contains("damaged"), text);
  BOOST_TEST(parse_error("") == "");
  BOOST_TEST(parse_error("# only a comment") == "");
}

BOOST_AUTO_TEST_CASE(depth_and_number_are_limited) {
  BOOST_TEST(parse_error(repeated("a {", 7) + repeated("}", 7)) == "");
  BOOST_TEST(parse_error(repeated("a {", 8) + repeated("}", 8)).contains("too deep"));
  BOOST_TEST(parse_error(repeated("a {", 1'000'000)).contains("too deep"));
  BOOST_TEST(parse_error("a = [" + repeated("1,", 300'000) + "]") == "");
  BOOST_TEST(parse_error("a = [" + repeated("1,", 500'000) + "]").contains("larger than Drydock"));
}

BOOST_AUTO_TEST_CASE(a_text_that_is_cut_off_is_refused) {
  const std::string text = LvmDisk::plain();
  for (std::size_t length = 1; length + 1 < text.size(); ++length)
    BOOST_TEST(reason(LvmDisk(text.substr(0, length))) != "", length);
}

// One linear piece and one in two stripes: what is read is what stands where it is said to be.
BOOST_AUTO_TEST_CASE(tells_where_parts_of_a_logical_volume_lie) {
  LvmDisk made;
  std::uint8_t fill = 0;
  for (std::byte& byte : made.disk.content().subspan(LvmDisk::kData)) byte = std::byte{++fill};
  const auto label = LvmLabel::read(made.disk).value().value();
  const auto text = read_lvm_metadata(made.disk, label).value();
  const LvmGroup group = LvmGroup::read(text, label, LvmDisk::kBytes).value();
  const LvmSource source(made.disk, group.volumes.at(0));
  const Extent part{LvmDisk::kExtent - 100, 3 * LvmDisk::kExtent};
  const auto expected = io::read_bytes(source, part.offset, part.length).value();
  std::vector<std::byte> found;
  std::size_t places = 0;
  source.each_place(part, [&](Extent place) {
    ++places;
    found.append_range(made.disk.content().subspan(place.offset, place.length));
  });
  BOOST_TEST(places > 2u);
  BOOST_TEST((found == expected));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
