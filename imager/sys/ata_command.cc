#include "sys/ata_command.h"

#include <scsi/sg.h>
#include <sys/ioctl.h>

#include <array>
#include <cerrno>

namespace drydock::sys {
namespace {

constexpr std::size_t kOverlay = 512;
constexpr std::uint8_t kAtaPassThrough16 = 0x85;
constexpr std::uint8_t kNoData = 3 << 1;  // protocols of the translation
constexpr std::uint8_t kDataIn = 4 << 1;
constexpr std::uint8_t kAddress48 = 1;
// In byte 2: answer with the registers whatever happens; data comes from the drive, its blocks are
// counted in the register of sectors.
constexpr std::uint8_t kWantRegisters = 0x20;
constexpr std::uint8_t kOneBlockIn = 0x0E;

using CommandBlock = std::array<std::uint8_t, 16>;

CommandBlock command_of(AtaQuestion question) {
  CommandBlock block{kAtaPassThrough16};
  constexpr std::size_t kFlags = 2, kFeature = 4, kSectors = 6, kDevice = 13, kCommand = 14;
  block[kDevice] = 0x40;  // addresses are sector numbers
  switch (question) {
    case AtaQuestion::read_native_max:
      block[1] = kNoData | kAddress48;
      block[kFlags] = kWantRegisters;
      block[kCommand] = 0x27;
      break;
    case AtaQuestion::accessible_max:
      block[1] = kNoData | kAddress48;
      block[kFlags] = kWantRegisters;
      block[kCommand] = 0x78;
      break;
    case AtaQuestion::identify_overlay:
      block[1] = kDataIn;
      block[kFlags] = kOneBlockIn;
      block[kFeature] = 0xC2;
      block[kSectors] = 1;
      block[kCommand] = 0xB1;
      break;
  }
  return block;
}

}  // namespace

std::optional<std::uint64_t> last_sector_in_sense(Bytes sense) {
  constexpr std::uint8_t kDescriptors = 0x72;
  constexpr std::size_t kHeader = 8, kDescriptor = 14;
  constexpr std::uint8_t kFailed = 0x01;  // of the status register
  const ByteReader f(sense);
  if (f.u8(0) != kDescriptors || f.u8(kHeader) != 0x09 || sense.size() < kHeader + kDescriptor)
    return std::nullopt;
  const ByteReader d(f.bytes(kHeader, kDescriptor));
  if ((d.u8(13) & kFailed) != 0) return std::nullopt;
  std::uint64_t last = 0;  // the bytes of each half lie behind those of the other
  for (const std::size_t at : {10, 8, 6, 11, 9, 7}) last = last << 8 | d.u8(at);
  return last;
}

std::optional<std::uint64_t> last_sector_in_overlay(Bytes overlay) {
  if (overlay.size() != kOverlay) return std::nullopt;
  std::uint8_t sum = 0;
  for (const std::byte b : overlay)
    sum = static_cast<std::uint8_t>(sum + std::to_integer<unsigned>(b));
  const std::uint64_t last = ByteReader(overlay).le64(6);
  if (sum != 0 || last == 0) return std::nullopt;
  return last;
}

Result<std::optional<std::uint64_t>> ask_last_sector(int fd, AtaQuestion question) {
  CommandBlock block = command_of(question);
  std::array<std::uint8_t, 64> sense{};
  std::array<std::byte, kOverlay> data{};
  const bool with_data = question == AtaQuestion::identify_overlay;
  sg_io_hdr_t request{};
  request.interface_id = 'S';
  request.dxfer_direction = with_data ? SG_DXFER_FROM_DEV : SG_DXFER_NONE;
  request.cmd_len = block.size();
  request.cmdp = block.data();
  request.mx_sb_len = sense.size();
  request.sbp = sense.data();
  if (with_data) {
    request.dxferp = data.data();
    request.dxfer_len = data.size();
  }
  request.timeout = 10'000;  // milliseconds
  if (::ioctl(fd, SG_IO, &request) != 0)
    return fail(os_error(errno, "", "the drive cannot be asked for its hidden areas", ""));
  if (!with_data)
    return last_sector_in_sense(std::as_bytes(std::span(sense)).first(request.sb_len_wr));
  const bool good = request.status == 0 && request.host_status == 0 && request.driver_status == 0;
  return good ? last_sector_in_overlay(data) : std::nullopt;
}

}  // namespace drydock::sys
