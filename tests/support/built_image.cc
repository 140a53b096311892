#include "support/built_image.h"

#include <algorithm>
#include <sstream>

#include "support/files.h"
#include "support/process.h"
#include "support/temp_dir.h"

namespace drydock::test {

const std::vector<CpioEntry>& initramfs() {
  static const auto entries = read_initramfs(kInitrd);
  return entries;
}

const CpioEntry* find_entry(std::string_view path) {
  const auto found = std::ranges::find(initramfs(), path, &CpioEntry::path);
  return found == initramfs().end() ? nullptr : &*found;
}

std::filesystem::path package(const std::string& name) {
  return lines(must_run({.argv = {"rootfs/packages/fetch", name}})).at(0);
}

std::string iso_file(const std::string& path) {
  const TempDir dir("iso-file");
  must_run({.argv = {"xorriso", "-osirrox", "on", "-indev", kIso, "-extract", path, dir / "file"}});
  return read_file(dir / "file");
}

std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> result;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) result.push_back(line);
  return result;
}

}  // namespace drydock::test
