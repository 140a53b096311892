// Programs that are killed at a moment of our choice: just before the n-th thing they do to a file
// (create, write, shorten, sync, rename, delete). The counted calls are those of the program's
// first thread, which is the one of imager that writes; the others run freely.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "support/process.h"

namespace drydock::test {

// Runs the program and kills it (SIGKILL) before its call number `n`, counted from 0. Gives the
// call that was not carried out; nothing where the program ended by itself before. Its output is
// dropped. Throws std::runtime_error where the machine lets it down or does not let it be traced.
std::optional<std::string> killed_at(const Command& command, std::size_t n);

// Why no program can be traced here; nothing when it can.
std::optional<std::string> no_tracing();

}  // namespace drydock::test
