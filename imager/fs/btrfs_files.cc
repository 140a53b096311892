#include "fs/btrfs_files.h"

#include <zstd.h>

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "base/hash.h"
#include "base/units.h"
#include "fs/unix_mode.h"

namespace drydock::fs {
namespace {

// Types of items.
constexpr std::uint8_t kInode = 1;
constexpr std::uint8_t kInodeReference = 12;
constexpr std::uint8_t kDirItem = 84;
constexpr std::uint8_t kDirIndex = 96;
constexpr std::uint8_t kRootBackReference = 144;

constexpr std::uint64_t kRootFolder = 256;
constexpr std::uint64_t kDefaultSubvolume = 6;  // the object of the root tree whose folder names it
constexpr std::uint64_t kLast = ~std::uint64_t{0};

constexpr std::size_t kMostSubvolumes = 256;
constexpr std::size_t kMostSteps = 2048;  // as many folders fit into a path of Linux
constexpr std::size_t kMostEntries = std::size_t{1} << 20;
constexpr std::uint64_t kMostExtent = 128 * kMiB;  // that Linux writes, but for holes
constexpr std::uint64_t kMostPacked = 128 * kKiB;  // of a compressed extent, packed or not

std::unexpected<Error> damaged(std::uint64_t id) {
  return fail(doubt(std::format("inode {} is damaged", id)));
}

// An entry of a folder: where it leads and its name.
struct Entry {
  BtrfsKey target;
  std::string_view name;
  std::size_t bytes = 0;  // of all of it; what stands behind the name is of extended attributes

  static constexpr std::size_t kHead = 30;

  static std::optional<Entry> decode(Bytes item) {
    const ByteReader f(item);
    const Bytes name = f.bytes(kHead, f.le16(27));
    if (!f.ok()) return std::nullopt;
    return Entry{BtrfsKey::decode(f.bytes(0, BtrfsKey::kBytes)),
                 {reinterpret_cast<const char*>(name.data()), name.size()},
                 kHead + f.le16(25) + name.size()};
  }
};

}  // namespace

Result<std::vector<BtrfsRoot>> btrfs_subvolumes(BtrfsTrees& trees) {
  std::vector<BtrfsRoot> found;
  std::uint64_t preferred = kBtrfsFsTree;
  const auto take = [&](const BtrfsKey& key, Bytes item) -> Result<bool> {
    if (key.object == kDefaultSubvolume && key.type == kDirItem) {
      if (const auto entry = Entry::decode(item); entry && entry->name == "default")
        preferred = entry->target.object;
    }
    if (key.type != kBtrfsRootItem) return true;
    const BtrfsRoot root = TRY(decode_btrfs_root(key, item));
    if (root.is_subvolume() && !root.partial) found.push_back(root);
    return found.size() < kMostSubvolumes;
  };
  TRY(trees.search(btrfs_root_tree(trees.super()), {}, {kBtrfsLastSubvolume, 0xFF, kLast}, take));
  std::ranges::stable_partition(found, [&](const BtrfsRoot& root) { return root.id == preferred; });
  return found;
}

namespace {

// What says under which name an object is found: of an inode within its tree, of a subvolume in the
// tree of roots. The key's offset is the folder's inode, or the subvolume that has the folder.
struct BackReference {
  std::uint64_t holder = 0;
  std::uint64_t folder = 0;  // of a subvolume: its inode
  std::string name;

  static Result<BackReference> of_inode(BtrfsTrees& trees, const BtrfsRef& tree, std::uint64_t id) {
    return find(trees, tree, {id, kInodeReference, 0}, 8);
  }
  static Result<BackReference> of_subvolume(BtrfsTrees& trees, std::uint64_t id) {
    return find(trees, btrfs_root_tree(trees.super()), {id, kRootBackReference, 0}, 16);
  }

 private:
  // The first one there is; others are hard links.
  static Result<BackReference> find(BtrfsTrees& trees, const BtrfsRef& tree, BtrfsKey first,
                                    std::size_t name_at) {
    std::optional<BackReference> found;
    const BtrfsKey last{first.object, first.type, kLast};
    TRY(trees.search(tree, first, last, [&](const BtrfsKey& key, Bytes item) -> Result<bool> {
      const ByteReader f(item);
      const Bytes name = f.bytes(name_at + 2, f.le16(name_at));
      if (!f.ok()) return damaged(first.object);
      found = {key.offset, f.le64(0), {reinterpret_cast<const char*>(name.data()), name.size()}};
      return false;
    }));
    if (!found) return damaged(first.object);
    return std::move(*found);
  }
};

// Of a subvolume that is in none: "".
Result<std::string> path_of(BtrfsTrees& trees, std::span<const BtrfsRoot> all, std::uint64_t id) {
  std::string path;
  for (std::size_t steps = 0; id != kBtrfsFsTree;) {
    const BackReference subvolume = TRY(BackReference::of_subvolume(trees, id));
    path.insert(0, "/" + subvolume.name);
    id = subvolume.holder;
    const auto holder = std::ranges::find(all, id, &BtrfsRoot::id);
    if (holder == all.end()) return damaged(id);
    for (std::uint64_t inode = subvolume.folder; inode != kRootFolder;) {
      if (++steps > kMostSteps) return damaged(inode);
      const BackReference folder = TRY(BackReference::of_inode(trees, holder->ref, inode));
      path.insert(0, "/" + folder.name);
      inode = folder.holder;
    }
    if (++steps > kMostSteps) return damaged(id);
  }
  return path;
}

}  // namespace

std::string btrfs_subvolume_path(BtrfsTrees& trees, std::span<const BtrfsRoot> all,
                                 const BtrfsRoot& subvolume) {
  return path_of(trees, all, subvolume.id).value_or(std::format("subvolume {}", subvolume.id));
}

Result<FileNode> BtrfsFiles::root() {
  return node(kRootFolder);
}

Result<FileNode> BtrfsFiles::node(std::uint64_t id) {
  FileNode node;
  TRY(trees_.search(tree_, {id, kInode, 0}, {id, kInode, 0},
                    [&](const BtrfsKey&, Bytes item) -> Result<bool> {
                      const ByteReader f(item);
                      node = {.kind = kind_of_mode(static_cast<std::uint16_t>(f.le32(52))),
                              .id = id,
                              .bytes = f.le64(16)};
                      if (!f.ok()) node.id = 0;
                      return false;
                    }));
  if (node.id == 0) return damaged(id);
  return node;
}

Result<void> BtrfsFiles::list(const FileNode& folder, const Visit& visit) {
  std::size_t entries = 0;
  return trees_.search(tree_, {folder.id, kDirIndex, 0}, {folder.id, kDirIndex, kLast},
                       [&](const BtrfsKey&, Bytes item) -> Result<bool> {
                         const auto entry = Entry::decode(item);
                         if (!entry || ++entries > kMostEntries) return damaged(folder.id);
                         // Other targets are subvolumes, which have inodes of their own.
                         return entry->target.type != kInode ||
                                visit(entry->name, entry->target.object);
                       });
}

// An item of a folder is found by the hash of its name; entries whose names have the same hash
// follow each other in it.
Result<std::optional<std::uint64_t>> BtrfsFiles::find(const FileNode& folder,
                                                      std::string_view name) {
  const BtrfsKey key{folder.id, kDirItem, crc32c_raw(~1U, as_bytes(name))};
  std::optional<std::uint64_t> found;
  TRY(trees_.search(tree_, key, key, [&](const BtrfsKey&, Bytes item) -> Result<bool> {
    while (!item.empty()) {
      const auto entry = Entry::decode(item);
      if (!entry) return damaged(folder.id);
      if (entry->name == name && entry->target.type == kInode) found = entry->target.object;
      item = item.subspan(std::min(item.size(), entry->bytes));
    }
    return false;
  }));
  return found;
}

Result<void> BtrfsFiles::read(const FileNode& file, std::uint64_t offset, MutableBytes into) {
  if (offset > file.bytes || into.size() > file.bytes - offset) return damaged(file.id);
  if (into.empty()) return {};
  std::ranges::fill(into, std::byte{0});  // holes
  const std::uint64_t first = offset > kMostExtent ? offset - kMostExtent : 0;
  return trees_.search(tree_, {file.id, kBtrfsFileExtent, first},
                       {file.id, kBtrfsFileExtent, offset + into.size() - 1},
                       [&](const BtrfsKey& key, Bytes item) -> Result<bool> {
                         const Piece piece = TRY(decode(key, item));
                         const std::uint64_t from = std::max(offset, piece.in_file.offset);
                         const std::uint64_t to =
                             std::min(offset + into.size(), piece.in_file.end());
                         if (from < to)
                           TRY(read_piece(piece, from - piece.in_file.offset,
                                          into.subspan(from - offset, to - from)));
                         return true;
                       });
}

Result<void> BtrfsFiles::pieces(const FileNode& file, const VisitPiece& visit) {
  if (file.bytes == 0) return {};
  return trees_.search(tree_, {file.id, kBtrfsFileExtent, 0},
                       {file.id, kBtrfsFileExtent, file.bytes - 1},
                       [&](const BtrfsKey& key, Bytes item) -> Result<bool> {
                         const Piece piece = TRY(decode(key, item));
                         if (piece.stored.length == 0 || piece.in_file.length == 0) return true;
                         Extent part = piece.in_file;
                         part.length = std::min(part.length, file.bytes - part.offset);
                         if (piece.compression != Piece::kNone) {
                           const std::uint64_t place = TRY(chunks_.physical(piece.stored));
                           visit({part, {place, piece.stored.length}, true});
                           return true;
                         }
                         if (piece.offset + part.length > piece.stored.length)
                           return damaged(file.id);
                         const Extent logical{piece.stored.offset + piece.offset, part.length};
                         visit({part, {TRY(chunks_.physical(logical)), part.length}});
                         return true;
                       });
}

Result<BtrfsFiles::Piece> BtrfsFiles::decode(const BtrfsKey& key, Bytes item) {
  constexpr std::size_t kHead = 21;
  const ByteReader f(item);
  Piece piece;
  piece.unpacked = f.le64(8);
  piece.compression = f.u8(16);
  const bool encoded = f.u8(17) != 0 || f.le16(18) != 0;  // encrypted, or otherwise
  const std::uint8_t kind = f.u8(20);
  if (!f.ok() || encoded || kind > Piece::kPreallocated) return damaged(key.object);
  if (kind == Piece::kInline) {
    piece.in_file = {key.offset, piece.unpacked};
    piece.inside.assign(item.begin() + kHead, item.end());
  } else {
    piece.in_file = {key.offset, f.le64(45)};
    piece.offset = f.le64(37);
    if (kind == Piece::kRegular && f.le64(21) != 0) piece.stored = {f.le64(21), f.le64(29)};
  }
  const bool packed = piece.compression != Piece::kNone;
  const auto end = checked_add(piece.offset, piece.in_file.length);
  const bool hole = kind != Piece::kInline && piece.stored.length == 0;
  if (!f.ok() || !checked_add(key.offset, piece.in_file.length) || !end ||
      (!hole && *end > piece.unpacked) ||
      (packed && (piece.unpacked > kMostPacked || piece.stored.length > kMostPacked)))
    return damaged(key.object);
  return piece;
}

Result<void> BtrfsFiles::read_piece(const Piece& piece, std::uint64_t offset,
                                    MutableBytes into) const {
  offset += piece.offset;
  const bool in_tree = !piece.inside.empty();
  if (!in_tree && piece.stored.length == 0) return {};
  if (!in_tree && piece.compression == Piece::kNone) {
    if (offset > piece.stored.length || into.size() > piece.stored.length - offset)
      return fail(doubt("a file extent is damaged"));
    return read_stored({piece.stored.offset + offset, into.size()}, into);
  }
  const std::vector<std::byte> whole =
      TRY(piece.compression == Piece::kNone ? piece.inside : unpack(piece));
  if (offset >= whole.size()) return {};
  const Bytes there = Bytes(whole).subspan(offset);
  std::ranges::copy(there.first(std::min(there.size(), into.size())), into.begin());
  return {};
}

// A frame of zstd, with zeros behind it up to the next sector.
Result<std::vector<std::byte>> BtrfsFiles::unpack(const Piece& piece) const {
  if (piece.compression != Piece::kZstd)
    return fail(doubt(std::format("a file is compressed by method {}", piece.compression)));
  std::vector<std::byte> packed = piece.inside;
  if (packed.empty()) {
    packed.resize(piece.stored.length);
    TRY(read_stored(piece.stored, packed));
  }
  const std::size_t frame = ZSTD_findFrameCompressedSize(packed.data(), packed.size());
  std::vector<std::byte> out(piece.unpacked);
  const std::size_t bytes = ZSTD_isError(frame) != 0
                                ? frame
                                : ZSTD_decompress(out.data(), out.size(), packed.data(), frame);
  if (ZSTD_isError(bytes) != 0) return fail(doubt("a compressed file extent is damaged"));
  out.resize(bytes);
  return out;
}

Result<void> BtrfsFiles::read_stored(Extent logical, MutableBytes into) const {
  return volume_.read_at(TRY(chunks_.physical(logical)), into);
}

}  // namespace drydock::fs
