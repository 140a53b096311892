#include "fs/damaged_files.h"

#include <unordered_set>
#include <utility>
#include <vector>

#include "base/units.h"
#include "fs/driver.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kDeepestPath = 64 * kKiB;  // of folders in each other without an end

// Not a fault of the filesystem, and of everything that would be tried next.
bool ends_all(const Error& error) {
  return error.code != Code::bad_input && error.code != Code::unreadable;
}

class DamageWalk {
 public:
  DamageWalk(const ExtentMap& lost, const std::function<void(DamagedFile)>& found, const Stop& stop)
      : lost_(lost), found_(found), stop_(stop) {}

  // The files of a subvolume.
  Result<void> walk(Files& files, const FileNode& root, std::string_view path) {
    files_ = &files;
    entered_ = {root.id};
    folders_.clear();
    folders_.emplace_back(std::string(path), root);
    while (!folders_.empty()) {
      const auto [at, folder] = std::move(folders_.back());
      folders_.pop_back();
      TRY(walk_folder(at, folder));
    }
    return {};
  }

  FilesSeen take() && {
    seen_.named = ExtentMap::from(std::move(named_));
    return std::move(seen_);
  }

 private:
  Result<void> walk_folder(const std::string& path, const FileNode& folder) {
    ++seen_.folders;
    std::vector<std::pair<std::string, std::uint64_t>> entries;
    const auto listed = files_->list(folder, [&](std::string_view name, std::uint64_t id) {
      entries.emplace_back(name, id);
      return !stop_.requested();
    });
    if (!listed) {
      if (ends_all(listed.error())) return listed;
      found_({.path = path.empty() ? "/" : path,
              .folder = true,
              .missing = {},
              .unknown = listed.error().what});
    }
    for (const auto& [name, id] : entries) {
      if (stop_.requested()) return fail(cancelled("the search for damaged files was stopped"));
      TRY(look_at(path + "/" + name, id));
    }
    return {};
  }

  Result<void> look_at(std::string path, std::uint64_t id) {
    const auto node = files_->node(id);
    if (!node) {
      if (ends_all(node.error())) return fail(node.error());
      found_({.path = std::move(path), .missing = {}, .unknown = node.error().what});
      return {};
    }
    if (node->kind != FileNode::Kind::folder) return look_into(std::move(path), *node);
    if (path.size() <= kDeepestPath && entered_.insert(id).second)
      folders_.emplace_back(std::move(path), *node);
    return {};
  }

  Result<void> look_into(std::string path, const FileNode& file) {
    ++seen_.files;
    std::vector<Extent> missing;
    const auto told = files_->pieces(file, [&](const FilePiece& piece) {
      for (const Extent& touched : lost_.touching(piece.on_volume)) {
        const Extent part = intersection(touched, piece.on_volume);
        named_.push_back(part);
        missing.push_back(
            piece.packed ? piece.in_file
                         : Extent{piece.in_file.offset + (part.offset - piece.on_volume.offset),
                                  part.length});
      }
    });
    if (!told && ends_all(told.error())) return told;
    if (told && missing.empty()) return {};
    found_({.path = std::move(path),
            .bytes = file.bytes,
            .missing = ExtentMap::from(std::move(missing)),
            .unknown = told ? "" : told.error().what});
    return {};
  }

  const ExtentMap& lost_;
  const std::function<void(DamagedFile)>& found_;
  const Stop& stop_;
  Files* files_ = nullptr;
  std::unordered_set<std::uint64_t> entered_;  // a damaged folder may lead back to one above it
  std::vector<std::pair<std::string, FileNode>> folders_;
  FilesSeen seen_;
  std::vector<Extent> named_;
};

}  // namespace

Result<FilesSeen> find_damaged_files(const io::BlockSource& volume, const ExtentMap& lost,
                                     const std::function<void(DamagedFile file)>& found,
                                     const Stop& stop) {
  const Driver* const driver = driver_of(volume);
  if (driver == nullptr) return fail(doubt("Drydock does not recognise what is on it"));
  if (driver->files == nullptr) return fail(doubt("Drydock cannot read its files"));
  DamageWalk walk(lost, found, stop);
  TRY(driver->files(volume,
                    [&](Files& files, const FileNode& root, std::string_view path) -> Result<bool> {
                      TRY(walk.walk(files, root, path));
                      return true;
                    }));
  return std::move(walk).take();
}

}  // namespace drydock::fs
