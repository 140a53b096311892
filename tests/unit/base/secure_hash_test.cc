#include "base/secure_hash.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "base/text.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/skip.h"

namespace drydock {
namespace {

// Every length around the ends of blocks (64 and 128 bytes), and beyond.
std::vector<std::string> messages() {
  std::vector<std::string> all;
  for (std::size_t length = 0; length < 300; ++length) {
    std::string& text = all.emplace_back(length, '\0');
    for (std::size_t i = 0; i < length; ++i) text[i] = static_cast<char>(i * 7 + length);
  }
  all.emplace_back(100'000, 'x');
  return all;
}

template <class Hash>
void check_against(const std::vector<std::string>& argv, Hash hash) {
  if (const auto why = test::missing_program(argv[0])) return test::skip(*why);
  for (const std::string& message : messages()) {
    const std::string theirs = test::must_run({.argv = argv, .input = message});
    const auto ours = hash(as_bytes(message));
    BOOST_TEST(theirs.starts_with(hex(ours) + " "), message.size());
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base_secure_hash)

// FIPS 180-4's own examples (of NIST), and RFC 7693's appendix for the other's rounds by b2sum.
BOOST_AUTO_TEST_CASE(published_digest) {
  BOOST_TEST(hex(sha256(as_bytes("abc"))) ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_CASE(sha256_is_what_sha256sum_prints) {
  check_against({"sha256sum"}, sha256);
}

BOOST_AUTO_TEST_CASE(blake2b_is_what_b2sum_prints) {
  check_against({"b2sum", "-l", "256"}, blake2b_256);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock
