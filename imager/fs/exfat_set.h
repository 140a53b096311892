#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace drydock::fs {

// Puts together the entries that make a file (exFAT specification §6.3 and §7.4): its own, that of
// its stream, those of its name, and others that newer systems may add.
class ExfatSet {
 public:
  struct File {
    std::string name;
    bool folder = false;
    std::uint64_t stream = 0;  // where the stream's entry lies
  };

  // The next entry of a folder and where it lies. What is not part of a file is passed over.
  void add(std::uint64_t offset, Bytes entry);
  // The next one is not to be had, or there is none.
  void cut();

  // The file that the last entry made whole.
  std::optional<File> take();
  // Whether there were sets that were not whole, or damaged.
  bool damaged() const { return damaged_; }

 private:
  std::optional<File> decode() const;

  std::vector<std::byte> entries_;  // of the set that is being put together; at most 256 of them
  std::size_t bytes_ = 0;           // that it will have
  std::uint64_t stream_ = 0;
  bool damaged_ = false;
};

}  // namespace drydock::fs
