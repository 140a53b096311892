// Files as tests need them: whole contents, sparse disks, ranges, digests.
// All sizes and offsets are bytes. Everything throws std::runtime_error, naming the file, where it
// cannot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace drydock::test {

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view contents);

// A new file of `size` bytes that reads as zeros and takes no space; an existing one is emptied
// first.
void make_sparse(const std::filesystem::path& path, std::uint64_t size);

// Part of a file or device. Short files are an error, not a short answer.
std::string read_range(const std::filesystem::path& path, std::uint64_t offset, std::uint64_t size);
void write_range(const std::filesystem::path& path, std::uint64_t offset, std::string_view bytes);

// As these functions take them.
inline std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Bytes of disk space the file takes up (a sparse file: less than its size).
std::uint64_t allocated(const std::filesystem::path& path);

// Copies a disk image, keeping holes.
void copy_sparse(const std::filesystem::path& from, const std::filesystem::path& to);

struct Range {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// SHA-256 in hex, computed by sha256sum: a witness that shares no code with ours.
std::string sha256(const std::filesystem::path& path);
std::string sha256(const std::filesystem::path& path,
                   std::span<const Range> ranges);  // concatenated

// The same over all of a disk image's contents, quick for a sparse one: over the offset and bytes
// of every aligned MiB that is not all zeros. Equal for equal contents, whether zeros are stored or
// a hole.
std::string sha256_sparse(const std::filesystem::path& path);

// Do two files (or two devices) hold the same bytes? False where the sizes differ.
bool same_contents(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace drydock::test
