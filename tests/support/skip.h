// Skipping a test that cannot run on this machine. A skipped test counts as skipped, with its
// reason.
//
//   BOOST_AUTO_TEST_CASE(restores_a_whole_disk) {
//     if (const auto why = missing_program("mkfs.ext4")) return skip(*why);
//     ...
//   }
//
// `return skip(...)` must come before the first check of the case; a case that fails and then skips
// has failed.
#pragma once

#include <string_view>

#include "support/needs.h"

namespace drydock::test {

// Marks the running test case as skipped because of `why`, e.g. "qemu-system-x86_64 is missing".
void skip(std::string_view why);

}  // namespace drydock::test
