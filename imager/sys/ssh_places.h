#pragma once

#include <map>
#include <memory>
#include <string>

#include "io/output_file.h"
#include "sys/machine.h"
#include "sys/ssh.h"

namespace drydock::sys {

// The folders of SSH servers that are connected now. Their paths are URLs: "ssh://jo@nas/srv" and
// what stands below it. Each call but holds(), open() and close() is for a path that it holds.
class SshPlaces {
 public:
  // Gives what stands for the folder of the URL.
  Result<std::string> open(const Url& url, Person& person, Access access);
  // False when there is no such folder.
  bool close(const std::string& folder) { return folders_.erase(folder) != 0; }
  bool holds(const std::string& path) const { return find(path) != folders_.end(); }
  Result<std::vector<FolderItem>> items(const std::string& folder) const;

  Result<std::unique_ptr<io::BlockSource>> open_source(const std::string& path) const;
  Result<std::unique_ptr<io::ByteSink>> create_file(const std::string& path,
                                                    const io::OutputFile::Options& options) const;
  Result<void> check_free(const std::string& path) const;
  Result<Storage> storage(const std::string& path) const;

 private:
  using Folders = std::map<std::string, SshFolder>;

  Folders::const_iterator find(const std::string& path) const;
  // On the server.
  std::string remote(const std::string& path) const;

  Folders folders_;
};

}  // namespace drydock::sys
