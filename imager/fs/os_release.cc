#include "fs/os_release.h"

#include "base/text.h"
#include "base/units.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kMostFile = 16 * kKiB;

// A value as a shell would take it: quotes gone, the character behind a backslash as it is.
std::string unquoted(std::string_view value) {
  value = trimmed(value);
  const char quote = value.starts_with('"') || value.starts_with('\'') ? value.front() : '\0';
  if (quote != '\0') value.remove_prefix(1);
  std::string text;
  for (std::size_t i = 0; i < value.size() && (quote == '\0' || value[i] != quote); ++i) {
    if (value[i] == '\\' && quote != '\'' && i + 1 < value.size()) ++i;
    text += value[i];
  }
  return text;
}

}  // namespace

std::string system_name(std::string_view os_release) {
  std::string pretty;
  std::string name;
  std::string version;
  for (std::string_view line : split(os_release, '\n')) {
    line = trimmed(line);
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = line.substr(0, equals);
    const std::string_view value = line.substr(equals + 1);
    if (key == "PRETTY_NAME") pretty = unquoted(value);
    if (key == "NAME") name = unquoted(value);
    if (key == "VERSION_ID") version = unquoted(value);
  }
  if (trimmed(pretty).empty()) pretty = name + " " + version;
  return shortened(printable(pretty), kLongestSystemName);
}

Result<std::string> linux_system(Files& files, const FileNode& root) {
  for (const std::string_view path : {"etc/os-release", "usr/lib/os-release"}) {
    const auto file = TRY(look_up(files, root, path));
    if (!file || file->kind != FileNode::Kind::file) continue;
    const auto bytes = TRY(read_file(files, *file, kMostFile));
    std::string name = system_name({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    if (!name.empty()) return name;
  }
  return std::string();
}

}  // namespace drydock::fs
