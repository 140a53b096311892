// What a fuzzer holds to be true of every answer, whatever the input.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace drydock::test {

// Ends the fuzzer where it does not hold, which is a finding.
inline void demand(bool holds, std::source_location at = std::source_location::current()) {
  if (holds) return;
  std::fprintf(stderr, "line %u of %s does not hold\n", at.line(), at.file_name());
  std::abort();
}

}  // namespace drydock::test
