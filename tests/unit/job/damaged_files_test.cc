#include <boost/test/unit_test.hpp>

#include "job/damaged_files.h"

namespace drydock::job {
namespace {

fs::DamagedFile damaged(std::string path, std::vector<Extent> missing, std::string unknown = {}) {
  return {.path = std::move(path),
          .bytes = 1'000'000,
          .missing = ExtentMap::from(std::move(missing)),
          .unknown = std::move(unknown)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(job_damaged_files)

BOOST_AUTO_TEST_CASE(a_file_is_told_in_a_sentence) {
  BOOST_TEST(describe_damaged(damaged("/a", {{8192, 4096}})) ==
             "/a: 4.0 KiB of 976.6 KiB are missing, from byte 8192");
  BOOST_TEST(describe_damaged(damaged("/a", {{8192, 4096}, {512, 512}})) ==
             "/a: 4.5 KiB of 976.6 KiB are missing in 2 places, the first at byte 512");
  BOOST_TEST(describe_damaged(damaged("/a", {}, "inode 12 cannot be read")) ==
             "/a: what is missing cannot be told: inode 12 cannot be read");
  BOOST_TEST(describe_damaged(damaged("/a", {{0, 512}}, "inode 12 is damaged")) ==
             "/a: 512 B of 976.6 KiB are missing, from byte 0; what is missing cannot be told: "
             "inode 12 is damaged");
  BOOST_TEST(describe_damaged(fs::DamagedFile{.path = "/b\x1b[2J",
                                              .folder = true,
                                              .missing = {},
                                              .unknown = "it is damaged"})
                 .find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(csv_keeps_every_name_in_its_field) {
  BOOST_TEST(damaged_files_csv("partition 1, ext4 \"root\"",
                               damaged("/a, \"b\"\n", {{0, 512}, {4096, 1}})) ==
             "\"partition 1, ext4 \"\"root\"\"\",\"/a, \"\"b\"\"\n\",file,1000000,513,0-511 "
             "4096-4096,\"\"\r\n");
}

BOOST_AUTO_TEST_CASE(a_volume_is_told_with_where_the_rest_is) {
  DamagedVolume volume{.name = "partition 1, ext4",
                       .missing = 4096,
                       .free = 1024,
                       .in_files = 2048,
                       .files = 2,
                       .problem = {}};
  BOOST_TEST(describe_damaged(volume) ==
             "partition 1, ext4: 4.0 KiB are missing; 2.0 KiB of them in 2 damaged files; 1.0 KiB "
             "in free space; 1.0 KiB of the filesystem itself or of what cannot be found any more");
  volume = {
      .name = "partition 2, swap", .missing = 512, .problem = "Drydock cannot read its files"};
  BOOST_TEST(describe_damaged(volume) ==
             "partition 2, swap: 512 B are missing; which files that is cannot be told: Drydock "
             "cannot read its files");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::job
