#include "fs/ntfs_files.h"

#include <algorithm>
#include <format>

#include "base/units.h"
#include "fs/ntfs_index.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

// Where Windows keeps what it has compressed by itself (compact /exe, CompactOS).
constexpr std::string_view kWofStream = "WofCompressedData";

std::uint64_t record_of(std::uint64_t id) {
  return NtfsReference::decode(id).record;
}

bool has_stream(std::span<const NtfsAttribute> attributes, std::string_view name) {
  return std::ranges::any_of(attributes, [&](const NtfsAttribute& one) {
    return one.type == NtfsAttribute::kData && one.name == name;
  });
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
  if (std::ranges::any_of(attributes, type(NtfsAttribute::kReparsePoint))) {
    if (has_stream(attributes, {})) node.bytes = TRY(contents(id))->size;
    return node;
  }
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
  return list_folder(volume_, record_of(folder.id), [&](const NtfsName& entry) {
    // The folder itself is named in the root.
    return entry.is_short || entry.name == "." || visit(entry.name, entry.file.packed());
  });
}

Result<std::optional<std::uint64_t>> NtfsFiles::find(const FileNode& folder,
                                                     std::string_view name) {
  const auto found = TRY(look_up_in_folder(volume_, record_of(folder.id), name));
  return found ? std::optional(found->packed()) : std::nullopt;
}

Result<void> NtfsFiles::pieces(const FileNode& file, const VisitPiece& visit) {
  if (file.kind == FileNode::Kind::folder) return {};
  const NtfsRecord record = TRY(volume_.record(NtfsReference::decode(file.id)));
  const auto attributes = TRY(record.attributes());
  if (has_stream(attributes, {}) || file.kind == FileNode::Kind::file)
    tell_pieces(*TRY(contents(file.id)), visit);
  if (!has_stream(attributes, kWofStream) || file.bytes == 0) return {};
  const NtfsStream packed =
      TRY(volume_.stream(record_of(file.id), NtfsAttribute::kData, kWofStream));
  const std::uint64_t cluster = volume_.boot().cluster_bytes;
  for (const NtfsRun& run : packed.runs)
    if (!run.hole) visit({{0, file.bytes}, {run.lcn * cluster, run.length * cluster}, true});
  return {};
}

void NtfsFiles::tell_pieces(const NtfsStream& stream, const VisitPiece& visit) const {
  constexpr std::uint64_t kUnit = 16;  // clusters that are compressed together
  const std::uint64_t cluster = volume_.boot().cluster_bytes;
  const bool packed = (stream.flags & NtfsAttribute::kCompressed) != 0;
  const std::uint64_t valid = std::min(stream.size, stream.initialised);
  for (const NtfsRun& run : stream.runs) {
    std::uint64_t from = run.vcn, to = run.vcn + run.length;
    if (packed) from -= from % kUnit, to = round_up(to, kUnit);
    if (run.hole || from * cluster >= valid) continue;
    const std::uint64_t length = std::min(to * cluster, valid) - from * cluster;
    visit({{from * cluster, length},
           {run.lcn * cluster, packed ? run.length * cluster : length},
           packed});
  }
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
