#include "fs/files.h"

#include <boost/test/unit_test.hpp>

#include "unit/fs/fake_files.h"

namespace drydock::fs {
namespace {

using test::FakeFiles;

std::string content(Files& files, std::string_view path) {
  const auto file = look_up(files, files.root().value(), path).value();
  if (!file) return "missing";
  const auto bytes = read_file(files, *file, 100).value();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_files)

BOOST_AUTO_TEST_CASE(finds_by_path) {
  FakeFiles files;
  files.add_file("a/b/c", "deep");
  files.add_file("top", "flat");
  BOOST_TEST(content(files, "a/b/c") == "deep");
  BOOST_TEST(content(files, "/a//b/./c") == "deep");
  BOOST_TEST(content(files, "a/b/../../top") == "flat");
  BOOST_TEST(content(files, "../../top") == "flat");
  BOOST_TEST(content(files, "a/x") == "missing");
  BOOST_TEST(content(files, "top/x") == "missing");
  BOOST_TEST(content(files, "A/b/c") == "missing");
  BOOST_TEST((look_up(files, files.root().value(), "a/b").value()->kind == FileNode::Kind::folder));
}

BOOST_AUTO_TEST_CASE(follows_links) {
  FakeFiles files;
  files.add_file("usr/lib/real", "it");
  files.add_link("etc/relative", "../usr/lib/real");
  files.add_link("etc/absolute", "/usr/lib/real");
  files.add_link("etc/outside", "../../../../usr/lib/real");
  files.add_link("lib", "usr/lib");
  files.add_link("chain", "etc/absolute");
  files.add_link("broken", "nowhere");
  for (const char* path : {"etc/relative", "etc/absolute", "etc/outside", "lib/real", "chain"})
    BOOST_TEST(content(files, path) == "it", path);
  BOOST_TEST(content(files, "broken") == "missing");
}

BOOST_AUTO_TEST_CASE(a_circle_of_links_ends) {
  FakeFiles files;
  files.add_link("a", "b");
  files.add_link("b", "a");
  files.add_link("self", "self/self");
  BOOST_TEST(content(files, "a") == "missing");
  BOOST_TEST(content(files, "self") == "missing");
  files.add_link("long", std::string(5000, 'x'));
  BOOST_TEST(content(files, "long") == "missing");
  BOOST_TEST(content(files, std::string(5000, '/')) == "missing");
}

BOOST_AUTO_TEST_CASE(reads_no_more_than_was_asked_for) {
  FakeFiles files;
  files.add_file("long", std::string(500, 'x'));
  BOOST_TEST(content(files, "long") == std::string(100, 'x'));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
