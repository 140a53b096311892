#include "image/maps.h"

#include <optional>

#include "base/checked.h"

namespace drydock::image {
namespace {

void put_number(std::vector<std::byte>& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::byte>(0x80 | (value & 0x7F)));
  out.push_back(static_cast<std::byte>(value));
}

// The count of extents, then for each the distance from the end of the one before and its length.
void put_map(std::vector<std::byte>& out, const ExtentMap& map) {
  put_number(out, map.extents().size());
  std::uint64_t position = 0;
  for (const Extent& extent : map.extents()) {
    put_number(out, extent.offset - position);
    put_number(out, extent.length);
    position = extent.end();
  }
}

class NumberReader {
 public:
  explicit NumberReader(Bytes bytes) : bytes_(bytes) {}

  std::optional<std::uint64_t> next() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(bytes_[at_++]);
      if (shift == 63 && byte > 1) return std::nullopt;
      value |= (byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    return std::nullopt;
  }

  bool at_end() const { return at_ == bytes_.size(); }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
};

std::optional<ExtentMap> take_map(NumberReader& numbers, std::uint64_t disk_bytes) {
  const auto count = numbers.next();
  if (!count) return std::nullopt;
  ExtentMap map;
  std::uint64_t position = 0;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto gap = numbers.next();
    const auto length = numbers.next();
    if (!gap || !length || *length == 0) return std::nullopt;
    const auto offset = checked_add(position, *gap);
    const auto end = offset ? checked_add(*offset, *length) : std::nullopt;
    if (!end || *end > disk_bytes) return std::nullopt;
    map.add({*offset, *length});
    position = *end;
  }
  return map;
}

}  // namespace

std::vector<std::byte> maps_body(const Maps& maps) {
  std::vector<std::byte> body;
  put_map(body, maps.captured);
  put_map(body, maps.unreadable);
  return body;
}

Result<Maps> parse_maps(Bytes body, std::uint64_t disk_bytes) {
  NumberReader numbers(body);
  auto captured = take_map(numbers, disk_bytes);
  auto unreadable = captured ? take_map(numbers, disk_bytes) : std::nullopt;
  if (!unreadable || !numbers.at_end())
    return fail(bad_input("", "the maps of the image contradict themselves"));
  return Maps{std::move(*captured), std::move(*unreadable)};
}

}  // namespace drydock::image
