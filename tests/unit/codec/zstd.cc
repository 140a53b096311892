#include "codec/zstd.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace drydock::codec {
namespace {

std::vector<std::byte> text_like(std::size_t bytes) {
  std::vector<std::byte> data(bytes);
  std::uint32_t state = 1;
  for (std::byte& b : data) {
    state = state * 1664525 + 1013904223;
    b = std::byte{static_cast<unsigned char>('a' + (state >> 28))};
  }
  return data;
}

std::vector<std::byte> compressed(ZstdCompressor& zstd, Bytes raw) {
  std::vector<std::byte> frame(zstd_bound(raw.size()));
  const auto size = zstd.compress(raw, frame);
  BOOST_REQUIRE(size.has_value());
  frame.resize(*size);
  return frame;
}

BOOST_AUTO_TEST_SUITE(codec_zstd)

BOOST_AUTO_TEST_CASE(what_went_in_comes_out) {
  ZstdCompressor compressor(3);
  ZstdDecompressor decompressor;
  for (const std::size_t bytes : {1UL, 511UL, 100'000UL, 2'097'152UL}) {
    const auto raw = text_like(bytes);
    const auto frame = compressed(compressor, raw);
    std::vector<std::byte> back(bytes);
    BOOST_TEST(decompressor.decompress(frame, back).has_value());
    BOOST_TEST((raw == back));
  }
}

BOOST_AUTO_TEST_CASE(a_frame_does_not_depend_on_the_ones_before) {
  const auto raw = text_like(300'000);
  ZstdCompressor used(3);
  compressed(used, text_like(1'000'000));
  ZstdCompressor fresh(3);
  BOOST_TEST((compressed(used, raw) == compressed(fresh, raw)));
}

BOOST_AUTO_TEST_CASE(damage_and_wrong_sizes_are_bad_input) {
  ZstdCompressor compressor(1);
  ZstdDecompressor decompressor;
  const auto raw = text_like(10'000);
  auto frame = compressed(compressor, raw);
  std::vector<std::byte> longer(raw.size() + 1);
  const auto wrong_size = decompressor.decompress(frame, longer);
  BOOST_REQUIRE(!wrong_size);
  BOOST_TEST((wrong_size.error().code == Code::bad_input));
  std::vector<std::byte> shorter(raw.size() - 1);
  BOOST_TEST(!decompressor.decompress(frame, shorter).has_value());
  frame.resize(frame.size() / 2);
  std::vector<std::byte> back(raw.size());
  BOOST_TEST(!decompressor.decompress(frame, back).has_value());
  BOOST_TEST(!decompressor.decompress({}, back).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::codec
