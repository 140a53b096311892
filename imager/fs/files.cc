#include "fs/files.h"

#include <algorithm>
#include <format>
#include <string>

#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kLongestPath = 4096;
constexpr int kMostLinks = 40;  // what Linux follows

// The path still to go, and the folders that led here.
class Walk {
 public:
  Walk(Files& files, const FileNode& root, std::string_view path)
      : files_(files), rest_(path), folders_{root} {}

  Result<std::optional<FileNode>> run() {
    FileNode at = folders_.front();
    while (true) {
      const std::string name = next_name();
      if (name.empty()) return at;
      if (at.kind != FileNode::Kind::folder) return std::nullopt;
      const auto found = TRY(step(name));
      if (!found) return std::nullopt;
      at = *found;
    }
  }

 private:
  std::string next_name() {
    const std::size_t start = rest_.find_first_not_of('/');
    if (start == std::string::npos) return {};
    const std::size_t end = std::min(rest_.find('/', start), rest_.size());
    std::string name = rest_.substr(start, end - start);
    rest_.erase(0, end);
    return name;
  }

  // The node behind one name; behind a link, the folder in which its target's path goes on.
  Result<std::optional<FileNode>> step(const std::string& name) {
    if (name == "." || name == "..") {
      if (name == ".." && folders_.size() > 1) folders_.pop_back();
      return folders_.back();
    }
    const auto id = TRY(files_.find(folders_.back(), name));
    if (!id) return std::nullopt;
    const FileNode node = TRY(files_.node(*id));
    if (node.kind == FileNode::Kind::folder) folders_.push_back(node);
    if (node.kind != FileNode::Kind::link) return node;
    return follow(node);
  }

  Result<std::optional<FileNode>> follow(const FileNode& link) {
    if (++links_ > kMostLinks || link.bytes == 0 || link.bytes > kLongestPath ||
        link.bytes + rest_.size() > kLongestPath)
      return std::nullopt;
    const auto target = TRY(read_file(files_, link, kLongestPath));
    rest_.insert(0, reinterpret_cast<const char*>(target.data()), target.size());
    if (rest_.starts_with('/')) folders_.resize(1);
    return folders_.back();
  }

  Files& files_;
  std::string rest_;
  std::vector<FileNode> folders_;
  int links_ = 0;
};

}  // namespace

Result<void> Files::pieces(const FileNode& file, const VisitPiece&) {
  return fail(doubt(std::format("where file {} lies cannot be told", file.id)));
}

Result<std::optional<std::uint64_t>> Files::find(const FileNode& folder, std::string_view name) {
  std::optional<std::uint64_t> found;
  TRY(list(folder, [&](std::string_view entry, std::uint64_t id) {
    if (entry == name) found = id;
    return !found;
  }));
  return found;
}

Result<std::optional<FileNode>> look_up(Files& files, const FileNode& root, std::string_view path) {
  if (path.size() > kLongestPath) return std::nullopt;
  return Walk(files, root, path).run();
}

Result<std::vector<std::byte>> read_file(Files& files, const FileNode& file, std::size_t most) {
  std::vector<std::byte> bytes(std::min<std::uint64_t>(file.bytes, most));
  TRY(files.read(file, 0, bytes));
  return bytes;
}

}  // namespace drydock::fs
