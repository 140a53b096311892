#include "sys/mounts.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "io/sync_folder.h"

namespace drydock::sys {
namespace {

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

// Space, tab, newline and backslash stand as three octal digits behind a backslash.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 3 < text.size() && is_octal(text[i + 1]) &&
                        is_octal(text[i + 2]) && is_octal(text[i + 3]);
    if (!escape) {
      out += text[i];
      continue;
    }
    const int code = (text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0');
    out += static_cast<char>(code);
    i += 3;
  }
  return out;
}

bool has_option(std::string_view options, std::string_view option) {
  return std::ranges::contains(split(options, ','), option);
}

bool stands_on(std::string_view path, std::string_view point) {
  if (point == "/") return path.starts_with('/');
  return path.starts_with(point) && (path.size() == point.size() || path[point.size()] == '/');
}

}  // namespace

// ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAGS…] - FILESYSTEM SOURCE SUPER_OPTIONS
std::vector<Mount> parse_mountinfo(std::string_view text) {
  std::vector<Mount> mounts;
  for (const std::string_view line : split(text, '\n')) {
    const std::vector<std::string_view> fields = split(line, ' ');
    if (fields.size() < 10) continue;
    const auto dash = std::find(fields.begin() + 6, fields.end(), "-");
    if (fields.end() - dash < 4) continue;
    mounts.push_back({.device = std::string(fields[2]),
                      .point = unescaped(fields[4]),
                      .filesystem = std::string(dash[1]),
                      .source = unescaped(dash[2]),
                      .read_only = has_option(fields[5], "ro") || has_option(dash[3], "ro")});
  }
  return mounts;
}

std::vector<std::string> parse_swaps(std::string_view text) {
  std::vector<std::string> paths;
  for (const std::string_view line : split(text, '\n'))
    if (line.starts_with('/'))
      paths.push_back(unescaped(line.substr(0, line.find_first_of(" \t"))));
  return paths;
}

const Mount* mount_of(const std::vector<Mount>& mounts, std::string_view path) {
  const Mount* found = nullptr;
  for (const Mount& mount : mounts)
    if (stands_on(path, mount.point) &&
        (found == nullptr || mount.point.size() >= found->point.size()))
      found = &mount;
  return found;
}

Result<void> measure(const std::string& path, Storage& storage) {
  struct statvfs status{};
  if (::statvfs(path.c_str(), &status) != 0) {
    const std::string folder = io::folder_of(path);
    if (errno != ENOENT || ::statvfs(folder.c_str(), &status) != 0)
      return fail(os_error(errno, folder, "there is no such folder", "Create it first"));
  }
  // What ext keeps in reserve, root may use.
  const bool reserve = ::geteuid() == 0 && storage.filesystem.starts_with("ext");
  storage.free = std::uint64_t{reserve ? status.f_bfree : status.f_bavail} * status.f_frsize;
  storage.total = std::uint64_t{status.f_blocks} * status.f_frsize;
  return {};
}

std::uint64_t largest_file(std::string_view filesystem) {
  if (filesystem == "vfat" || filesystem == "msdos") return 0xFFFFFFFF;
  if (filesystem == "hfs") return 0x7FFFFFFF;
  return 0;
}

}  // namespace drydock::sys
