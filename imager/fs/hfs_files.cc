#include "fs/hfs_files.h"

#include <algorithm>
#include <format>
#include <utility>

#include "base/units.h"
#include "fs/read.h"
#include "fs/unix_mode.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kTreeWindow = 64 * kKiB;
constexpr std::size_t kExtentsBytes = 64;

// Where keys have the number by which they are sorted first: of the catalog, of the other trees.
constexpr std::size_t kParentAt = 0;
constexpr std::size_t kFileAt = 2;

std::uint32_t number_of(std::uint64_t id) {
  return static_cast<std::uint32_t>(id);
}

std::unexpected<Error> damaged_file(std::uint64_t id, std::string_view what) {
  return fail(doubt(std::format("file {} is damaged ({})", number_of(id), what)));
}

// Names in ASCII, as both of HFS Plus's orders have them where none begins with a capital letter.
HfsSearch::Order compare_ascii(Bytes name, std::string_view with) {
  const auto folded = [](std::uint16_t unit) {
    return unit >= 'A' && unit <= 'Z' ? static_cast<std::uint16_t>(unit + ('a' - 'A')) : unit;
  };
  const std::size_t units = name.size() / 2;
  for (std::size_t i = 0; i < std::min(units, with.size()); ++i) {
    const std::uint16_t found = folded(load_be<std::uint16_t>(&name[i * 2]));
    const std::uint16_t wanted = folded(static_cast<unsigned char>(with[i]));
    if (found != wanted) return hfs_order(found, wanted);
  }
  return hfs_order(units, with.size());
}

// Where the system keeps files that have several names (TN1150, "Hard Links").
bool is_folder_of_links(const HfsCatalogKey& key) {
  constexpr std::string_view kBehindNulls = "HFS+ Private Data";
  constexpr std::size_t kNulls = 4;
  return key.parent == kHfsRootFolder && key.name.size() == 2 * (kNulls + kBehindNulls.size()) &&
         all_zero(key.name.first(2 * kNulls)) &&
         compare_ascii(key.name.subspan(2 * kNulls), kBehindNulls) == HfsSearch::Order::equal;
}

bool is_packed(const HfsCatalogRecord& record) {
  return record.compressed && record.data.bytes == 0;
}

FileNode::Kind kind_of(const HfsCatalogRecord& record) {
  if (record.kind == HfsCatalogRecord::kFolder) return FileNode::Kind::folder;
  if (record.folder_link) return FileNode::Kind::other;
  if (record.symbolic_link) return FileNode::Kind::link;
  return (record.mode & kModeType) == 0 ? FileNode::Kind::file : kind_of_mode(record.mode);
}

// The first thing that went wrong where more can follow.
class FirstProblem {
 public:
  void note(Result<void> result) {
    if (!result && first_) first_ = std::move(result);
  }
  Result<void> take() { return std::move(first_); }

 private:
  Result<void> first_;
};

}  // namespace

HfsFiles::HfsFiles(const io::BlockSource& volume, Extent inner, HfsHeader header)
    : start_(inner.offset),
      inner_(volume, inner),
      header_(std::move(header)),
      overflow_file_(inner_, header_, "the extents overflow file", kTreeWindow),
      catalog_file_(inner_, header_, "the catalog file", kTreeWindow),
      attributes_file_(inner_, header_, "the attributes file", kTreeWindow),
      overflow_(overflow_file_, kFileAt),
      catalog_(catalog_file_, kParentAt),
      attributes_(attributes_file_, kFileAt) {
  header_.blocks = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(header_.blocks, inner.length / header_.block_bytes));
  (void)overflow_file_.append(header_.extents.extents);
  overflow_file_.end_with_blocks(header_.extents);
  open(catalog_file_, header_.catalog, kHfsCatalogFile);
  open(attributes_file_, header_.attribute_file, kHfsAttributesFile);
}

// As much of it as can be found.
void HfsFiles::open(HfsForkReader& file, const HfsFork& fork, std::uint32_t number) {
  std::uint64_t blocks = 0;
  (void)each_extents(number, kData, fork,
                     [&](std::uint64_t first, const HfsExtents& extents) -> Result<void> {
                       if (first != blocks) return damaged_file(number, "extents are missing");
                       blocks += blocks_in(extents);
                       return file.append(extents);
                     });
  file.end_with_blocks(fork);
}

Result<void> HfsFiles::each_extents(std::uint32_t file, ForkKind kind, const HfsFork& fork,
                                    const VisitExtents& visit) {
  TRY(visit(0, fork.extents));
  if (blocks_in(fork.extents) >= fork.blocks) return {};
  const auto of_fork = [&](const ByteReader& key) {
    return hfs_order(key.u8(0), std::uint8_t{kind});
  };
  Result<void> told;
  TRY(overflow_.find(file, of_fork,
                     [&](std::uint32_t, const ByteReader& key, const ByteReader& data) {
                       const Bytes extents = data.bytes(0, kExtentsBytes);
                       const std::uint32_t first = key.be32(6);
                       if (key.ok() && data.ok())
                         told = visit(first, decode_extents(extents));
                       else
                         told = damaged_file(file, "an extents record");
                       return told.has_value();
                     }));
  return told;
}

Result<FileNode> HfsFiles::node(std::uint64_t id) {
  if (id == kHfsRootFolder) return FileNode{.kind = FileNode::Kind::folder, .id = id};
  HfsCatalogRecord found = TRY(record(id));
  if (found.hard_link) {
    id = TRY(target_of(found));
    found = TRY(record(id));
    if (found.hard_link) return damaged_file(id, "a link to a link");
  }
  FileNode node{.kind = kind_of(found), .id = id, .bytes = found.data.bytes};
  if (node.kind == FileNode::Kind::folder || node.kind == FileNode::Kind::other) node.bytes = 0;
  if (found.data.blocks > header_.blocks ||
      node.bytes > std::uint64_t{found.data.blocks} * header_.block_bytes)
    return damaged_file(id, "longer than its blocks");
  if (node.kind == FileNode::Kind::file && is_packed(found))
    node.bytes = TRY(unpacked_bytes(number_of(id)));
  return node;
}

Result<HfsCatalogRecord> HfsFiles::record(std::uint64_t id) {
  std::optional<HfsCatalogRecord> found;
  TRY(catalog_.visit_leaf(static_cast<std::uint32_t>(id >> 32),
                          [&](std::uint32_t, const ByteReader&, const ByteReader& data) {
                            const auto one = HfsCatalogRecord::decode(data);
                            if (one && !one->is_thread() && one->id == number_of(id)) found = one;
                            return !found;
                          }));
  if (!found) return damaged_file(id, "it is not in the catalog");
  return *found;
}

Result<std::uint64_t> HfsFiles::target_of(const HfsCatalogRecord& link) {
  const std::uint32_t folder = TRY(folder_of_links());
  const std::string name = std::format("iNode{}", link.special);
  const auto wanted = [&](const ByteReader& key) {
    const auto found = HfsCatalogKey::decode(key);
    return compare_ascii(found ? found->name : Bytes(), name);
  };
  std::optional<std::uint64_t> target;
  TRY(catalog_.find(folder, wanted,
                    [&](std::uint32_t leaf, const ByteReader&, const ByteReader& data) {
                      const auto found = HfsCatalogRecord::decode(data);
                      if (found && found->kind == HfsCatalogRecord::kFile)
                        target = std::uint64_t{leaf} << 32 | found->id;
                      return !target;
                    }));
  if (!target) return damaged_file(link.id, "what it is a link to is missing");
  return *target;
}

Result<std::uint32_t> HfsFiles::folder_of_links() {
  if (folder_of_links_) return *folder_of_links_;
  TRY(catalog_.find(kHfsRootFolder,
                    [&](std::uint32_t, const ByteReader& key, const ByteReader& data) {
                      const auto place = HfsCatalogKey::decode(key);
                      const auto found = HfsCatalogRecord::decode(data);
                      if (place && found && is_folder_of_links(*place))
                        folder_of_links_ = found->id;
                      return !folder_of_links_;
                    }));
  if (!folder_of_links_) return fail(doubt("the folder with the files of hard links is missing"));
  return *folder_of_links_;
}

// Of the attribute com.apple.decmpfs, as xnu's bsd/sys/decmpfs.h describes it.
Result<std::uint64_t> HfsFiles::unpacked_bytes(std::uint32_t file) {
  constexpr std::string_view kName = "com.apple.decmpfs";
  constexpr std::uint32_t kInline = 0x10;
  constexpr std::size_t kContents = 16;  // behind the record's kind and length
  std::optional<std::uint64_t> bytes;
  TRY(attributes_.find(file, [&](std::uint32_t, const ByteReader& key, const ByteReader& data) {
    const Bytes name = key.bytes(12, std::size_t{2} * key.be16(10));
    if (name.size() != 2 * kName.size() || compare_ascii(name, kName) != HfsSearch::Order::equal ||
        data.be32(0) != kInline || !data.equals(kContents, "fpmc"))
      return true;
    bytes = data.le64(kContents + 8);
    if (!data.ok()) bytes.reset();
    return false;
  }));
  if (!bytes || *bytes > INT64_MAX) return damaged_file(file, "nothing tells how it is compressed");
  return *bytes;
}

Result<void> HfsFiles::list(const FileNode& folder, const Visit& visit) {
  if (folder.kind != FileNode::Kind::folder) return damaged_file(folder.id, "it is no folder");
  FirstProblem problem;
  bool ended = false;
  const auto entry = [&](std::uint32_t leaf, const ByteReader& key, const ByteReader& data) {
    const auto place = HfsCatalogKey::decode(key);
    const auto found = HfsCatalogRecord::decode(data);
    if (place && found && (found->is_thread() || is_folder_of_links(*place))) return true;
    const std::string name = place ? hfs_file_name(place->name) : "";
    if (!found || name.empty() || name == "." || name == "..") {
      problem.note(damaged_file(folder.id, std::format("a record in node {}", leaf)));
      return true;
    }
    ended = !visit(name, std::uint64_t{leaf} << 32 | found->id);
    return !ended;
  };
  problem.note(catalog_.find(number_of(folder.id), entry));
  if (ended) return {};
  return problem.take();
}

Result<void> HfsFiles::pieces(const FileNode& file, const VisitPiece& visit) {
  if (file.kind != FileNode::Kind::file && file.kind != FileNode::Kind::link) return {};
  return tell_pieces(file, TRY(record(file.id)), visit);
}

Result<void> HfsFiles::tell_pieces(const FileNode& file, const HfsCatalogRecord& record,
                                   const VisitPiece& visit) {
  const bool packed = is_packed(record);
  const HfsFork& fork = packed ? record.resource : record.data;
  const std::uint64_t bytes = packed ? fork.bytes : std::min(file.bytes, fork.bytes);
  if (bytes == 0 || file.bytes == 0) return {};
  std::uint64_t told = 0;  // blocks
  FirstProblem problem;
  const auto tell = [&](const HfsExtent& extent) -> Result<void> {
    if (extent.count == 0) return {};
    const Extent place = header_.bytes_of(extent);
    const std::uint64_t from = told * header_.block_bytes;
    told += extent.count;
    if (!header_.inside(extent)) return damaged_file(file.id, "blocks outside the volume");
    if (from >= bytes) return {};
    const std::uint64_t length = std::min(place.length, bytes - from);
    visit({.in_file = packed ? Extent{0, file.bytes} : Extent{from, length},
           .on_volume = {start_ + place.offset, length},
           .packed = packed});
    return {};
  };
  const auto extents_at = [&](std::uint64_t first, const HfsExtents& extents) -> Result<void> {
    if (first < told || first > header_.blocks || blocks_in(extents) > header_.blocks - first)
      return damaged_file(file.id, "more blocks than it can have");
    told = first;
    for (const HfsExtent& extent : extents) problem.note(tell(extent));
    return {};
  };
  problem.note(each_extents(number_of(file.id), packed ? kResource : kData, fork, extents_at));
  if (told * header_.block_bytes < bytes)
    problem.note(damaged_file(file.id, "longer than its blocks"));
  return problem.take();
}

Result<void> HfsFiles::read(const FileNode& file, std::uint64_t offset, MutableBytes into) {
  if (offset > file.bytes || into.size() > file.bytes - offset)
    return damaged_file(file.id, "it is too short");
  if (into.empty()) return {};
  return TRY(contents(file.id))->read(offset, into);
}

// Valid until the next call. What can be found of it: a file of which blocks are unknown ends
// there.
Result<const HfsForkReader*> HfsFiles::contents(std::uint64_t id) {
  if (held_ && held_id_ == id) return &*held_;
  const HfsCatalogRecord found = TRY(record(id));
  if (is_packed(found)) return fail(doubt(std::format("file {} is compressed", number_of(id))));
  held_id_ = id;
  held_.emplace(inner_, header_, std::format("file {}", number_of(id)));
  open(*held_, found.data, number_of(id));
  return &*held_;
}

}  // namespace drydock::fs
