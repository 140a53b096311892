#include "support/stick.h"

#include <format>

#include "base/units.h"
#include "support/files.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/temp_dir.h"

namespace drydock::test {

std::optional<std::string> why_no_copied_stick() {
  return missing_programs({"xorriso", "mcopy", "sfdisk", "mkfs.fat"});
}

void copy_iso_to_stick(const std::filesystem::path& iso, const std::filesystem::path& stick) {
  constexpr std::uint64_t kSize = 128 * kMiB, kStart = kMiB;
  const TempDir files("drydock-iso-files");
  must_run({.argv = {"xorriso", "-osirrox", "on", "-indev", iso, "-extract", "/", files.path()}});
  make_sparse(stick, kSize);
  must_run(
      {.argv = {"sfdisk", "-q", stick}, .input = "label: dos\nstart=1MiB, type=c, bootable\n"});
  must_run({.argv = {"mkfs.fat", "-F", "32", "--offset", std::to_string(kStart / 512), stick,
                     std::to_string((kSize - kStart) / 1024)}});
  std::vector<std::string> copy{"mcopy", "-s", "-i", std::format("{}@@{}", stick.string(), kStart)};
  for (const auto& entry : std::filesystem::directory_iterator(files.path()))
    copy.push_back(entry.path());
  copy.push_back("::/");
  must_run({.argv = copy, .env = {{"MTOOLS_SKIP_CHECK", "1"}}});
}

}  // namespace drydock::test
