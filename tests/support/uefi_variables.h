// The firmware's variables in the file that QEMU gives OVMF as its flash, for a machine whose owner
// has been in the setup screens.
#pragma once

#include <filesystem>
#include <string>

namespace drydock::test {

// Adds the boot entry that one gets by typing a URL there, and makes it the only one. Throws
// std::runtime_error for a file that is no variable store.
void add_url_boot_entry(const std::filesystem::path& variables, const std::string& url);

}  // namespace drydock::test
