#include "support/files.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "support/temp_dir.h"

namespace drydock::test {

BOOST_AUTO_TEST_SUITE(support_files)

BOOST_AUTO_TEST_CASE(a_temporary_directory_goes_with_its_scope) {
  std::filesystem::path path;
  {
    const TempDir dir("name");
    path = dir.path();
    write_file(dir / "file", "contents");
    BOOST_TEST(read_file(dir / "file") == "contents");
  }
  BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(sparse_files_take_no_space_and_read_as_zeros) {
  const TempDir dir;
  make_sparse(dir / "disk", std::uint64_t{1} << 40);
  BOOST_TEST(std::filesystem::file_size(dir / "disk") == std::uint64_t{1} << 40);
  BOOST_TEST(allocated(dir / "disk") == 0u);
  write_range(dir / "disk", 12345678901, "abc");
  BOOST_TEST(read_range(dir / "disk", 12345678900, 5) == std::string("\0abc\0", 5));
  BOOST_TEST(allocated(dir / "disk") > 0u);
}

BOOST_AUTO_TEST_CASE(digests_of_files_and_of_ranges) {
  const TempDir dir;
  write_file(dir / "f", "xxabcyy");
  write_file(dir / "g", "abc");
  // FIPS 180-4, example: SHA-256 of "abc"
  const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  BOOST_TEST(sha256(dir / "g") == abc);
  BOOST_TEST(sha256(dir / "f", std::array{Range{2, 1}, Range{3, 2}}) == abc);
  BOOST_CHECK_THROW(sha256(dir / "f", std::array{Range{2, 100}}), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_sparse_digest_is_of_the_contents_alone) {
  const TempDir dir;
  constexpr std::uint64_t kMiB = 1 << 20;
  for (const char* name : {"a", "b"}) {
    make_sparse(dir / name, 20 * kMiB + 1);
    write_range(dir / name, 7 * kMiB - 1, "xy");
  }
  write_range(dir / "b", 12 * kMiB, std::string(2 * kMiB, '\0'));
  const std::string digest = sha256_sparse(dir / "a");
  BOOST_TEST(sha256_sparse(dir / "b") == digest);
  write_range(dir / "b", 20 * kMiB, "z");
  BOOST_TEST(sha256_sparse(dir / "b") != digest);
  write_range(dir / "b", 20 * kMiB, std::string(1, '\0'));
  BOOST_TEST(sha256_sparse(dir / "b") == digest);
  make_sparse(dir / "c", 20 * kMiB);
  write_range(dir / "c", 7 * kMiB - 1, "xy");
  BOOST_TEST(sha256_sparse(dir / "c") != digest);
}

BOOST_AUTO_TEST_CASE(comparison_sees_a_byte_and_a_length) {
  const TempDir dir;
  write_file(dir / "a", "same");
  write_file(dir / "b", "same");
  write_file(dir / "c", "sane");
  write_file(dir / "d", "same ");
  BOOST_TEST(same_contents(dir / "a", dir / "b"));
  BOOST_TEST(!same_contents(dir / "a", dir / "c"));
  BOOST_TEST(!same_contents(dir / "a", dir / "d"));
  BOOST_CHECK_THROW(same_contents(dir / "a", dir / "none"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
