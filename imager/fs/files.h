#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "core/extent.h"

namespace drydock::fs {

// Of the name of an installed system, in bytes.
inline constexpr std::size_t kLongestSystemName = 80;

// A file, folder or link of a filesystem that is read without mounting it.
struct FileNode {
  enum class Kind { file, folder, link, other };
  Kind kind = Kind::other;
  std::uint64_t id = 0;     // the filesystem's own number of it
  std::uint64_t bytes = 0;  // length of its contents; of a link: of its target
};

// Where a part of a file's contents is stored: byte for byte, or packed, so that all of the part
// needs all of what is stored.
struct FilePiece {
  Extent in_file;
  Extent on_volume;
  bool packed = false;
};

// The files of a volume. A filesystem implements the first four; paths and the rest follow from
// them. A pure reader in bounded memory, for one thread, safe on any bytes: every loop has a limit
// that does not come from the disk alone. Nothing is vouched for: a map rests on none of this.
class Files {
 public:
  // Told each entry's name, as stored in UTF-8, and its number; false stops the listing.
  using Visit = std::function<bool(std::string_view name, std::uint64_t id)>;

  virtual ~Files() = default;

  virtual Result<FileNode> root() = 0;
  virtual Result<FileNode> node(std::uint64_t id) = 0;

  // Every entry of a folder but "." and "..". Where a part of it cannot be read, the others are
  // told as far as can be, and it fails in the end.
  virtual Result<void> list(const FileNode& folder, const Visit& visit) = 0;

  // Fills `into` with the contents from `offset` on, holes as zeros; of a link: with its target.
  // The range must lie inside `bytes`.
  virtual Result<void> read(const FileNode& file, std::uint64_t offset, MutableBytes into) = 0;

  // Tells where the contents of a file lie, in the order of the file, inside the volume and no
  // farther than `bytes`. Left out are holes, what reads as zeros because it was never written, and
  // contents that stand in the node itself. The default fails: it cannot be told.
  using VisitPiece = std::function<void(const FilePiece& piece)>;
  virtual Result<void> pieces(const FileNode& file, const VisitPiece& visit);

  // The number of one entry. Where names are sorted or compared without case, better than by list.
  virtual Result<std::optional<std::uint64_t>> find(const FileNode& folder, std::string_view name);
};

// The node at "a/b/c" below `root`, links followed; absolute links begin at `root` again, and ".."
// stays inside it. Nothing when any part is missing, or in a circle of links.
Result<std::optional<FileNode>> look_up(Files& files, const FileNode& root, std::string_view path);

// The first `most` bytes of a file.
Result<std::vector<std::byte>> read_file(Files& files, const FileNode& file, std::size_t most);

// Told of the files of a volume, or of one of its subvolumes. What stands before the "/" of their
// paths is `path`: "", "/home" for a subvolume. False or an Error ends it.
using VisitFiles =
    std::function<Result<bool>(Files& files, const FileNode& root, std::string_view path)>;

}  // namespace drydock::fs
