#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace drydock::io {

// The files of a server, by version 3 of the SSH file transfer protocol
// (draft-ietf-secsh-filexfer-02) over two pipes, whose other ends an ssh program has. Several
// threads may call it; each call waits for the ones before it.
class Sftp {
 public:
  enum class Open { for_reading, new_file, emptied, as_it_is };
  struct Space {
    std::uint64_t free = 0;
    std::uint64_t total = 0;
    bool read_only = false;
  };

  struct Entry {
    std::string name;
    std::uint32_t mode = 0;  // S_IFMT and permissions, as in stat(2)
  };

  // Greets the server. Both descriptors stay the caller's and must outlive the object. `server` is
  // what sentences call it.
  static Result<std::unique_ptr<Sftp>> begin(int from, int to, std::string server);

  // A name for the other calls; close() ends it. new_file fails where the file exists, as_it_is
  // where it does not; that and the two before it are for writing.
  Result<std::string> open(const std::string& path, Open how);
  Result<void> close(const std::string& handle);

  // Nothing when there is no such file.
  Result<std::optional<std::uint64_t>> size(const std::string& path);
  // What is in a folder, but for "." and ".."; a link is what it leads to, where it leads anywhere.
  Result<std::vector<Entry>> list(const std::string& folder);
  // Nothing where the server cannot tell (statvfs@openssh.com).
  Result<std::optional<Space>> space(const std::string& folder);

  Result<void> read(const std::string& handle, std::uint64_t offset, MutableBytes into);
  // Returns when the server has taken note of all but the last pieces: sync() waits for them. After
  // an error nothing more may be written.
  Result<void> write(const std::string& handle, std::uint64_t offset, Bytes bytes);
  // Everything written is in the file, and on the medium where the server can promise that
  // (fsync@openssh.com).
  Result<void> sync(const std::string& handle);
  // Of an open file.
  Result<void> truncate(const std::string& handle, std::uint64_t bytes);
  Result<void> remove(const std::string& path);
  // Does not replace a file.
  Result<void> rename(const std::string& from, const std::string& to);

 private:
  struct Reply {
    std::uint8_t type = 0;
    std::uint32_t id = 0;
    std::vector<std::byte> body;  // what follows the id
  };

  Sftp(int from, int to, std::string server) : from_(from), to_(to), server_(std::move(server)) {}

  Result<void> greet();
  Result<void> send(std::uint8_t type, std::uint32_t id, Bytes body);
  Result<Reply> receive();
  Result<Reply> exchange(std::uint8_t type, Bytes body);
  Result<Reply> ask(std::uint8_t type, Bytes body, const std::string& about);
  Result<void> settle(std::size_t most_open);
  static bool is_status(const Reply& reply, std::uint32_t code);
  Result<void> check(const Reply& reply, const std::string& about) const;
  Result<std::vector<Entry>> read_folder(const std::string& handle, const std::string& folder);
  Result<std::uint32_t> mode(const std::string& path);
  Error broken(std::string_view what) const;
  bool offers(std::string_view extension) const;

  int from_;
  int to_;
  std::string server_;
  std::mutex mutex_;
  std::uint32_t next_id_ = 1;
  std::size_t open_writes_ = 0;
  std::string written_;  // what open_writes_ are about
  std::vector<std::string> extensions_;
};

}  // namespace drydock::io
