#include "support/initramfs.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <stdexcept>

#include "support/files.h"
#include "support/process.h"

namespace drydock::test {
namespace {

constexpr std::string_view kMagic = "070701";
constexpr std::size_t kHeaderSize = 110;
constexpr std::string_view kTrailer = "TRAILER!!!";

std::size_t padded(std::size_t offset) {
  return (offset + 3) / 4 * 4;
}

std::uint32_t hex_field(std::string_view header, std::size_t index) {
  const auto text = header.substr(kMagic.size() + index * 8, 8);
  std::uint32_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value, 16).ptr;
  if (end != text.data() + text.size())
    throw std::runtime_error("cpio: a header field is not hexadecimal");
  return value;
}

std::string_view slice(std::string_view archive, std::size_t offset, std::size_t size) {
  if (offset > archive.size() || size > archive.size() - offset)
    throw std::runtime_error("cpio: the archive ends early");
  return archive.substr(offset, size);
}

}  // namespace

std::vector<CpioEntry> read_cpio(std::string_view archive) {
  std::vector<CpioEntry> entries;
  std::size_t offset = 0;
  while (true) {
    const auto header = slice(archive, offset, kHeaderSize);
    if (!header.starts_with(kMagic))
      throw std::runtime_error("cpio: no header at " + std::to_string(offset));
    const std::size_t name_size = hex_field(header, 11);
    const std::size_t data_size = hex_field(header, 6);
    const auto name = slice(archive, offset + kHeaderSize, name_size);
    const std::size_t data_at = padded(offset + kHeaderSize + name_size);

    CpioEntry entry;
    entry.path = name.substr(0, name.find('\0'));
    entry.mode = hex_field(header, 1);
    entry.uid = hex_field(header, 2);
    entry.gid = hex_field(header, 3);
    entry.mtime = hex_field(header, 5);
    entry.data = slice(archive, data_at, data_size);
    if (entry.path == kTrailer) return entries;
    entries.push_back(std::move(entry));
    offset = padded(data_at + data_size);
  }
}

std::vector<CpioEntry> read_initramfs(const std::filesystem::path& file) {
  const std::string bytes = read_file(file);
  std::size_t second = bytes.find(kMagic);
  while (second != std::string::npos && second % 4 != 0) second = bytes.find(kMagic, second + 1);
  if (second == std::string::npos)
    throw std::runtime_error(file.string() + " holds no stored archive");

  // Zeros between the two are padding; gzip says "trailing garbage ignored" of them and exits
  // with 2.
  const auto unpacked = run({.argv = {"gzip", "-dc"}, .input = bytes.substr(0, second)});
  if (unpacked.status != 0 && unpacked.status != 2) throw std::runtime_error(unpacked.describe());
  auto entries = read_cpio(unpacked.out);
  std::ranges::move(read_cpio(std::string_view(bytes).substr(second)), std::back_inserter(entries));
  return entries;
}

}  // namespace drydock::test
