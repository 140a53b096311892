#pragma once

#include <string>

#include "base/result.h"
#include "fs/files.h"

namespace drydock::fs {

// The Windows installed below `root`, from its registry: "Windows 11 Pro 23H2 (build 22631.2861)",
// safe to show and not long; empty when there is none.
Result<std::string> windows_system(Files& files, const FileNode& root);

}  // namespace drydock::fs
