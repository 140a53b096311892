#include "sys/vpd.h"

#include "base/bytes.h"
#include "base/text.h"

namespace drydock::sys {
namespace {

constexpr std::size_t kHeader = 4;

// The page's own length field bounds it; sysfs may hand out more or less.
Bytes page_of(std::string_view page, std::uint8_t code) {
  const ByteReader reader(as_bytes(page));
  if (reader.u8(1) != code) return {};
  const std::size_t length = kHeader + reader.be16(2);
  return as_bytes(page.substr(0, length));
}

std::uint16_t word(const ByteReader& identify, std::size_t number) {
  return identify.le16(number * 2);
}

// ATA strings have the two characters of each word swapped.
std::string ata_text(const ByteReader& identify, std::size_t first_word, std::size_t words) {
  std::string text;
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint16_t pair = word(identify, first_word + i);
    text += static_cast<char>(pair >> 8);
    text += static_cast<char>(pair & 0xFF);
  }
  return printable(text.substr(0, text.find('\0')));
}

std::string ata_wwn(const ByteReader& identify) {
  // Word 87: valid when bits 15:14 are 01b; bit 8 says that words 108 to 111 hold a name.
  const std::uint16_t features = word(identify, 87);
  if ((features >> 14) != 1 || (features & 0x100) == 0) return {};
  std::byte name[8];
  for (std::size_t i = 0; i < 4; ++i) store_be(name + 2 * i, word(identify, 108 + i));
  return all_zero(name) ? std::string() : "0x" + hex(name);
}

std::optional<AtaSecurity> ata_security(const ByteReader& identify) {
  const std::uint16_t status = word(identify, 128);
  if ((status & 1) == 0) return std::nullopt;
  return AtaSecurity{.password = (status & 2) != 0,
                     .locked = (status & 4) != 0,
                     .frozen = (status & 8) != 0,
                     .expired = (status & 16) != 0};
}

// Words 100 to 103 with addresses of 48 bits, 60 and 61 without.
std::uint64_t ata_sectors(const ByteReader& identify) {
  return (word(identify, 83) & 0x400) != 0 ? identify.le64(200) : identify.le32(120);
}

}  // namespace

std::string vpd_serial(std::string_view page) {
  const Bytes found = page_of(page, 0x80);
  if (found.size() <= kHeader) return {};
  return printable(ByteReader(found).text(kHeader, found.size() - kHeader));
}

std::string vpd_wwn(std::string_view page) {
  constexpr std::uint8_t kEui64 = 2;
  constexpr std::uint8_t kNaa = 3;
  const ByteReader reader(page_of(page, 0x83));
  std::string eui;
  for (std::size_t at = kHeader; at + 4 <= reader.size();) {
    const bool of_unit = ((reader.u8(at + 1) >> 4) & 3) == 0;
    const std::uint8_t type = reader.u8(at + 1) & 0xF;
    const Bytes name = reader.bytes(at + 4, reader.u8(at + 3));
    if (of_unit && !name.empty() && type == kNaa) return "0x" + hex(name);
    if (of_unit && !name.empty() && type == kEui64) eui = "eui." + hex(name);
    at += 4 + std::size_t{reader.u8(at + 3)};
  }
  return eui;
}

std::optional<AtaIdentity> vpd_ata(std::string_view page) {
  constexpr std::size_t kIdentify = 60;
  constexpr std::size_t kIdentifySize = 512;
  const ByteReader identify(ByteReader(page_of(page, 0x89)).bytes(kIdentify, kIdentifySize));
  if (identify.size() != kIdentifySize) return std::nullopt;
  // Word 76: capabilities of Serial ATA; 0 or all ones on parallel drives.
  const std::uint16_t sata = word(identify, 76);
  return AtaIdentity{.model = ata_text(identify, 27, 20),
                     .serial = ata_text(identify, 10, 10),
                     .wwn = ata_wwn(identify),
                     .serial_ata = sata != 0 && sata != 0xFFFF,
                     .security = ata_security(identify),
                     .sectors = ata_sectors(identify),
                     .protected_area = (word(identify, 85) & 0x400) != 0,
                     .overlay = (word(identify, 86) & 0x800) != 0,
                     .accessible_max = (word(identify, 119) & 0x100) != 0};
}

}  // namespace drydock::sys
