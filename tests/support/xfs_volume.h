// XFS volumes in files: made by mkfs.xfs, mounted by this machine's kernel, looked at by xfs_db and
// xfs_logprint. Throws std::runtime_error where a tool fails.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/extent_map.h"
#include "support/mounted.h"

namespace drydock::test {

// Why volumes cannot be mounted here, or nothing.
std::optional<std::string> why_no_xfs_mount();

// Formats a new file. The label is "drydock".
void make_xfs(const std::filesystem::path& volume, std::uint64_t bytes,
              const std::vector<std::string>& options);
// The same below the 300 MiB that mkfs.xfs wants.
void make_small_xfs(const std::filesystem::path& volume, std::uint64_t bytes,
                    const std::vector<std::string>& options);

// Mounted until the end of the scope.
class XfsMount {
 public:
  XfsMount(const std::filesystem::path& volume, const std::filesystem::path& place,
           const std::string& options);
  void grow_to(std::uint64_t bytes) const;
  // As a power cut would: what is in the log is all there is.
  void shut_down() const;

 private:
  std::filesystem::path volume_;
  Mounted mounted_;
};

struct XfsDump {
  std::uint64_t bytes = 0;        // the filesystem's
  ExtentMap free;                 // without blocks set aside
  std::uint64_t set_aside = 0;    // bytes in the lists of blocks for the free-space trees
  std::uint64_t most_levels = 0;  // of a free-space tree by place
  std::uint64_t log_start = 0;    // bytes
  std::uint64_t log_bytes = 0;
};
XfsDump xfs_db_dump(const std::filesystem::path& volume);

// As xfs_logprint sees the log. Its head is in sectors of 512 bytes from its start.
struct XfsLog {
  bool clean = false;
  std::uint64_t head = 0;
};
XfsLog xfs_log(const std::filesystem::path& volume);

// In both free-space trees of a small volume of one group, and in all counters, the last free run
// begins one block earlier.
void free_one_block_more(const std::filesystem::path& volume);

}  // namespace drydock::test
