// Hives of the Windows registry for tests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace drydock::test {

struct HiveValue {
  std::string name;
  std::uint32_t type;  // 1: text, 4: number
  std::string bytes;
};
HiveValue hive_text(const std::string& name, std::string_view text);  // ASCII
HiveValue hive_number(const std::string& name, std::uint32_t number);

struct HiveKey {
  std::string name;  // ASCII
  std::vector<HiveValue> values = {};
  std::vector<HiveKey> keys = {};
  std::string_view list = "lh";  // of its keys: "lh", "lf", "li", or "ri" for a list of lists
  bool wide = false;             // its name and those of its values are stored as UTF-16
};

// A whole hive file.
std::string make_hive(const HiveKey& root);
// Its base block's checksum after a change.
void seal_hive(std::string& hive);

// SOFTWARE of a Windows: the values of Microsoft\Windows NT\CurrentVersion.
HiveKey software_key(std::vector<HiveValue> version);

// The same written by hivexsh, as a witness that has no code in common with ours.
void write_hive_by_hivexsh(const std::filesystem::path& file,
                           const std::vector<std::string>& names_and_values);

}  // namespace drydock::test
