#include "image/writer.h"

#include <algorithm>

#include "image/format.h"
#include "image/manifest_json.h"

namespace drydock::image {

Result<bool> begins_with(const io::BlockSource& file, const Manifest& manifest) {
  const std::vector<std::byte> frame = own_frame(kManifestKind, as_bytes(manifest_json(manifest)));
  if (file.geometry().bytes < frame.size()) return false;
  return TRY(io::read_bytes(file, 0, frame.size())) == frame;
}

Result<void> ImageWriter::append(Bytes bytes) {
  if (stored_ != nullptr && TRY(is_stored(bytes))) {
    kept_ += bytes.size();
  } else {
    TRY(cut_off());
    TRY(sink_.append(bytes));
  }
  bytes_ += bytes.size();
  return {};
}

// What the medium does not give back is written anew.
Result<bool> ImageWriter::is_stored(Bytes bytes) const {
  if (stored_->geometry().bytes < bytes_ + bytes.size()) return false;
  const auto there = io::read_bytes(*stored_, bytes_, bytes.size());
  if (there) return std::ranges::equal(*there, bytes);
  if (there.error().code == Code::unreadable) return false;
  return fail(there.error());
}

Result<void> ImageWriter::cut_off() {
  if (stored_ != nullptr && stored_->geometry().bytes > bytes_) TRY(sink_.cut(bytes_));
  stored_ = nullptr;
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

void ImageWriter::keep(const FrameEntry& entry) {
  index_.push_back(entry);
  bytes_ += entry.packed;
  kept_ += entry.packed;
}

Result<Digest> ImageWriter::finish(const Maps& maps) {
  const std::vector<std::byte> maps_frame = own_frame(kMapsKind, maps_body(maps));
  TRY(append(maps_frame));
  const std::vector<std::byte> index_frame = own_frame(kIndexKind, index_body(index_));
  TRY(append(index_frame));
  TRY(append(seek_table(index_, manifest_bytes_, static_cast<std::uint32_t>(maps_frame.size()),
                        static_cast<std::uint32_t>(index_frame.size()))));
  TRY(cut_off());
  return whole_digest(index_);
}

}  // namespace drydock::image
