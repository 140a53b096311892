#include "fs/hfs_search.h"

#include <boost/test/unit_test.hpp>

#include "fs/read.h"
#include "io/faulty.h"
#include "unit/fs/hfs_files_volume.h"

namespace drydock::fs {
namespace {

using test::all_hfs_names;
using test::hfs_names;
using test::hfs_scattered;
using test::hfs_tree_of;
using test::HfsFilesVolume;
using test::HfsRecipe;
using test::HfsSeen;
using test::joined;
using test::kHfsBlock;
using test::kHfsNode;
using test::look_at_hfs;
using test::many_hfs_files;
using test::prove_hfs_pieces;
using test::put_hfs32;
using test::seen_of;

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_hfs_search)

// Leaves of two records: the root folder and its thread, then two files each, then the threads.
BOOST_AUTO_TEST_CASE(a_leaf_that_is_lost_costs_what_was_in_it) {
  HfsRecipe recipe = hfs_tree_of(many_hfs_files(20));
  recipe.leaf_records = 2;
  for (const bool unreadable : {true, false}) {
    HfsFilesVolume volume(recipe);
    io::Faults faults;
    if (unreadable)
      faults.unreadable.add({volume.node_at(4), 512});
    else
      put_hfs32(volume, volume.node_at(4) + 8, 0);  // it is none any more
    const io::FaultySource faulty(volume.disk, faults);
    look_at_hfs(faulty, [&](Files& files, const HfsSeen& seen) {
      BOOST_TEST(seen.problems.size() == 1u);
      BOOST_TEST(joined(seen.problems).contains(unreadable ? "cannot be read" : "node 4 of"));
      BOOST_TEST(hfs_names(seen) == all_hfs_names(20, 4, 2));
      for (const auto& [path, node] : seen.nodes)
        BOOST_TEST(prove_hfs_pieces(volume, files, node) == 512u);
    });
  }
}

BOOST_AUTO_TEST_CASE(a_record_that_is_damaged_costs_itself) {
  HfsRecipe recipe = hfs_tree_of(many_hfs_files(20));
  recipe.leaf_records = 2;
  HfsFilesVolume kind(recipe);
  put_hfs32(kind, kind.record_at(4, 0) + 2 + 6 + 12, 0x99990000);
  BOOST_TEST(hfs_names(seen_of(kind.disk)) == all_hfs_names(20, 4, 1));
  BOOST_TEST(joined(seen_of(kind.disk).problems) == "file 2 is damaged (a record in node 4)\n");
  HfsFilesVolume name(recipe);
  store_be<std::uint16_t>(name.disk.content().data() + name.record_at(4, 0) + 2 + 4, 0x300);
  BOOST_TEST(hfs_names(seen_of(name.disk)) == all_hfs_names(20, 4, 1));
  BOOST_TEST(joined(seen_of(name.disk).problems) == "file 2 is damaged (a record in node 4)\n");
  HfsFilesVolume key(recipe);
  store_be<std::uint16_t>(key.disk.content().data() + key.record_at(4, 0), 0xFFFE);
  BOOST_TEST(hfs_names(seen_of(key.disk)) == all_hfs_names(20, 4, 1));
  BOOST_TEST(joined(seen_of(key.disk).problems).contains("node 4 of the catalog file is damaged"));
}

BOOST_AUTO_TEST_CASE(keys_that_are_out_of_order_are_told) {
  HfsRecipe recipe = hfs_tree_of(many_hfs_files(20));
  recipe.leaf_records = 2;
  HfsFilesVolume volume(recipe);
  put_hfs32(volume, volume.record_at(4, 0) + 2, 0x7777);  // the first of two
  BOOST_TEST(hfs_names(seen_of(volume.disk)) == all_hfs_names(20, 4, 1));
  BOOST_TEST(joined(seen_of(volume.disk).problems) ==
             "node 4 of the catalog file is damaged (its keys are not in order)\n");
}

// A tree of three levels, with two files in each leaf from the second on.
HfsRecipe high_hfs_tree() {
  HfsRecipe recipe = hfs_tree_of(many_hfs_files(80));
  recipe.nodes = 128;
  recipe.leaf_records = 2;
  return recipe;
}
constexpr std::uint32_t kLastHfsLeaf = 81;

struct HfsPointer {
  std::uint32_t index;  // the node that it is in
  std::uint64_t at;
};

// To the fourth leaf.
HfsPointer pointer_to_fourth(const HfsFilesVolume& volume) {
  const auto be32 = [&](std::uint64_t at) {
    return load_be<std::uint32_t>(volume.disk.content().data() + at);
  };
  const std::uint32_t index = be32(volume.record_at(volume.catalog_root(), 1) - 4);
  const HfsPointer pointer{index, volume.record_at(index, 4) - 4};
  BOOST_REQUIRE(index > kLastHfsLeaf);
  BOOST_REQUIRE(volume.catalog_root() > index);
  BOOST_REQUIRE(be32(pointer.at) == 4u);
  return pointer;
}

BOOST_AUTO_TEST_CASE(a_tree_that_leads_astray_ends) {
  const HfsFilesVolume good(high_hfs_tree());
  const auto [index, fourth] = pointer_to_fourth(good);
  const std::vector<std::pair<std::uint32_t, std::string>> targets{
      {good.catalog_root(), "it is in the tree twice"},
      {index, "it is in the tree twice"},
      {5, "it is in the tree twice"},
      {0, "not of the kind that should be there"},
      {127, "its records overlap"},
      {128, "the file has no such node"},
      {0xFFFFFFFF, "the file has no such node"}};
  for (const auto& [target, why] : targets) {
    BOOST_TEST_CONTEXT("to node " << target) {
      HfsFilesVolume volume(high_hfs_tree());
      put_hfs32(volume, fourth, target);
      BOOST_TEST(joined(seen_of(volume.disk).problems) == "");
      BOOST_TEST(hfs_names(seen_of(volume.disk)) == all_hfs_names(80));
      put_hfs32(volume, volume.node_at(4) + 8, 0);
      BOOST_TEST(joined(seen_of(volume.disk).problems).contains(why));
      BOOST_TEST(hfs_names(seen_of(volume.disk)) == all_hfs_names(80, 4, 2));
    }
  }
}

BOOST_AUTO_TEST_CASE(links_of_leaves_that_lead_in_circles_end) {
  HfsFilesVolume volume(high_hfs_tree());
  put_hfs32(volume, volume.node_at(0) + 16, 0);  // the root
  put_hfs32(volume, volume.node_at(0) + 8, 0);   // this is no header
  put_hfs32(volume, volume.node_at(4), 4), put_hfs32(volume, volume.node_at(4) + 4, 4);
  put_hfs32(volume, volume.node_at(9), 8);
  const HfsSeen seen = seen_of(volume.disk);
  BOOST_TEST(joined(seen.problems) ==
             "node 0 of the catalog file is damaged (it should be the header)\n");
  BOOST_TEST(hfs_names(seen) == all_hfs_names(80, 4, 2));
}

BOOST_AUTO_TEST_CASE(leaves_are_found_without_what_leads_to_them) {
  const HfsFilesVolume good(high_hfs_tree());
  io::Faults faults;
  faults.unreadable.add({good.node_at(kLastHfsLeaf + 1), 10 * kHfsNode});
  const io::FaultySource without_index(good.disk, faults);
  faults.unreadable.add({good.node_at(0), 512});
  const io::FaultySource without_header(good.disk, faults);
  for (const io::BlockSource* source : {&without_index, &without_header}) {
    look_at_hfs(*source, [&](Files& files, const HfsSeen& seen) {
      BOOST_TEST(joined(seen.problems) == "");
      BOOST_TEST(hfs_names(seen) == all_hfs_names(80));
      BOOST_TEST(prove_hfs_pieces(good, files, seen.nodes.at("/file70")) == 512u);
    });
  }
  for (const std::uint32_t leaf : {1u, 4u, kLastHfsLeaf}) {
    io::Faults more = faults;
    more.unreadable.add({good.node_at(leaf), 512});
    const HfsSeen seen = seen_of(io::FaultySource(good.disk, more));
    BOOST_TEST(hfs_names(seen) == (leaf == 4 ? all_hfs_names(80, 4, 2) : all_hfs_names(80)));
    // The first may have had names of the root; the last has threads only, but who knows.
    BOOST_TEST(seen.problems.size() == (leaf == kLastHfsLeaf ? 0u : 1u));
    if (!seen.problems.empty()) BOOST_TEST(joined(seen.problems).contains("cannot be read"));
  }
}

// As what the system took out of the tree without clearing it.
BOOST_AUTO_TEST_CASE(leaves_that_are_in_use_no_more_are_left_out) {
  HfsFilesVolume volume(high_hfs_tree());
  const MutableBytes all = volume.disk.content();
  std::ranges::copy(Bytes(all).subspan(volume.node_at(4), kHfsNode),
                    all.begin() + static_cast<std::ptrdiff_t>(volume.node_at(100)));
  put_hfs32(volume, volume.node_at(0) + 16, 0x1000);  // the root
  const HfsSeen seen = seen_of(volume.disk);
  BOOST_TEST(joined(seen.problems) == "");
  BOOST_TEST(hfs_names(seen) == all_hfs_names(80));
}

BOOST_AUTO_TEST_CASE(a_damaged_header_is_done_without) {
  for (const std::uint32_t node : {512u, 1024u, 4096u}) {
    for (const std::uint64_t field : {8, 14, 16, 32}) {  // kind, height, root, bytes of a node
      HfsRecipe recipe = hfs_tree_of(many_hfs_files(60));
      recipe.node = node;
      recipe.nodes = 160;
      recipe.attribute_file = false;
      HfsFilesVolume volume(recipe);
      put_hfs32(volume, volume.node_at(0) + field, 0x02020202);
      const HfsSeen seen = seen_of(volume.disk);
      BOOST_TEST(joined(seen.problems) == "");
      BOOST_TEST(hfs_names(seen) == all_hfs_names(60));
    }
  }
}

BOOST_AUTO_TEST_CASE(without_the_catalog_there_is_a_reason) {
  HfsFilesVolume outside(hfs_tree_of({}));
  put_hfs32(outside, 1024 + 272 + 16, 0x01010101);
  BOOST_TEST(joined(seen_of(outside.disk).problems) == "the catalog file is too short\n");
  HfsFilesVolume blocks(hfs_tree_of({}));
  put_hfs32(blocks, 1024 + 40, 0);
  const VisitFiles never = [](Files&, const FileNode&, std::string_view) -> Result<bool> {
    return fail(doubt("it was called"));
  };
  BOOST_TEST(files_hfs(blocks.disk, never).error().what == "blocks of 0 bytes are impossible");
  BOOST_TEST(files_hfs(io::MemoryDisk(0), never).error().what ==
             "Drydock reads no files of plain HFS");
}

BOOST_AUTO_TEST_CASE(what_is_known_of_a_damaged_file_is_told) {
  HfsRecipe recipe = hfs_tree_of({{.name = "most", .extents = hfs_scattered(1201, 40)}});
  recipe.leaf_records = 1;
  const HfsFilesVolume good(recipe);
  const std::uint64_t overflow = good.places.extents * kHfsBlock;
  const auto told_of = [&](const io::BlockSource& source, const HfsFilesVolume& volume) {
    std::pair<std::uint64_t, std::string> told;
    look_at_hfs(source, [&](Files& files, const HfsSeen& seen) {
      Result<void> outcome;
      told.first = prove_hfs_pieces(volume, files, seen.nodes.at("/most"), &outcome);
      told.second = outcome ? "" : outcome.error().what;
      std::vector<std::byte> start(8 * 512);
      BOOST_TEST(files.read(seen.nodes.at("/most"), 0, start).has_value());
      if (outcome) return;
      std::vector<std::byte> last(1);
      BOOST_TEST(!files.read(seen.nodes.at("/most"), 40 * 512 - 1, last).has_value());
    });
    return told;
  };
  BOOST_TEST(told_of(good.disk, good).first == 40u * 512);

  io::Faults faults;
  faults.unreadable.add({overflow + 2 * 512, 512});  // the second of four leaves
  const auto lost = told_of(io::FaultySource(good.disk, faults), good);
  BOOST_TEST(lost.first == 32u * 512);
  BOOST_TEST(lost.second.contains("the extents overflow file cannot be read"));

  HfsFilesVolume outside(recipe);
  put_hfs32(outside, overflow + 2 * 512 + 14 + 12, 0x77777777);
  const auto without = told_of(outside.disk, outside);
  BOOST_TEST(without.first == 39u * 512);
  BOOST_TEST(without.second == "file 16 is damaged (blocks outside the volume)");

  HfsFilesVolume twice(recipe);
  put_hfs32(twice, overflow + 3 * 512 + 14 + 8, 9);  // where in the file the third record begins
  const auto before = told_of(twice.disk, twice);
  BOOST_TEST(before.first == 24u * 512);
  BOOST_TEST(before.second == "file 16 is damaged (more blocks than it can have)");
}

BOOST_AUTO_TEST_CASE(lengths_that_cannot_be_are_refused) {
  HfsFilesVolume volume(hfs_tree_of({{.name = "file", .extents = {{1000, 2}}}}));
  const std::uint64_t fork = volume.record_at(1, 2) + 2 + 6 + 8 + 88;
  put_hfs32(volume, fork, 1);
  BOOST_TEST(joined(seen_of(volume.disk).problems) ==
             "file 16 is damaged (longer than its blocks)\n");
  put_hfs32(volume, fork + 12, 0xFFFFFFFF);
  BOOST_TEST(joined(seen_of(volume.disk).problems) ==
             "file 16 is damaged (longer than its blocks)\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
