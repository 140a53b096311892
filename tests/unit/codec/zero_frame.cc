#include "codec/zero_frame.h"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "codec/zstd.h"

namespace drydock::codec {
namespace {

constexpr std::size_t kKiB = 1024;

std::vector<std::byte> frame_of(std::uint64_t raw) {
  std::vector<std::byte> frame(zero_frame_size(raw));
  write_zero_frame(raw, frame);
  return frame;
}

BOOST_AUTO_TEST_SUITE(codec_zero_frame)

BOOST_AUTO_TEST_CASE(zstd_unpacks_it_to_zeros) {
  ZstdDecompressor zstd;
  for (const std::size_t raw :
       {1UL, 511UL, 128 * kKiB - 1, 128 * kKiB, 128 * kKiB + 1, 4096 * kKiB}) {
    std::vector<std::byte> out(raw, std::byte{0xAA});
    BOOST_TEST(zstd.decompress(frame_of(raw), out).has_value(), "length " << raw);
    BOOST_TEST(all_zero(out));
  }
}

BOOST_AUTO_TEST_CASE(costs_four_bytes_for_128_KiB) {
  BOOST_TEST(zero_frame_size(128 * kKiB) == 14U);
  BOOST_TEST(zero_frame_size(1024 * 1024 * kKiB) == 10U + 4U * 8192U);
}

BOOST_AUTO_TEST_CASE(any_flipped_bit_is_noticed) {
  const std::uint64_t raw = 300 * kKiB;
  const auto good = frame_of(raw);
  BOOST_TEST(is_zero_frame(good, raw));
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bad = good;
    bad[bit / 8] ^= std::byte{1} << (bit % 8);
    BOOST_TEST(!is_zero_frame(bad, raw), "bit " << bit);
  }
}

BOOST_AUTO_TEST_CASE(other_lengths_are_not_taken_for_it) {
  const auto frame = frame_of(128 * kKiB);
  BOOST_TEST(!is_zero_frame(frame, 128 * kKiB - 1));
  BOOST_TEST(!is_zero_frame(frame, 0));
  BOOST_TEST(!is_zero_frame({}, 0));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::codec
