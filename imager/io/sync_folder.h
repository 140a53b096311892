#pragma once

#include <string>

#include "base/result.h"

namespace drydock::io {

// The folder that `path` stands in; "." when it names none.
std::string folder_of(const std::string& path);

// Makes the entry of `path` in its folder durable. Success where the filesystem has no such notion.
Result<void> sync_folder_of(const std::string& path);

}  // namespace drydock::io
