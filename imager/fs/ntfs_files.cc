#include "fs/ntfs_files.h"

#include <algorithm>
#include <format>

#include "fs/ntfs_index.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

std::uint64_t record_of(std::uint64_t id) {
  return NtfsReference::decode(id).record;
}

}  // namespace

Result<FileNode> NtfsFiles::root() {
  const NtfsRecord record = TRY(volume_.record(NtfsVolume::kRoot));
  return node(NtfsReference{NtfsVolume::kRoot, record.sequence()}.packed());
}

Result<FileNode> NtfsFiles::node(std::uint64_t id) {
  const NtfsRecord record = TRY(volume_.record(NtfsReference::decode(id)));
  const auto attributes = TRY(record.attributes());
  const auto type = [](NtfsAttribute::Type wanted) {
    return [wanted](const NtfsAttribute& one) { return one.type == wanted; };
  };
  FileNode node{.kind = FileNode::Kind::other, .id = id, .bytes = 0};
  if (std::ranges::any_of(attributes, type(NtfsAttribute::kReparsePoint))) return node;
  if (record.is_folder()) {
    node.kind = FileNode::Kind::folder;
    return node;
  }
  node.kind = FileNode::Kind::file;
  node.bytes = TRY(contents(id))->size;
  return node;
}

// Valid until the next call.
Result<const NtfsStream*> NtfsFiles::contents(std::uint64_t id) {
  if (held_id_ != id) {
    held_ = TRY(volume_.stream(record_of(id), NtfsAttribute::kData));
    held_id_ = id;
  }
  return &held_;
}

Result<void> NtfsFiles::list(const FileNode& folder, const Visit& visit) {
  return list_folder(
      volume_, record_of(folder.id),
      [&](std::string_view name, const NtfsReference& file) { return visit(name, file.packed()); });
}

Result<std::optional<std::uint64_t>> NtfsFiles::find(const FileNode& folder,
                                                     std::string_view name) {
  const auto found = TRY(look_up_in_folder(volume_, record_of(folder.id), name));
  return found ? std::optional(found->packed()) : std::nullopt;
}

Result<void> NtfsFiles::read(const FileNode& file, std::uint64_t offset, MutableBytes into) {
  const NtfsStream* const stream = TRY(contents(file.id));
  constexpr std::uint16_t kCoded = NtfsAttribute::kCompressed | NtfsAttribute::kEncrypted;
  if ((stream->flags & kCoded) != 0 || std::ranges::any_of(stream->runs, &NtfsRun::hole))
    return fail(
        doubt(std::format("file {} is compressed, encrypted or sparse", record_of(file.id))));
  const auto bytes = TRY(volume_.read(*stream, offset, into.size()));
  std::ranges::copy(bytes, into.begin());
  return {};
}

}  // namespace drydock::fs
