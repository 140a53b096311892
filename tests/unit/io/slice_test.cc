#include "io/slice.h"

#include <array>
#include <boost/test/unit_test.hpp>

#include "io/memory_disk.h"

namespace drydock::io {
namespace {

// Says where its data is, as a sparse file does.
class Sparse : public MemoryDisk {
 public:
  Sparse() : MemoryDisk(1000) {}
  ExtentMap data() const override { return ExtentMap::from({{0, 150}, {190, 20}, {290, 500}}); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(io_slice)

BOOST_AUTO_TEST_CASE(reads_from_its_own_start_to_its_own_end) {
  MemoryDisk disk(1000, 4096);
  BOOST_REQUIRE(disk.write_at(100, as_bytes("slice")).has_value());
  const SliceSource slice(disk, {100, 200});
  BOOST_TEST(slice.geometry().bytes == 200u);
  BOOST_TEST(slice.geometry().logical_sector == 4096u);
  BOOST_TEST(slice.name() == disk.name());
  BOOST_TEST(ByteReader(*read_bytes(slice, 0, 5)).equals(0, "slice"));
  BOOST_TEST(read_bytes(slice, 0, 200).has_value());
  for (const std::uint64_t offset : {std::uint64_t{1}, std::uint64_t{201}, UINT64_MAX - 99}) {
    const auto beyond = read_bytes(slice, offset, 200);  // there, but not in the slice
    BOOST_REQUIRE(!beyond.has_value());
    BOOST_TEST((beyond.error().code == Code::bad_input));
  }
}

BOOST_AUTO_TEST_CASE(is_cut_at_the_end_of_the_whole) {
  const MemoryDisk disk(1000);
  BOOST_TEST(SliceSource(disk, {900, 200}).geometry().bytes == 100u);
  BOOST_TEST(SliceSource(disk, {1000, 1}).geometry().bytes == 0u);
  BOOST_TEST(SliceSource(disk, {5000, 10}).geometry().bytes == 0u);
  BOOST_TEST(!read_bytes(SliceSource(disk, {5000, 10}), 0, 1).has_value());
}

BOOST_AUTO_TEST_CASE(knows_the_data_of_its_part) {
  const Sparse disk;
  BOOST_TEST(
      (SliceSource(disk, {100, 200}).data() == ExtentMap::from({{0, 50}, {90, 20}, {190, 10}})));
  BOOST_TEST(SliceSource(disk, {150, 40}).data().empty());
}

BOOST_AUTO_TEST_CASE(slices_of_slices) {
  MemoryDisk disk(1000);
  disk.content()[350] = std::byte{7};
  const SliceSource outer(disk, {100, 500});
  const SliceSource inner(outer, {200, 100});
  BOOST_TEST(std::to_integer<int>(read_bytes(inner, 50, 1)->front()) == 7);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::io
