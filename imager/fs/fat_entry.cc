#include "fs/fat_entry.h"

#include <algorithm>

#include "base/text.h"

namespace drydock::fs {
namespace {

// Code page 437 from 0x80 on.
constexpr std::u16string_view kPage437 =
    u"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»"
    u"░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
    u"αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0";
static_assert(kPage437.size() == 128);

// One half of a short name, without the spaces behind it.
std::string half_name(Bytes half, bool lower) {
  std::size_t length = half.size();
  while (length > 0 && half[length - 1] == std::byte{' '}) --length;
  std::vector<std::byte> units;
  for (const std::byte one : half.first(length)) {
    auto c = std::to_integer<std::uint16_t>(one);
    if (lower && c >= 'A' && c <= 'Z') c = static_cast<std::uint16_t>(c - 'A' + 'a');
    if (c >= 0x80) c = kPage437[c - 0x80u];
    if (c == 0) c = 0xFFFD;
    units.resize(units.size() + 2);
    store_le<std::uint16_t>(&units[units.size() - 2], c);
  }
  return utf16le_to_utf8(units);
}

std::uint8_t checksum_of(Bytes short_name) {
  unsigned sum = 0;
  for (const std::byte one : short_name)
    sum = (((sum & 1) << 7 | sum >> 1) + std::to_integer<unsigned>(one)) & 0xFF;
  return static_cast<std::uint8_t>(sum);
}

}  // namespace

FatEntry FatEntry::decode(Bytes entry, FatBoot::Kind volume) {
  enum Attribute : std::uint8_t { kLabel = 0x08, kFolder = 0x10, kLongName = 0x0F };
  const ByteReader f(entry);
  const std::uint8_t name = f.u8(0);
  const std::uint8_t attributes = f.u8(11);
  FatEntry found;
  if (name == 0) return found;
  found.kind = Kind::unused;
  if (name == 0xE5) return found;
  found.kind = Kind::long_name;
  if ((attributes & kLongName) == kLongName) return found;
  found.kind = Kind::dots;
  if (name == '.') return found;
  found.kind = Kind::label;
  if ((attributes & (kLabel | kFolder)) == kLabel) return found;
  found.kind = (attributes & kFolder) != 0 ? Kind::folder : Kind::file;
  found.first_cluster = f.le16(26);
  if (volume == FatBoot::Kind::fat32) found.first_cluster |= std::uint32_t{f.le16(20)} << 16;
  if (found.kind == Kind::file) found.bytes = f.le32(28);
  return found;
}

std::string fat_short_name(Bytes entry) {
  // Windows NT keeps in these bits that half of a name was written in small letters.
  constexpr std::uint8_t kLowerName = 0x08;
  constexpr std::uint8_t kLowerExtension = 0x10;
  std::array<std::byte, 11> name{};
  std::ranges::copy(entry.first(name.size()), name.begin());
  if (name[0] == std::byte{0x05}) name[0] = std::byte{0xE5};  // which would mean a deleted one
  const auto lower = std::to_integer<std::uint8_t>(entry[12]);
  std::string text = half_name(Bytes(name).first(8), (lower & kLowerName) != 0);
  const std::string extension = half_name(Bytes(name).subspan(8), (lower & kLowerExtension) != 0);
  if (!extension.empty()) text += "." + extension;
  return text;
}

void FatLongName::add(Bytes entry) {
  constexpr std::uint8_t kFirst = 0x40;
  const ByteReader f(entry);
  const std::size_t number = f.u8(0) & 0x3F;
  if ((f.u8(0) & kFirst) != 0) {
    pieces_ = number <= kMostPieces ? number : 0;
    left_ = pieces_;
    checksum_ = f.u8(13);
    text_.fill(std::byte{0});
  }
  if (pieces_ == 0 || left_ == 0 || number != left_ || f.u8(13) != checksum_) return forget();
  --left_;
  const auto into = text_.begin() + static_cast<std::ptrdiff_t>(left_ * kPieceBytes);
  std::ranges::copy(f.bytes(1, 10), into);
  std::ranges::copy(f.bytes(14, 12), into + 10);
  std::ranges::copy(f.bytes(28, 4), into + 22);
}

std::string FatLongName::take(Bytes short_entry) {
  const bool fits = left_ == 0 && checksum_ == checksum_of(short_entry.first(11));
  const std::size_t bytes = fits ? pieces_ * kPieceBytes : 0;
  forget();
  std::string name = utf16le_to_utf8(Bytes(text_).first(bytes));
  if (name == "." || name == ".." || name.contains('/')) return {};
  return name;
}

}  // namespace drydock::fs
