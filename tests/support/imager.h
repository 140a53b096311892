// The imager that was built, as a person runs it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/process.h"

namespace drydock::test {

// build/imager, or DRYDOCK_IMAGER.
std::filesystem::path imager_path();

// SOURCE_DATE_EPOCH is set, so that images are the same from run to run.
Command imager_command(std::vector<std::string> arguments, std::string input = {});
Outcome imager(std::vector<std::string> arguments, std::string input = {});

}  // namespace drydock::test
