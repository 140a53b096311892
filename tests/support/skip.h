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

#include <optional>
#include <string>
#include <string_view>

namespace drydock::test {

// Marks the running test case as skipped because of `why`, e.g. "qemu-system-x86_64 is missing".
void skip(std::string_view why);

// Why a program cannot be run ("mkfs.xfs is not installed"), or nothing if it is in PATH or in
// /usr/sbin or /sbin.
std::optional<std::string> missing_program(std::string_view name);

// Why a test that needs root cannot be run, or nothing when running as root.
std::optional<std::string> not_root();

}  // namespace drydock::test
