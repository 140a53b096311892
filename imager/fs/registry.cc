#include "fs/registry.h"

#include <algorithm>

#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kBase = 4096;  // the base block; the places of cells count from its end
constexpr std::size_t kPiece = 16 * kKiB;
constexpr std::size_t kLargestCell = 64 * kKiB;
constexpr unsigned kMostCells = 4000;  // far more than any path needs
constexpr std::uint32_t kNone = 0xFFFFFFFF;

std::unexpected<Error> damaged() {
  return fail(doubt("the registry is damaged"));
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, upper, upper);
}

// Names are stored with one byte or two for a character.
std::string name_in(Bytes bytes, bool narrow) {
  if (!narrow) return utf16le_to_utf8(bytes);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// As the lists of subkeys ("lh") have it.
std::uint32_t hash_of(std::string_view name) {
  std::uint32_t hash = 0;
  for (const char c : name) hash = hash * 37 + static_cast<unsigned char>(upper(c));
  return hash;
}

bool is_sound(Bytes base) {
  constexpr std::size_t kChecksum = 508;
  const ByteReader f(base);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < kChecksum; i += 4) sum ^= f.le32(i);
  // These two values have a meaning of their own.
  if (sum == 0) sum = 1;
  if (sum == kNone) sum = kNone - 1;
  return f.equals(0, "regf") && f.le32(kChecksum) == sum && f.le32(20) == 1 && f.le32(24) >= 2 &&
         f.le32(24) <= 6 && f.le32(28) == 0 && f.le32(32) == 1;
}

}  // namespace

std::string RegistryValue::text() const {
  return type == 1 || type == 2 ? utf16le_to_utf8(bytes) : std::string();
}

std::optional<std::uint32_t> RegistryValue::number() const {
  if (type != 4 || bytes.size() != 4) return std::nullopt;
  return load_le<std::uint32_t>(bytes.data());
}

Result<Registry> Registry::open(Files& files, const FileNode& file) {
  Registry registry(files, file);
  const Bytes base = TRY(registry.at(0, 512));
  if (!is_sound(base)) return damaged();
  const ByteReader f(base);
  registry.root_ = f.le32(36);
  registry.bytes_ = f.le32(40);
  if (registry.bytes_ > file.bytes - std::min<std::uint64_t>(kBase, file.bytes)) return damaged();
  return registry;
}

// Valid until the next call.
Result<Bytes> Registry::at(std::uint64_t offset, std::size_t length) {
  const bool held = offset >= held_from_ && offset - held_from_ <= held_.size() &&
                    length <= held_.size() - (offset - held_from_);
  if (!held) {
    if (offset > file_.bytes || length > file_.bytes - offset) return damaged();
    held_from_ = offset;
    held_.resize(std::min<std::uint64_t>(std::max(kPiece, length), file_.bytes - offset));
    TRY(files_->read(file_, offset, held_));
  }
  return Bytes(held_).subspan(offset - held_from_, length);
}

// Its size is negative while it is in use.
Result<std::vector<std::byte>> Registry::cell(std::uint32_t place) {
  if (++cells_ > kMostCells || place > bytes_) return damaged();
  const std::uint64_t offset = kBase + std::uint64_t{place};
  const auto size = static_cast<std::int32_t>(load_le<std::uint32_t>(TRY(at(offset, 4)).data()));
  if (size > -8 || size < -static_cast<std::int32_t>(kLargestCell)) return damaged();
  const Bytes bytes = TRY(at(offset, static_cast<std::size_t>(-size)));
  return std::vector(bytes.begin() + 4, bytes.end());
}

Result<std::optional<std::uint32_t>> Registry::find_key(std::string_view path) {
  std::uint32_t key = root_;
  for (const std::string_view name : split(path, '\\')) {
    const auto next = TRY(subkey(key, name));
    if (!next) return std::nullopt;
    key = *next;
  }
  return key;
}

Result<std::optional<std::uint32_t>> Registry::subkey(std::uint32_t key, std::string_view name) {
  const auto bytes = TRY(cell(key));
  const ByteReader f(bytes);
  const std::uint32_t count = f.le32(20);
  const std::uint32_t list = f.le32(28);
  if (!f.ok() || !f.equals(0, "nk")) return damaged();
  if (count == 0) return std::nullopt;
  return in_list(list, name, true);
}

// A list of keys, or of such lists.
Result<std::optional<std::uint32_t>> Registry::in_list(std::uint32_t list, std::string_view name,
                                                       bool of_lists) {
  constexpr std::uint16_t kNarrow = 0x20;
  const auto bytes = TRY(cell(list));
  const ByteReader f(bytes);
  const std::size_t count = f.le16(2);
  const bool lists = f.equals(0, "ri");
  const bool hashes = f.equals(0, "lh");
  const std::size_t stride = hashes || f.equals(0, "lf") ? 8 : 4;
  if (stride == 4 && !f.equals(0, "li") && !(lists && of_lists)) return damaged();
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t place = f.le32(4 + i * stride);
    if (hashes && f.le32(8 + i * stride) != hash_of(name)) continue;
    if (!f.ok()) return damaged();
    if (lists) {
      if (const auto found = TRY(in_list(place, name, false))) return found;
      continue;
    }
    const auto key = TRY(cell(place));
    const ByteReader k(key);
    const bool narrow = (k.le16(2) & kNarrow) != 0;
    const std::string own = name_in(k.bytes(76, k.le16(72)), narrow);
    if (!k.ok() || !k.equals(0, "nk")) return damaged();
    if (same_name(own, name)) return place;
  }
  return std::nullopt;
}

Result<std::optional<RegistryValue>> Registry::value(std::uint32_t key, std::string_view name) {
  constexpr std::uint32_t kInside = 0x80000000;  // the data stands where its place would
  constexpr std::uint16_t kNarrow = 1;
  const auto bytes = TRY(cell(key));
  const ByteReader f(bytes);
  const std::uint32_t count = f.le32(36);
  if (count == 0) return std::nullopt;
  const auto list = TRY(cell(f.le32(40)));
  for (std::uint32_t i = 0; i < count; ++i) {
    if (std::size_t{i} * 4 + 4 > list.size()) return damaged();
    const auto one = TRY(cell(load_le<std::uint32_t>(list.data() + std::size_t{i} * 4)));
    const ByteReader v(one);
    const bool narrow = (v.le16(16) & kNarrow) != 0;
    const std::string own = name_in(v.bytes(20, v.le16(2)), narrow);
    const std::uint32_t length = v.le32(4);
    if (!v.ok() || !v.equals(0, "vk")) return damaged();
    if (!same_name(own, name)) continue;
    RegistryValue found{.type = v.le32(12), .bytes = {}};
    const auto data = (length & kInside) != 0 ? std::vector(one.begin() + 8, one.begin() + 12)
                                              : TRY(cell(v.le32(8)));
    const std::size_t used = length & ~kInside;
    if (used > data.size()) return damaged();
    found.bytes.assign(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(used));
    return found;
  }
  return std::nullopt;
}

}  // namespace drydock::fs
