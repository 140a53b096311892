// What a test or a tool needs of the machine, and why it cannot have it.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace drydock::test {

// Why a program cannot be run ("mkfs.xfs is not installed"), or nothing if it is in PATH or in
// /usr/sbin or /sbin.
std::optional<std::string> missing_program(std::string_view name);
// The same of the first of several that cannot be run.
std::optional<std::string> missing_programs(std::initializer_list<std::string_view> names);

// Why something that needs root cannot be done, or nothing when running as root.
std::optional<std::string> not_root();

}  // namespace drydock::test
