#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "fs/files.h"

namespace drydock::fs {

// What an os-release file calls its system, safe to show and not long: PRETTY_NAME, else NAME and
// VERSION_ID; empty when it has neither. (os-release(5): lines of KEY=value, as a shell would read
// them; the last of a kind counts.)
std::string system_name(std::string_view os_release);

// The Linux installed below `root`, from its os-release; empty when there is none, as on a volume
// whose /usr is elsewhere.
Result<std::string> linux_system(Files& files, const FileNode& root);

}  // namespace drydock::fs
