#include "support/ntfs_maker.h"

#include <algorithm>

namespace drydock::test {
namespace {

constexpr std::size_t kStride = 512;
constexpr std::uint16_t kMark = 0x4711;  // the update sequence number

void copy_into(MutableBytes place, std::size_t at, Bytes bytes) {
  std::ranges::copy(bytes, place.begin() + static_cast<std::ptrdiff_t>(at));
}

void put_bytes(std::vector<std::byte>& out, std::uint64_t value, unsigned count) {
  for (unsigned i = 0; i < count; ++i) out.push_back(static_cast<std::byte>(value >> 8 * i));
}

std::vector<std::byte> packed(const NtfsRuns& runs) {
  std::vector<std::byte> bytes;
  std::uint64_t before = 0;
  for (const fs::NtfsRun& run : runs) {
    bytes.push_back(run.hole ? std::byte{0x04} : std::byte{0x44});
    put_bytes(bytes, run.length, 4);
    if (run.hole) continue;
    put_bytes(bytes, run.lcn - before, 4);
    before = run.lcn;
  }
  bytes.push_back(std::byte{0});
  return bytes;
}

}  // namespace

std::vector<std::byte> utf16_of(std::string_view text) {
  std::vector<std::byte> bytes(text.size() * 2);
  for (std::size_t i = 0; i < text.size(); ++i) bytes[2 * i] = static_cast<std::byte>(text[i]);
  return bytes;
}

void protect_ntfs(MutableBytes record) {
  const std::size_t at = load_le<std::uint16_t>(record.data() + 4);
  store_le<std::uint16_t>(record.data() + at, kMark);
  for (std::size_t i = 1; i <= record.size() / kStride; ++i) {
    std::byte* const place = record.data() + i * kStride - 2;
    std::copy_n(place, 2, record.data() + at + 2 * i);
    store_le<std::uint16_t>(place, kMark);
  }
}

NtfsRuns ntfs_runs(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& first_and_count,
                   std::uint64_t vcn) {
  NtfsRuns runs;
  for (const auto& [first, count] : first_and_count) {
    runs.push_back({.vcn = vcn, .lcn = first, .length = count, .hole = first == 0});
    vcn += count;
  }
  return runs;
}

NtfsRecordMaker::NtfsRecordMaker(std::size_t bytes) : bytes_(bytes) {
  copy_into(bytes_, 0, as_bytes("FILE"));
  store_le<std::uint16_t>(bytes_.data() + 4, 0x30);
  store_le(bytes_.data() + 6, static_cast<std::uint16_t>(bytes / kStride + 1));
  store_le<std::uint16_t>(bytes_.data() + 0x10, 1);
  // A large record needs more room for its update sequence.
  end_ = std::max<std::size_t>(end_, (0x30 + 2 * (bytes / kStride + 1) + 7) / 8 * 8);
  store_le(bytes_.data() + 0x14, static_cast<std::uint16_t>(end_));
  in_use(1);
  store_le<std::uint32_t>(bytes_.data() + end_, 0xFFFFFFFF);
}

NtfsRecordMaker NtfsRecordMaker::like(Bytes record) {
  NtfsRecordMaker maker(record.size());
  maker.end_ = ByteReader(record).le16(0x14);
  std::ranges::copy(record.first(maker.end_), maker.bytes_.begin());
  store_le<std::uint32_t>(maker.bytes_.data() + maker.end_, 0xFFFFFFFF);
  return maker;
}

NtfsRecordMaker& NtfsRecordMaker::copy(Bytes attribute) {
  copy_into(bytes_, end_, attribute);
  store_le(bytes_.data() + end_ + 14, instance_++);
  end_ += attribute.size();
  store_le<std::uint32_t>(bytes_.data() + end_, 0xFFFFFFFF);
  return *this;
}

NtfsRecordMaker& NtfsRecordMaker::in_use(std::uint16_t flags) {
  store_le(bytes_.data() + 0x16, flags);
  return *this;
}

NtfsRecordMaker& NtfsRecordMaker::base(std::uint64_t record) {
  store_le(bytes_.data() + 0x20, fs::NtfsReference{record, 1}.packed());
  return *this;
}

std::size_t NtfsRecordMaker::attribute(std::uint32_t type, std::string_view name,
                                       std::size_t header, std::size_t value) {
  const std::size_t at = end_;
  const std::size_t value_at = (header + name.size() * 2 + 7) / 8 * 8;
  const std::size_t length = (value_at + value + 7) / 8 * 8;
  store_le(bytes_.data() + at, type);
  store_le(bytes_.data() + at + 14, instance_++);
  store_le(bytes_.data() + at + 4, static_cast<std::uint32_t>(length));
  bytes_[at + 9] = static_cast<std::byte>(name.size());
  store_le(bytes_.data() + at + 10, static_cast<std::uint16_t>(header));
  copy_into(bytes_, at + header, utf16_of(name));
  end_ += length;
  store_le<std::uint32_t>(bytes_.data() + end_, 0xFFFFFFFF);
  return value_at;
}

NtfsRecordMaker& NtfsRecordMaker::resident(std::uint32_t type, Bytes value, std::string_view name) {
  const std::size_t at = end_;
  const std::size_t value_at = attribute(type, name, 24, value.size());
  store_le(bytes_.data() + at + 16, static_cast<std::uint32_t>(value.size()));
  store_le(bytes_.data() + at + 20, static_cast<std::uint16_t>(value_at));
  copy_into(bytes_, at + value_at, value);
  return *this;
}

NtfsRecordMaker& NtfsRecordMaker::runs(std::uint32_t type, const NtfsRuns& runs, std::uint64_t size,
                                       std::string_view name, std::uint16_t flags) {
  const std::size_t at = end_;
  const auto mapping = packed(runs);
  const std::size_t value_at = attribute(type, name, 64, mapping.size());
  bytes_[at + 8] = std::byte{1};
  store_le(bytes_.data() + at + 12, flags);
  store_le(bytes_.data() + at + 16, runs.front().vcn);
  store_le(bytes_.data() + at + 24, runs.back().vcn + runs.back().length - 1);
  store_le(bytes_.data() + at + 32, static_cast<std::uint16_t>(value_at));
  for (const std::size_t field : {40, 48, 56})
    store_le<std::uint64_t>(bytes_.data() + at + field, runs.front().vcn == 0 ? size : 0);
  copy_into(bytes_, at + value_at, mapping);
  return *this;
}

std::vector<std::byte> NtfsRecordMaker::sealed() const {
  std::vector<std::byte> record = bytes_;
  store_le(record.data() + 0x18, static_cast<std::uint32_t>(end_ + 8));
  store_le(record.data() + 0x1C, static_cast<std::uint32_t>(record.size()));
  store_le(record.data() + 0x28, instance_);
  protect_ntfs(record);
  return record;
}

}  // namespace drydock::test
