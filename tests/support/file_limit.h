// No file of this process grows beyond `bytes` while it lives: a write that would is done up to
// there and fails (EFBIG), as one that a power cut ends. One thread at a time may have one.
#pragma once

#include <cstdint>

namespace drydock::test {

class FileLimit {
 public:
  explicit FileLimit(std::uint64_t bytes);
  ~FileLimit();
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;

 private:
  std::uint64_t before_;
};

}  // namespace drydock::test
