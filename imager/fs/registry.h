#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "fs/files.h"

namespace drydock::fs {

// What a value of the registry holds.
struct RegistryValue {
  std::uint32_t type = 0;
  std::vector<std::byte> bytes;

  std::string text() const;                     // of REG_SZ and REG_EXPAND_SZ, else empty
  std::optional<std::uint32_t> number() const;  // of REG_DWORD
};

// A hive of the Windows registry ("regf", versions 1.2 to 1.6: M. Suhanov, "Windows registry file
// format specification"). Reads its base block and those cells that lead to what is asked for. What
// waits in the hive's log files is not looked at, so it may be a little out of date. For one
// thread; safe on any bytes. All references outlive it.
class Registry {
 public:
  // Fails unless the file begins with a sound base block.
  static Result<Registry> open(Files& files, const FileNode& file);

  // The key at "A\B\C" below the root; upper and lower case are the same in ASCII. A key is its
  // place in the hive.
  Result<std::optional<std::uint32_t>> find_key(std::string_view path);
  Result<std::optional<RegistryValue>> value(std::uint32_t key, std::string_view name);

 private:
  Registry(Files& files, const FileNode& file) : files_(&files), file_(file) {}

  Result<Bytes> at(std::uint64_t offset, std::size_t length);
  Result<std::vector<std::byte>> cell(std::uint32_t place);
  Result<std::optional<std::uint32_t>> subkey(std::uint32_t key, std::string_view name);
  Result<std::optional<std::uint32_t>> in_list(std::uint32_t list, std::string_view name,
                                               bool of_lists);

  Files* files_;
  FileNode file_;
  std::uint32_t root_ = 0;
  std::uint64_t bytes_ = 0;  // of all cells
  unsigned cells_ = 0;       // read so far
  std::uint64_t held_from_ = 0;
  std::vector<std::byte> held_;
};

}  // namespace drydock::fs
