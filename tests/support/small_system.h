// A small installed system, for those who read files without mounting.
#pragma once

#include <filesystem>
#include <string>

#include "fs/files.h"

namespace drydock::test {

// Files and folders below `top`: an os-release ("Dry Linux 7") behind a relative link, a folder of
// many names, a file that is large and one with holes.
void make_small_system(const std::filesystem::path& top);

// Every file of a folder as a reader sees it; what differs, or nothing.
std::string difference(fs::Files& files, const std::filesystem::path& tree);

}  // namespace drydock::test
