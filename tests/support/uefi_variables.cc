#include "support/uefi_variables.h"

#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "support/files.h"

namespace drydock::test {
namespace {

// EDK II, MdeModulePkg/Include/Guid/VariableFormat.h and MdePkg/Include/Pi/PiFirmwareVolume.h.
constexpr std::size_t kHeaderLength = 48;  // where a firmware volume says how long its header is
constexpr std::size_t kStoreHeader = 28;
constexpr std::size_t kVariableHeader = 60;
constexpr std::uint16_t kVariable = 0x55AA;
constexpr std::uint8_t kAdded = 0x3F;
constexpr std::uint8_t kDeleted = 0xFD;  // and-ed to the state
constexpr std::uint32_t kAlways = 7;     // non-volatile, for boot and for run time

// EFI_GLOBAL_VARIABLE, 8BE4DF61-93CA-11D2-AA0D-00E098032B8C.
constexpr std::string_view kGlobal(
    "\x61\xDF\xE4\x8B\xCA\x93\xD2\x11\xAA\x0D\x00\xE0\x98\x03\x2B\x8C", 16);

template <class T>
std::string le(T value) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof value; ++i) bytes += static_cast<char>(value >> 8 * i & 0xFF);
  return bytes;
}

std::string utf16(std::string_view ascii) {
  std::string wide;
  for (const char c : std::string(ascii) + '\0') wide += std::string{c, '\0'};
  return wide;
}

std::string variable(std::string_view name, std::string_view data) {
  const std::string wide = utf16(name);
  std::string bytes = le(kVariable) + le(kAdded) + '\0' + le(kAlways);
  bytes += std::string(8 + 16 + 4, '\0');  // count, time and key of signed ones
  bytes += le(static_cast<std::uint32_t>(wide.size()));
  bytes += le(static_cast<std::uint32_t>(data.size()));
  bytes += std::string(kGlobal) + wide + std::string(data);
  bytes.resize((bytes.size() + 3) / 4 * 4, '\xFF');
  return bytes;
}

// UEFI specification 2.10, 3.1.3 (load options) and 10.3.4.24 (URI device path).
std::string load_option(const std::string& url) {
  std::string path = "\x03\x18" + le(static_cast<std::uint16_t>(4 + url.size())) + url;
  path += std::string("\x7F\xFF\x04\x00", 4);
  return le(std::uint32_t{1}) + le(static_cast<std::uint16_t>(path.size())) + utf16("URL") + path;
}

// Every variable of that name is deleted: one of two would be found.
std::size_t skip_and_delete(std::string& store, std::size_t at, std::string_view name) {
  const auto number = [&store](std::size_t where) {
    return ByteReader(std::as_bytes(std::span(store))).le32(where);
  };
  while (at + kVariableHeader <= store.size() && (number(at) & 0xFFFF) == kVariable) {
    const std::size_t name_bytes = number(at + 36);
    const bool same = store.compare(at + kVariableHeader, name_bytes, utf16(name)) == 0;
    if (same) store[at + 2] = static_cast<char>(store[at + 2] & kDeleted);
    at = (at + kVariableHeader + name_bytes + number(at + 40) + 3) / 4 * 4;
  }
  return at;
}

}  // namespace

void add_url_boot_entry(const std::filesystem::path& variables, const std::string& url) {
  std::string store = read_file(variables);
  const ByteReader f(std::as_bytes(std::span(store)));
  if (!f.equals(40, "_FVH")) throw std::runtime_error("not a store of UEFI variables");
  const std::size_t first = f.le16(kHeaderLength) + kStoreHeader;
  skip_and_delete(store, first, "Boot0000");
  const std::size_t end = skip_and_delete(store, first, "BootOrder");
  const std::string added =
      variable("Boot0000", load_option(url)) + variable("BootOrder", le(std::uint16_t{0}));
  if (end + added.size() > store.size()) throw std::runtime_error("no room for UEFI variables");
  store.replace(end, added.size(), added);
  write_file(variables, store);
}

}  // namespace drydock::test
