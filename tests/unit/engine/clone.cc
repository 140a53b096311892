#include "engine/clone.h"

#include <boost/test/unit_test.hpp>

#include "io/memory_disk.h"

namespace drydock::engine {
namespace {

constexpr std::uint64_t kDisk = 1 << 20;

class Unwatched : public Watcher {
 public:
  void moved(std::uint64_t, std::uint64_t, std::uint64_t) override {}
  void unreadable(Extent) override {}
};

struct Drives {
  io::MemoryDisk source{kDisk};
  io::MemoryDisk target{kDisk};
  ExtentMap copied;
  CloneSettings settings{64 * 1024, 3};
  Unwatched watcher;
  const Stop never;

  Drives() {
    for (std::size_t i = 0; i < kDisk; ++i)
      source.content()[i] = static_cast<std::byte>(i * 7 + i / 4096);
    copied.add({512, 100 * 1024});
    copied.add({700 * 1024, 1024});
    copied.add({kDisk - 512, 512});
  }

  Result<ExtentMap> compare(const Cloned& cloned) {
    return compare_clone(target, copied, cloned.digests, kDisk, settings, watcher, never);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(engine_clone, Drives)

BOOST_AUTO_TEST_CASE(reading_back_finds_every_byte_that_is_not_what_was_copied) {
  const auto cloned = clone(source, copied, target, settings, watcher, never);
  BOOST_REQUIRE(cloned.has_value());
  BOOST_TEST(cloned->digests.size() == 4u);  // chunks 0 and 1, 10, and the last
  BOOST_TEST(compare(*cloned)->empty());
  for (const std::uint64_t at : {std::uint64_t{512}, std::uint64_t{100 * 1024}, kDisk - 1}) {
    target.content()[at] ^= std::byte{1};
    const auto different = compare(*cloned);
    BOOST_REQUIRE(different.has_value());
    BOOST_TEST(different->contains({at, 1}));
    BOOST_TEST(different->bytes() == settings.chunk);
    target.content()[at] ^= std::byte{1};
  }
  target.content()[0] ^= std::byte{1};  // not copied
  BOOST_TEST(compare(*cloned)->empty());
}

BOOST_AUTO_TEST_CASE(the_same_on_any_number_of_threads) {
  settings.workers = 1;
  const auto one = clone(source, copied, target, settings, watcher, never);
  settings.workers = 16;
  const auto many = clone(source, copied, target, settings, watcher, never);
  BOOST_TEST((one->digests == many->digests));
}

BOOST_AUTO_TEST_CASE(nothing_to_copy_is_no_error) {
  copied = {};
  const auto cloned = clone(source, copied, target, settings, watcher, never);
  BOOST_REQUIRE(cloned.has_value());
  BOOST_TEST(compare(*cloned)->empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::engine
