#include "sys/ssh_places.h"

#include <sys/stat.h>

#include <algorithm>

#include "io/sftp_file.h"

namespace drydock::sys {

Result<std::string> SshPlaces::open(const Url& url, Person& person, Access access) {
  std::string name = url.text();
  while (name.ends_with('/')) name.pop_back();
  folders_[name] = TRY(open_ssh_folder(url, person, access));
  return name;
}

SshPlaces::Folders::const_iterator SshPlaces::find(const std::string& path) const {
  return std::ranges::find_if(
      folders_, [&](const auto& entry) { return (path + "/").starts_with(entry.first + "/"); });
}

std::string SshPlaces::remote(const std::string& path) const {
  const auto folder = find(path);
  const std::string rest = path.substr(folder->first.size());
  if (rest.empty()) return folder->second.path;
  return (folder->second.path == "/" ? "" : folder->second.path) + rest;
}

Result<std::vector<FolderItem>> SshPlaces::items(const std::string& folder) const {
  std::vector<FolderItem> items;
  for (io::Sftp::Entry& entry : TRY(find(folder)->second.files->list(remote(folder))))
    if (S_ISDIR(entry.mode) || S_ISREG(entry.mode))
      items.push_back({std::move(entry.name), S_ISDIR(entry.mode)});
  return items;
}

Result<std::unique_ptr<io::BlockSource>> SshPlaces::open_source(const std::string& path) const {
  return io::open_sftp_source(find(path)->second.files, remote(path), path);
}

Result<std::unique_ptr<io::ByteSink>> SshPlaces::create_file(
    const std::string& path, const io::OutputFile::Options& options) const {
  return io::create_sftp_file(find(path)->second.files, remote(path), path, options.leftover);
}

Result<void> SshPlaces::check_free(const std::string& path) const {
  return io::check_sftp_free(*find(path)->second.files, remote(path), path);
}

Result<Storage> SshPlaces::storage(const std::string& path) const {
  const auto folder = find(path);
  Storage storage{.mount_point = folder->first, .filesystem = "sftp", .device = {}, .disk = {}};
  storage.writable = true;
  // Unknown space is taken for enough; that it was not shows when it is full.
  constexpr std::uint64_t kUnknown = std::uint64_t{1} << 62;
  const auto space = TRY(folder->second.files->space(folder->second.path));
  storage.free = space ? space->free : kUnknown;
  storage.total = space ? space->total : kUnknown;
  if (space) storage.writable = !space->read_only;
  return storage;
}

}  // namespace drydock::sys
