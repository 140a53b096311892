#include "fs/ntfs_record.h"

#include <cstring>
#include <format>

#include "base/text.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kStride = 512;

std::unexpected<Error> damaged(std::string_view what) {
  return fail(doubt(std::format("a file record of it is damaged ({})", what)));
}

// `bytes` bytes, least significant first; signed when `extend`.
std::uint64_t packed(Bytes from, std::size_t bytes, bool extend) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value |= std::to_integer<std::uint64_t>(from[i]) << 8 * i;
  const bool negative = extend && bytes > 0 && bytes < 8 && (value >> (8 * bytes - 1) & 1) != 0;
  return negative ? value | ~std::uint64_t{0} << 8 * bytes : value;
}

Result<NtfsAttribute> decode(Bytes bytes) {
  const ByteReader f(bytes);
  NtfsAttribute attribute;
  attribute.type = f.le32(0);
  attribute.resident = f.u8(8) == 0;
  attribute.flags = f.le16(12);
  attribute.name = utf16le_to_utf8(f.bytes(f.le16(10), std::size_t{f.u8(9)} * 2));
  if (attribute.resident) {
    attribute.value = f.bytes(f.le16(20), f.le32(16));
  } else {
    attribute.first_vcn = f.le64(16);
    attribute.last_vcn = f.le64(24);
    if (attribute.first_vcn == 0) {
      attribute.size = f.le64(48);
      attribute.initialised = f.le64(56);
    }
    const std::size_t mapping = f.le16(32);
    if (mapping > bytes.size()) return damaged("run list");
    attribute.mapping = bytes.subspan(mapping);
  }
  if (!f.ok()) return damaged("attribute");
  return attribute;
}

}  // namespace

Result<std::vector<NtfsRun>> NtfsAttribute::runs(std::uint64_t clusters) const {
  std::vector<NtfsRun> runs;
  std::uint64_t vcn = first_vcn;
  std::uint64_t lcn = 0;
  Bytes left = mapping;
  while (!left.empty() && left[0] != std::byte{0}) {
    const auto header = std::to_integer<unsigned>(left[0]);
    const std::size_t length_bytes = header & 15;
    const std::size_t offset_bytes = header >> 4;
    if (length_bytes == 0 || length_bytes > 8 || offset_bytes > 8 ||
        left.size() < 1 + length_bytes + offset_bytes)
      return damaged("run list");
    NtfsRun run{.vcn = vcn, .lcn = 0, .length = packed(left.subspan(1), length_bytes, false)};
    run.hole = offset_bytes == 0;
    if (!run.hole) {
      lcn += packed(left.subspan(1 + length_bytes), offset_bytes, true);
      run.lcn = lcn;
      if (lcn >= clusters || run.length > clusters - lcn)
        return damaged("a run outside the volume");
    }
    if (run.length == 0 || run.length > UINT64_MAX - vcn) return damaged("run list");
    vcn += run.length;
    runs.push_back(run);
    left = left.subspan(1 + length_bytes + offset_bytes);
  }
  if (vcn != last_vcn + 1) return damaged("run list ends early");
  return runs;
}

Result<void> apply_fixups(MutableBytes record, std::string_view magic) {
  const ByteReader f(record);
  const std::size_t at = f.le16(4);
  const std::size_t count = f.le16(6);
  if (!f.equals(0, magic)) return damaged(std::format("no {}", magic));
  if (record.size() % kStride != 0 || count != record.size() / kStride + 1 ||
      at + 2 * count > kStride - 2)
    return damaged("update sequence");
  for (std::size_t i = 1; i < count; ++i) {
    std::byte* const place = record.data() + i * kStride - 2;
    if (std::memcmp(place, record.data() + at, 2) != 0) return damaged("half of it was written");
    std::memcpy(place, record.data() + at + 2 * i, 2);
  }
  return {};
}

Result<std::vector<NtfsAttribute>> attributes_of(Bytes record) {
  constexpr std::uint32_t kEnd = 0xFFFFFFFF;
  const ByteReader f(record);
  std::vector<NtfsAttribute> all;
  std::size_t at = f.le16(0x14);
  while (f.le32(at) != kEnd) {
    if (!f.ok()) return damaged("no end");
    const std::size_t length = f.le32(at + 4);
    if (length < 24 || length % 8 != 0) return damaged("attribute length");
    const Bytes bytes = f.bytes(at, length);
    if (bytes.empty()) return damaged("attribute length");
    all.push_back(TRY(decode(bytes)));
    at += length;
  }
  return all;
}

}  // namespace drydock::fs
