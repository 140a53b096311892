// Records what became of every test case, for tests/run to add up.
//
// The recorder is registered for every test program by results.cc; nothing needs to be called. It
// appends one line a test case to the file named by DRYDOCK_TEST_RESULTS, if that is set:
//
//   start|pass|fail|skip TAB full/test/name TAB reason
//
// The reason is empty for a start and a pass. The file is only ever appended to, a line at a time,
// so a case with a start and nothing after it is the one that the program crashed in.
#pragma once

#include <string_view>

namespace drydock::test {

// Marks the test case that is running as skipped, with the reason. Use it through support/skip.h.
void record_skip(std::string_view why);

}  // namespace drydock::test
