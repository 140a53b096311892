#include "image/index.h"

#include <algorithm>

#include "image/format.h"

namespace drydock::image {
namespace {

constexpr std::size_t kEntryBytes = 32;
constexpr std::size_t kIndexHeader = 8;  // number of entries

void store_entry(std::byte* at, const FrameEntry& entry) {
  store_le<std::uint32_t>(at, entry.packed);
  store_le<std::uint32_t>(at + 4, entry.raw);
  store_le<std::uint64_t>(at + 8, entry.packed_digest);
  std::ranges::copy(entry.raw_digest.bytes, at + 16);
}

}  // namespace

Digest whole_digest(const Index& index) {
  Xxh3Stream stream;
  std::array<std::byte, 20> record;
  for (const FrameEntry& entry : index) {
    store_le<std::uint32_t>(record.data(), entry.raw);
    std::ranges::copy(entry.raw_digest.bytes, record.begin() + 4);
    stream.add(record);
  }
  return stream.digest();
}

std::vector<std::byte> index_body(const Index& index) {
  std::vector<std::byte> body(kIndexHeader + index.size() * kEntryBytes);
  store_le<std::uint64_t>(body.data(), index.size());
  std::byte* at = body.data() + kIndexHeader;
  for (const FrameEntry& entry : index) {
    store_entry(at, entry);
    at += kEntryBytes;
  }
  return body;
}

Result<Index> parse_index(Bytes body) {
  const ByteReader reader(body);
  const std::uint64_t count = reader.le64(0);
  if (!reader.ok() || count != (body.size() - kIndexHeader) / kEntryBytes ||
      (body.size() - kIndexHeader) % kEntryBytes != 0)
    return fail(bad_input("", "the index has a wrong length"));
  Index index(count);
  std::size_t at = kIndexHeader;
  for (FrameEntry& entry : index) {
    entry.packed = reader.le32(at);
    entry.raw = reader.le32(at + 4);
    entry.packed_digest = reader.le64(at + 8);
    std::ranges::copy(reader.bytes(at + 16, 16), entry.raw_digest.bytes.begin());
    if (entry.raw == 0 || entry.packed == 0)
      return fail(bad_input("", "the index has an empty frame"));
    at += kEntryBytes;
  }
  return index;
}

std::vector<std::byte> seek_table(const Index& index, std::uint32_t manifest_bytes,
                                  std::uint32_t maps_bytes, std::uint32_t index_bytes) {
  const std::size_t frames = index.size() + 3;
  const std::size_t payload = frames * kSeekEntry + kSeekFooter;
  std::vector<std::byte> table(kSkippableHeader + payload);
  store_le<std::uint32_t>(table.data(), kSeekTableMagic);
  store_le<std::uint32_t>(table.data() + 4, static_cast<std::uint32_t>(payload));
  std::byte* at = table.data() + kSkippableHeader;
  const auto add = [&at](std::uint32_t packed, std::uint32_t raw) {
    store_le<std::uint32_t>(at, packed);
    store_le<std::uint32_t>(at + 4, raw);
    at += kSeekEntry;
  };
  add(manifest_bytes, 0);
  for (const FrameEntry& entry : index) add(entry.packed, entry.raw);
  add(maps_bytes, 0);
  add(index_bytes, 0);
  store_le<std::uint32_t>(at, static_cast<std::uint32_t>(frames));
  at[4] = std::byte{0};  // no checksums in the table: Drydock's own index has better ones
  store_le<std::uint32_t>(at + 5, kSeekFooterMagic);
  return table;
}

}  // namespace drydock::image
