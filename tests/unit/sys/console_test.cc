#include "sys/console.h"

#include <cstdlib>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "support/files.h"
#include "support/temp_dir.h"

namespace drydock::sys {
namespace {

// $SHELL for the life of a test.
class ShellVariable {
 public:
  explicit ShellVariable(const std::string& value) {
    if (const char* before = std::getenv("SHELL")) before_ = before;
    ::setenv("SHELL", value.c_str(), 1);
  }
  ~ShellVariable() { ::setenv("SHELL", before_.c_str(), 1); }

 private:
  std::string before_ = "/bin/sh";
};

std::string script(const test::TempDir& dir, const std::string& body) {
  const std::string path = (dir / "shell").string();
  test::write_file(path, "#!/bin/sh\n" + body);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sys_console)

BOOST_AUTO_TEST_CASE(a_shell_runs_to_its_end) {
  const test::TempDir dir;
  const ShellVariable shell(script(dir, "echo \"$1\" >" + (dir / "said").string() + "\n"));
  BOOST_TEST(run_shell().has_value());
  BOOST_TEST(test::read_file(dir / "said") == "-i\n");
}

BOOST_AUTO_TEST_CASE(how_a_shell_ends_is_its_own_affair) {
  const test::TempDir dir;
  const ShellVariable shell(script(dir, "exit 127\n"));
  BOOST_TEST(run_shell().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
