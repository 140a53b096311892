#include "image/manifest_json.h"

#include <boost/test/unit_test.hpp>

#include "support/image_maker.h"

namespace drydock::image {
namespace {

Manifest full() {
  Manifest manifest = test::made_manifest(io::MemoryDisk(1 << 20), ExtentMap::whole(4096), 65'536);
  manifest.table = TableKind::gpt;
  manifest.table_id = "0f0e0d0c-0b0a-0908-0706-050403020100";
  VolumeRecord volume;
  volume.partition = {.number = 2,
                      .extent = {4096, 8192},
                      .type_id = "0x83",
                      .type = "Linux",
                      .name = "root \"quoted\" \xC3\xA4",
                      .uuid = "u",
                      .active = true,
                      .logical = true};
  volume.info = {.filesystem = "ext4",
                 .label = "root",
                 .uuid = "1234",
                 .cluster = 4096,
                 .total = 8192,
                 .used = 4096,
                 .free = 4096,
                 .state = VolumeState::dirty,
                 .system = "Debian 13"};
  volume.whole_reason = "its journal was not replayed";
  volume.kept_bytes = 8192;
  const InnerVolume inner{.name = "inside",
                          .bytes = 4096,
                          .info = volume.info,
                          .whole_reason = "parts of it are on other disks",
                          .kept = 1024};
  volume.inner = {inner, {.name = "nothing", .bytes = 0, .info = {}, .whole_reason = ""}};
  manifest.volumes.push_back(volume);
  return manifest;
}

BOOST_AUTO_TEST_SUITE(image_manifest_json)

BOOST_AUTO_TEST_CASE(comes_back_as_it_was) {
  const std::string json = manifest_json(full());
  BOOST_TEST(json.find('\n') == std::string::npos);
  const auto back = parse_manifest(as_bytes(json));
  BOOST_REQUIRE(back.has_value());
  BOOST_TEST((*back == full()));
}

BOOST_AUTO_TEST_CASE(names_that_are_not_utf8_do_not_break_it) {
  Manifest manifest = full();
  manifest.volumes[0].info.label = "caf\xE9";
  const auto back = parse_manifest(as_bytes(manifest_json(manifest)));
  BOOST_REQUIRE(back.has_value());
  BOOST_TEST(back->volumes[0].info.label == "caf\xEF\xBF\xBD");
}

// Images that were made before there was an `inner`, and what a reader can do with nonsense in it.
BOOST_AUTO_TEST_CASE(volumes_inside_others_may_be_missing) {
  Manifest manifest = full();
  manifest.volumes[0].inner.clear();
  std::string json = manifest_json(manifest);
  BOOST_TEST(!json.contains("inner"));
  BOOST_TEST((*parse_manifest(as_bytes(json)) == manifest));
  const std::size_t at = json.find("\"label\":\"root\"");
  BOOST_REQUIRE(at != std::string::npos);
  json.insert(at, R"("inner":[1,"x",{"name":7,"bytes":"y"}],)");
  const auto back = parse_manifest(as_bytes(json));
  BOOST_REQUIRE(back.has_value());
  BOOST_REQUIRE(back->volumes[0].inner.size() == 1u);
  BOOST_TEST((back->volumes[0].inner[0] == InnerVolume()));
}

BOOST_AUTO_TEST_CASE(another_version_is_refused_with_a_way_out) {
  Manifest manifest = full();
  manifest.version = 2;
  const auto back = parse_manifest(as_bytes(manifest_json(manifest)));
  BOOST_REQUIRE(!back);
  BOOST_TEST(back.error().hint.find("zstd -dc") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(impossible_or_strange_json_is_refused) {
  BOOST_TEST(!parse_manifest(as_bytes("")).has_value());
  BOOST_TEST(!parse_manifest(as_bytes("[1,2]")).has_value());
  BOOST_TEST(!parse_manifest(as_bytes("{\"format\":\"drydock-image\",\"version\":1}")).has_value());
  Manifest manifest = full();
  manifest.chunk_bytes = std::uint64_t{1} << 40;
  BOOST_TEST(!parse_manifest(as_bytes(manifest_json(manifest))).has_value());
  manifest = full();
  manifest.volumes[0].partition.extent = {1 << 20, 1};
  BOOST_TEST(!parse_manifest(as_bytes(manifest_json(manifest))).has_value());
  // Types other than expected count as missing.
  std::string json = manifest_json(full());
  json.replace(json.find("\"a note\""), 8, "[[{}],1]");
  const auto odd = parse_manifest(as_bytes(json));
  BOOST_REQUIRE(odd.has_value());
  BOOST_TEST(odd->note.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::image
