// The emulated PC that fills volumes for the tests of the filesystem drivers: it sees what the host
// sees, and every filesystem of the ISO's kernel that a test relies on can be written to.
#include "support/guest_kernel.h"

#include <boost/test/unit_test.hpp>

#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {

BOOST_AUTO_TEST_SUITE(vm_guest_kernel)

BOOST_AUTO_TEST_CASE(sees_the_files_that_the_host_sees) {
  if (const auto why = GuestKernel::missing()) return skip(*why);
  if (const auto why = why_no_mount()) return skip(*why);
  if (const auto why = missing_program("mkfs.ext4")) return skip(*why);
  const TempDir dir;
  constexpr std::uint64_t kBytes = 64 << 20;
  make_sparse(dir / "ext4", kBytes);
  must_run({.argv = {"mkfs.ext4", "-q", dir / "ext4"}});
  GuestKernel guest("guest-kernel", {dir / "ext4"});
  guest.fill(0, "ext4");
  const FileTree theirs = guest.tree(0, "ext4");
  BOOST_TEST(difference(theirs, ext_tree(dir / "ext4", {0, kBytes})) == "same");
  for (const char* name : {"kept", "second name", "short link", "pipe", "with holes", "grown 2"})
    BOOST_TEST(theirs.contains(name), name);
  BOOST_TEST(theirs.at("kept").contains("user.small="));
  for (const auto& [name, text] : theirs)
    BOOST_TEST(!(name.starts_with("first/") && name.contains("gone")), name);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
