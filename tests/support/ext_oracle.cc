#include "support/ext_oracle.h"

#include <algorithm>

#include "base/checked.h"
#include "base/text.h"
#include "support/fs_oracle.h"
#include "support/process.h"

namespace drydock::test {

ExtentMap dumpe2fs_free(const std::filesystem::path& volume) {
  // Of a volume that is in use it complains, and lists all the same.
  const std::string dump = run({.argv = {"dumpe2fs", volume}}).out;
  const std::uint64_t block = number_after(dump, "Block size:").value();
  const std::uint64_t blocks = number_after(dump, "Block count:").value();
  // With bigalloc, dumpe2fs ends a range with the first block of its last cluster.
  const std::uint64_t cluster = number_after(dump, "Cluster size:").value_or(block);
  std::vector<Extent> free;
  for (const std::string_view line : split(dump, '\n')) {
    constexpr std::string_view kKey = "  Free blocks: ";
    if (!line.starts_with(kKey)) continue;
    for (const Extent& range : parse_ranges(line.substr(kKey.size())))
      free.push_back(
          {range.offset * block, std::min(blocks * block - range.offset * block,
                                          div_ceil(range.length * block, cluster) * cluster)});
  }
  return ExtentMap::from(free);
}

ExtentMap dumpe2fs_used(const std::filesystem::path& volume) {
  return dumpe2fs_free(volume).complement(std::filesystem::file_size(volume));
}

}  // namespace drydock::test
