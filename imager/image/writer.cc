#include "image/writer.h"

#include "image/format.h"
#include "image/manifest_json.h"

namespace drydock::image {

Result<void> ImageWriter::append(Bytes bytes) {
  TRY(sink_.append(bytes));
  bytes_ += bytes.size();
  return {};
}

Result<void> ImageWriter::begin(const Manifest& manifest) {
  const std::vector<std::byte> frame = own_frame(kManifestKind, as_bytes(manifest_json(manifest)));
  if (frame.size() > kLargestManifest)
    return fail(bad_input("", "the manifest is too large", "Use a shorter --note"));
  manifest_bytes_ = static_cast<std::uint32_t>(frame.size());
  return append(frame);
}

Result<void> ImageWriter::add(Bytes frame, const FrameEntry& entry) {
  TRY(append(frame));
  index_.push_back(entry);
  return {};
}

Result<Digest> ImageWriter::finish(const Maps& maps) {
  const std::vector<std::byte> maps_frame = own_frame(kMapsKind, maps_body(maps));
  TRY(append(maps_frame));
  const std::vector<std::byte> index_frame = own_frame(kIndexKind, index_body(index_));
  TRY(append(index_frame));
  TRY(append(seek_table(index_, manifest_bytes_, static_cast<std::uint32_t>(maps_frame.size()),
                        static_cast<std::uint32_t>(index_frame.size()))));
  return whole_digest(index_);
}

}  // namespace drydock::image
