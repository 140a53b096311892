#include "fs/hfs_files.h"

#include <boost/test/unit_test.hpp>

#include "fs/read.h"
#include "io/faulty.h"
#include "unit/fs/hfs_files_volume.h"

namespace drydock::fs {
namespace {

using test::all_hfs_names;
using test::hfs_contents;
using test::hfs_names;
using test::hfs_scattered;
using test::hfs_sector;
using test::hfs_tree_of;
using test::HfsFilesVolume;
using test::HfsRecipe;
using test::HfsSeen;
using test::joined;
using test::kFirstHfsFile;
using test::kHfsBlock;
using test::look_at_hfs;
using test::many_hfs_files;
using test::prove_hfs_pieces;
using test::put_hfs32;
using test::seen_of;

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_hfs_files)

BOOST_AUTO_TEST_CASE(lists_folders_and_reads_files) {
  for (const bool extended : {false, true}) {
    for (const std::size_t in_leaf : {std::size_t{1}, ~std::size_t{0}}) {
      HfsRecipe recipe = hfs_tree_of({
          {.name = "empty"},
          {.name = "folder", .folder = true},
          {.name = "one", .extents = {{1000, 5}, {1100, 1}}, .bytes = 2600},
          {.name = "deep", .parent = kFirstHfsFile + 1, .folder = true},
          {.name = "in it", .extents = {{1010, 1}}, .bytes = 3, .parent = kFirstHfsFile + 3},
          {.name = "a/b", .extents = {{1020, 2}}},
          {.name = "e\u0301 \u6f22 \u2400", .extents = {{1030, 1}}},
          {.name = "old", .extents = {{1032, 1}}, .mode = 0},
          {.name = "pipe", .mode = 010644},
      });
      recipe.extended = extended;
      recipe.leaf_records = in_leaf;
      const HfsFilesVolume volume(recipe);
      BOOST_TEST(test::reason(used_hfs(volume.disk)) == "");
      look_at_hfs(volume.disk, [&](Files& files, const HfsSeen& seen) {
        BOOST_TEST(joined(seen.problems) == "");
        BOOST_TEST(hfs_names(seen) ==
                   "/a:b\n/empty\n/e\u0301 \u6f22 \u2400\n/folder\n/folder/deep\n"
                   "/folder/deep/in it\n/old\n/one\n/pipe\n");
        BOOST_TEST((seen.nodes.at("/pipe").kind == FileNode::Kind::other));
        BOOST_TEST((seen.nodes.at("/folder").kind == FileNode::Kind::folder));
        for (const char* name : {"/a:b", "/empty", "/folder/deep/in it", "/old", "/one"}) {
          const FileNode& node = seen.nodes.at(name);
          BOOST_TEST((node.kind == FileNode::Kind::file));
          BOOST_TEST(prove_hfs_pieces(volume, files, node) == node.bytes);
          std::string wanted;
          for (std::uint64_t sector = 0; wanted.size() < node.bytes; ++sector)
            wanted += hfs_sector(static_cast<std::uint32_t>(node.id), sector);
          wanted.resize(node.bytes);
          BOOST_TEST(hfs_contents(files, node) == wanted);
        }
        BOOST_TEST(seen.nodes.at("/one").bytes == 2600u);
        BOOST_TEST(seen.nodes.at("/empty").bytes == 0u);
        BOOST_TEST(hfs_contents(files, seen.nodes.at("/folder/deep/in it")) == "sec");
        const auto deep = look_up(files, files.root().value(), "folder/deep/in it").value();
        BOOST_TEST((deep && deep->id == seen.nodes.at("/folder/deep/in it").id));
      });
    }
  }
}

BOOST_AUTO_TEST_CASE(upper_case_is_another_name_on_hfsx) {
  HfsRecipe recipe = hfs_tree_of({{.name = "name"}, {.name = "Name"}, {.name = "NAME"}});
  recipe.extended = true;
  const HfsFilesVolume volume(recipe);
  BOOST_TEST(hfs_names(seen_of(volume.disk)) == "/NAME\n/Name\n/name\n");
}

BOOST_AUTO_TEST_CASE(parts_of_a_file_are_read_across_its_pieces) {
  const HfsFilesVolume volume(hfs_tree_of(
      {{.name = "pieces", .extents = {{1000, 1}, {1002, 2}, {999, 1}}, .bytes = 2000}}));
  look_at_hfs(volume.disk, [&](Files& files, const HfsSeen& seen) {
    const FileNode& node = seen.nodes.at("/pieces");
    const std::string whole = hfs_contents(files, node);
    for (const auto& [from, length] : {std::pair{0, 2000}, {511, 2}, {500, 1400}, {1999, 1}}) {
      std::vector<std::byte> part(length);
      BOOST_TEST(files.read(node, from, part).has_value());
      BOOST_TEST((std::ranges::equal(part, as_bytes(whole).subspan(from, length))));
    }
    std::vector<std::byte> beyond(2);
    BOOST_TEST(!files.read(node, 1999, beyond).has_value());
  });
}

BOOST_AUTO_TEST_CASE(finds_the_extents_that_did_not_fit) {
  HfsRecipe recipe = hfs_tree_of({
      {.name = "few", .extents = hfs_scattered(1000, 8)},
      {.name = "more", .extents = hfs_scattered(1100, 9)},
      {.name = "most", .extents = hfs_scattered(1201, 90), .bytes = 89 * 512 + 1},
  });
  recipe.leaf_records = 2;
  recipe.extents_nodes = 32;
  recipe.catalog_in_pieces = true;
  const HfsFilesVolume volume(recipe);
  BOOST_TEST(test::reason(used_hfs(volume.disk)) == "");
  look_at_hfs(volume.disk, [&](Files& files, const HfsSeen& seen) {
    BOOST_TEST(joined(seen.problems) == "");
    for (const char* name : {"/few", "/more", "/most"}) {
      const FileNode& node = seen.nodes.at(name);
      BOOST_TEST(prove_hfs_pieces(volume, files, node) == node.bytes);
      BOOST_TEST(
          hfs_contents(files, node)
              .ends_with(hfs_sector(static_cast<std::uint32_t>(node.id), (node.bytes - 1) / 512)
                             .substr(0, (node.bytes - 1) % 512 + 1)));
    }
  });
}

BOOST_AUTO_TEST_CASE(links_are_followed_or_told) {
  using namespace std::string_literals;
  const HfsFilesVolume volume(hfs_tree_of({
      {.name = "\0\0\0\0HFS+ Private Data"s, .folder = true},
      {.name = "iNode77", .extents = {{1000, 2}}, .parent = kFirstHfsFile},
      {.name = "iNode7", .extents = {{1010, 1}}, .parent = kFirstHfsFile},
      {.name = "one name", .finder = "hlnkhfs+", .special = 77},
      {.name = "other name", .finder = "hlnkhfs+", .special = 77},
      {.name = "seven", .finder = "hlnkhfs+", .special = 7},
      {.name = "broken", .finder = "hlnkhfs+", .special = 78},
      {.name = "of a folder", .finder = "fdrpMACS", .special = 5, .folder_link = true},
      {.name = "alias", .finder = "fdrpMACS"},
      {.name = "symbolic", .extents = {{1020, 1}}, .bytes = 9, .mode = 0120755},
      {.name = "old link", .extents = {{1021, 1}}, .bytes = 9, .mode = 0, .finder = "slnkrhap"},
  }));
  look_at_hfs(volume.disk, [&](Files& files, const HfsSeen& seen) {
    BOOST_TEST(joined(seen.problems) == "file 22 is damaged (what it is a link to is missing)\n");
    BOOST_TEST(hfs_names(seen) ==
               "/alias\n/of a folder\n/old link\n/one name\n/other name\n/seven\n/symbolic\n");
    BOOST_TEST(seen.nodes.at("/one name").id == seen.nodes.at("/other name").id);
    BOOST_TEST(static_cast<std::uint32_t>(seen.nodes.at("/seven").id) == kFirstHfsFile + 2);
    BOOST_TEST(prove_hfs_pieces(volume, files, seen.nodes.at("/one name")) == 1024u);
    BOOST_TEST(prove_hfs_pieces(volume, files, seen.nodes.at("/seven")) == 512u);
    BOOST_TEST((seen.nodes.at("/of a folder").kind == FileNode::Kind::other));
    BOOST_TEST((seen.nodes.at("/alias").kind == FileNode::Kind::file));
    for (const char* link : {"/symbolic", "/old link"}) {
      BOOST_TEST((seen.nodes.at(link).kind == FileNode::Kind::link));
      BOOST_TEST(hfs_contents(files, seen.nodes.at(link)) == "sector 0 ");
    }
  });
}

BOOST_AUTO_TEST_CASE(a_compressed_file_needs_all_of_its_resource_fork) {
  const HfsFilesVolume volume(hfs_tree_of({
      {.name = "compressed", .resource = {{1000, 1}, {1004, 2}}, .unpacked = 54'321},
      {.name = "in the attribute", .unpacked = 12},
      {.name = "plain", .extents = {{1010, 1}}, .resource = {{1020, 1}}},
  }));
  look_at_hfs(volume.disk, [&](Files& files, const HfsSeen& seen) {
    BOOST_TEST(joined(seen.problems) == "");
    const FileNode& node = seen.nodes.at("/compressed");
    BOOST_TEST(node.bytes == 54'321u);
    std::vector<FilePiece> pieces;
    BOOST_TEST(
        files.pieces(node, [&](const FilePiece& one) { pieces.push_back(one); }).has_value());
    BOOST_REQUIRE(pieces.size() == 2u);
    for (const FilePiece& piece : pieces)
      BOOST_TEST((piece.packed && piece.in_file == Extent{0, 54'321}));
    BOOST_TEST((pieces[0].on_volume == Extent{1000 * kHfsBlock, kHfsBlock}));
    BOOST_TEST((pieces[1].on_volume == Extent{1004 * kHfsBlock, 2 * kHfsBlock}));
    BOOST_TEST(hfs_contents(files, node) == "! file 16 is compressed");
    BOOST_TEST(seen.nodes.at("/in the attribute").bytes == 12u);
    BOOST_TEST(prove_hfs_pieces(volume, files, seen.nodes.at("/in the attribute")) == 0u);
    BOOST_TEST(prove_hfs_pieces(volume, files, seen.nodes.at("/plain")) == 512u);
  });
}

BOOST_AUTO_TEST_CASE(places_in_a_wrapped_volume_are_those_of_the_wrapper) {
  HfsRecipe recipe = hfs_tree_of(many_hfs_files(5));
  recipe.wrapped = true;
  const HfsFilesVolume volume(recipe);
  BOOST_TEST(volume.places.offset > 0u);
  look_at_hfs(volume.disk, [&](Files& files, const HfsSeen& seen) {
    BOOST_TEST(hfs_names(seen) == all_hfs_names(5));
    BOOST_TEST(prove_hfs_pieces(volume, files, seen.nodes.at("/file03")) == 512u);
  });
}

BOOST_AUTO_TEST_CASE(the_state_of_a_volume_is_no_hindrance) {
  HfsRecipe recipe = hfs_tree_of(many_hfs_files(5));
  recipe.journal = 4096;
  HfsFilesVolume volume(recipe);
  constexpr std::uint32_t kInconsistent = 1u << 14, kUnknown = 1;
  put_hfs32(volume, 1024 + 4, kInconsistent | kUnknown);
  put_hfs32(volume, 1024 + 48, 7);  // free blocks
  BOOST_TEST(test::reason(used_hfs(volume.disk)) != "");
  look_at_hfs(volume.disk, [&](Files& files, const HfsSeen& seen) {
    BOOST_TEST(joined(seen.problems) == "");
    BOOST_TEST(hfs_names(seen) == "/.journal\n/.journal_info_block\n" + all_hfs_names(5));
    BOOST_TEST(prove_hfs_pieces(volume, files, seen.nodes.at("/file04")) == 512u);
  });
}

BOOST_AUTO_TEST_CASE(the_alternate_header_stands_for_one_that_cannot_be_read) {
  const HfsFilesVolume volume(hfs_tree_of(many_hfs_files(5)));
  io::Faults faults;
  faults.unreadable.add({1024, 512});
  const io::FaultySource faulty(volume.disk, faults);
  BOOST_TEST(hfs_names(seen_of(faulty)) == all_hfs_names(5));
  BOOST_TEST(probe_hfs(faulty).value().value().filesystem == "HFS+");
  BOOST_TEST(test::reason(used_hfs(faulty)).contains("volume header cannot be read"));

  faults.unreadable.add({volume.disk.geometry().bytes - 1024, 512});
  const io::FaultySource both(volume.disk, faults);
  BOOST_TEST(!probe_hfs(both).has_value());
  HfsFilesVolume overwritten(hfs_tree_of({}));
  put_hfs32(overwritten, 1024, 0);
  BOOST_TEST(!probe_hfs(overwritten.disk).value().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
