// A tiny APFS container, built block by block, for the unit tests and the fuzzer of its driver.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "core/extent_map.h"
#include "fs/apfs_object.h"
#include "io/memory_disk.h"

namespace drydock::test {

// 64 blocks of 4096 bytes. One volume with a file in five blocks, a snapshot that holds two more,
// one block that waits to be freed, an EFI driver and a key locker.
struct ApfsDisk {
  static constexpr std::uint64_t kBlock = 4096;
  static constexpr std::uint64_t kBlocks = 64;

  enum Place : std::uint64_t {
    kDescriptors = 1,  // four: map and superblock of this checkpoint, then of an older one
    kData = 5,         // six: space manager, free queue
    kPoolBitmaps = 11,
    kPool = 13,  // six: chunk-info block, bitmap, chunk address block
    kMap = 19,   // of the container, then its tree
    kVolume = 21,
    kVolumeMap = 22,  // then its tree
    kRoot = 24,       // the volume's own tree, which is found through its map
    kExtents = 25,
    kSnapshots = 26,
    kSnapshot = 27,
    kSnapshotExtents = 28,
    kJumpstart = 29,
    kKeyLocker = 30,
    kFile = 31,  // three and two
    kQueued = 36,
    kMapSnapshots = 37,
    kExtentLeaves = 38,  // two
    kSnapshotFile = 40,  // two
    kEnd = 42,           // all below are in use
    kBitmap = kPool + 1,
    kCab = kPool + 2,
    kManager = kData,
    kQueue = kData + 1,
  };
  static constexpr std::uint64_t kXid = 5;
  static constexpr std::uint64_t kVolumeOid = 1026;
  static constexpr std::uint64_t kVolumeAllocated = 1 + 1 + 1 + 1 + 3 + 5 + 1 + 1 + 2;

  explicit ApfsDisk(bool cab = false) { build(cab); }

  ExtentMap expected() const { return ExtentMap::whole(kEnd * kBlock); }

  void put16(std::uint64_t at, std::uint16_t value) { store_le(disk.content().data() + at, value); }
  void put32(std::uint64_t at, std::uint32_t value) { store_le(disk.content().data() + at, value); }
  void put64(std::uint64_t at, std::uint64_t value) { store_le(disk.content().data() + at, value); }
  void put_text(std::uint64_t at, std::string_view text) {
    std::ranges::copy(as_bytes(text), disk.content().begin() + static_cast<std::ptrdiff_t>(at));
  }
  static std::uint64_t at(std::uint64_t block, std::uint64_t offset = 0) {
    return block * kBlock + offset;
  }

  // Makes the checksums of all that looks like an object right again after a change.
  void seal() {
    for (std::uint64_t block = 0; block < kBlocks; ++block) seal(block);
  }
  void seal(std::uint64_t block) {
    const MutableBytes bytes = disk.content().subspan(block * kBlock, kBlock);
    const auto header = fs::ApfsObject::decode(bytes);
    if (header.type == 0 || header.type > 0x1F || (header.flags & 0x0FFF) != 0) return;
    store_le(bytes.data(), fs::apfs_checksum(bytes));
  }

  io::MemoryDisk disk{kBlocks * kBlock};

 private:
  using Object = fs::ApfsObject;
  using Record = std::pair<std::vector<std::uint64_t>, std::vector<std::byte>>;  // key, value
  enum Flags : std::uint16_t { kVirtual = 0, kPhysical = 0x4000, kEphemeral = 0x8000 };
  static constexpr std::uint32_t kPhysicalTree = 0x40000002;

  void build(bool cab) {
    superblock(0, kXid);
    superblock(kDescriptors + 1, kXid);
    superblock(kDescriptors + 3, kXid - 1);
    checkpoint_map();
    space_manager(cab);
    queue();
    object(kMap, kMap, Object::kObjectMap, kPhysical);
    object_map(kMap, 0);
    tree(kMap + 1, Object::kObjectMap, 0, true, {mapping(kVolumeOid, kVolume)});
    volume();
    object_map(kVolumeMap, kMapSnapshots);
    tree(kVolumeMap + 1, Object::kObjectMap, 0, true, {mapping(1028, kRoot)});
    tree(kMapSnapshots, Object::kSnapshotMap, 0, true, {{{4}, std::vector<std::byte>(16)}});
    object(kRoot, 1028, Object::kTree, kVirtual);
    extents();
    snapshots();
    jumpstart();
    seal();
  }

  void object(std::uint64_t block, std::uint64_t oid, std::uint16_t type, std::uint16_t flags,
              std::uint32_t subtype = 0, std::uint64_t xid = kXid) {
    put64(at(block, 8), oid);
    put64(at(block, 16), xid);
    put16(at(block, 24), type);
    put16(at(block, 26), flags);
    put32(at(block, 28), subtype);
  }

  void superblock(std::uint64_t block, std::uint64_t xid) {
    object(block, 1, Object::kSuperblock, kEphemeral, 0, xid);
    put_text(at(block, 0x20), "NXSB");
    put32(at(block, 0x24), kBlock);
    put64(at(block, 0x28), kBlocks);
    put64(at(block, 0x40), 2);
    put_text(at(block, 0x48), "0123456789abcdef");
    put32(at(block, 0x68), 4);
    put32(at(block, 0x6C), 6);
    put64(at(block, 0x70), kDescriptors);
    put64(at(block, 0x78), kData);
    put32(at(block, 0x88), 0);
    put32(at(block, 0x8C), 2);
    put64(at(block, 0x98), 1024);
    put64(at(block, 0xA0), kMap);
    put32(at(block, 0xB4), 1);
    put64(at(block, 0xB8), kVolumeOid);
    put64(at(block, 0x4F8), kJumpstart);
    put64(at(block, 0x510), kKeyLocker);
    put64(at(block, 0x518), 1);
  }

  void checkpoint_map() {
    object(kDescriptors, kDescriptors, Object::kCheckpointMap, kPhysical);
    put32(at(kDescriptors, 32), 1);
    put32(at(kDescriptors, 36), 2);
    for (std::uint64_t i = 0; i < 2; ++i) {
      const std::uint64_t entry = at(kDescriptors, 40 + 40 * i);
      put32(entry + 8, kBlock);
      put64(entry + 24, 1024 + i);
      put64(entry + 32, kData + i);
    }
  }

  void space_manager(bool cab) {
    constexpr std::uint64_t kFree = kBlocks - kEnd;
    object(kManager, 1024, Object::kSpaceManager, kEphemeral);
    put32(at(kManager, 0x20), kBlock);
    put32(at(kManager, 0x24), 8 * kBlock);
    put32(at(kManager, 0x28), 126);
    put32(at(kManager, 0x2C), 507);
    put64(at(kManager, 0x30), kBlocks);
    put64(at(kManager, 0x38), 1);
    put32(at(kManager, 0x40), 1);
    put32(at(kManager, 0x44), cab ? 1 : 0);
    put64(at(kManager, 0x48), kFree);
    put32(at(kManager, 0x50), 2568);
    put64(at(kManager, 0x98), 6);
    put32(at(kManager, 0xA4), 2);
    put64(at(kManager, 0xA8), kPoolBitmaps);
    put64(at(kManager, 0xB0), kPool);
    put64(at(kManager, 0xF0), 1);
    put64(at(kManager, 0xF8), 1025);
    put64(at(kManager, 2568), cab ? kCab : kPool);

    object(kPool, kPool, Object::kChunkInfo, kPhysical);
    put32(at(kPool, 36), 1);
    put64(at(kPool, 40), kXid);
    put32(at(kPool, 56), kBlocks);
    put32(at(kPool, 60), kFree);
    put64(at(kPool, 64), kBitmap);
    if (cab) {
      object(kCab, kCab, Object::kCibAddresses, kPhysical);
      put32(at(kCab, 36), 1);
      put64(at(kCab, 40), kPool);
    }
    put64(at(kBitmap), (std::uint64_t{1} << kEnd) - 1);
  }

  void queue() { tree(kQueue, Object::kFreeQueue, 0, true, {{{4, kQueued}, {}}}, 1025); }

  void object_map(std::uint64_t block, std::uint64_t snapshots) {
    object(block, block, Object::kObjectMap, kPhysical);
    put32(at(block, 0x20), 1);
    put32(at(block, 0x28), kPhysicalTree);
    put32(at(block, 0x2C), snapshots != 0 ? kPhysicalTree : 0);
    put64(at(block, 0x30), block + 1);
    put64(at(block, 0x38), snapshots);
  }

  static Record mapping(std::uint64_t oid, std::uint64_t block) {
    std::vector<std::byte> value(16);
    store_le<std::uint32_t>(value.data() + 4, kBlock);
    store_le(value.data() + 8, block);
    return {{oid, kXid}, value};
  }

  void volume() {
    object(kVolume, kVolumeOid, Object::kVolume, kVirtual);
    put_text(at(kVolume, 0x20), "APSB");
    put64(at(kVolume, 0x38), 1);
    put64(at(kVolume, 0x58), kVolumeAllocated);
    put32(at(kVolume, 0x78), kPhysicalTree);
    put32(at(kVolume, 0x7C), kPhysicalTree);
    put64(at(kVolume, 0x80), kVolumeMap);
    put64(at(kVolume, 0x90), kExtents);
    put64(at(kVolume, 0x98), kSnapshots);
    put64(at(kVolume, 0xD8), 1);
    put_text(at(kVolume, 0x2C0), "tiny");
  }

  static Record extent(std::uint64_t block, std::uint64_t count) {
    std::vector<std::byte> value(20);
    store_le(value.data(), count | std::uint64_t{1} << 60);
    store_le<std::uint32_t>(value.data() + 16, 1);
    return {{block | std::uint64_t{2} << 60}, value};
  }

  void extents() {
    const auto child = [](std::uint64_t block, std::uint64_t node) {
      std::vector<std::byte> value(8);
      store_le(value.data(), node);
      return Record{{block | std::uint64_t{2} << 60}, value};
    };
    tree(kExtents, Object::kExtentTree, 1, false,
         {child(kFile, kExtentLeaves), child(kFile + 3, kExtentLeaves + 1)}, kExtents, 2, 3);
    node(kExtentLeaves, kExtentLeaves, Object::kExtentTree, 0, false, {extent(kFile, 3)}, false);
    node(kExtentLeaves + 1, kExtentLeaves + 1, Object::kExtentTree, 0, false,
         {extent(kFile + 3, 2)}, false);
  }

  void snapshots() {
    std::vector<std::byte> value(50);
    store_le<std::uint64_t>(value.data(), kSnapshotExtents);
    store_le<std::uint64_t>(value.data() + 8, kSnapshot);
    store_le<std::uint32_t>(value.data() + 40, kPhysicalTree);
    std::vector<std::byte> xid(8);
    tree(kSnapshots, Object::kSnapshotTree, 0, false,
         {{{4 | std::uint64_t{1} << 60}, value},
          {{~std::uint64_t{0} >> 4 | std::uint64_t{11} << 60}, xid}});
    object(kSnapshot, kSnapshot, Object::kVolume, kPhysical);
    tree(kSnapshotExtents, Object::kExtentTree, 0, false, {extent(kSnapshotFile, 2)});
  }

  void jumpstart() {
    object(kJumpstart, kJumpstart, Object::kJumpstart, kPhysical);
    put_text(at(kJumpstart, 0x20), "JSDR");
    put32(at(kJumpstart, 0x2C), 1);
    put64(at(kJumpstart, 0xB0), kFile);
    put64(at(kJumpstart, 0xB8), 2);
  }

  // A root node with what it tells about its tree.
  void tree(std::uint64_t block, std::uint32_t subtype, std::uint16_t level, bool fixed,
            const std::vector<Record>& records, std::uint64_t oid = 0, std::uint64_t keys = 0,
            std::uint64_t nodes = 1) {
    node(block, oid != 0 ? oid : block, subtype, level, fixed, records, true);
    const std::uint64_t info = at(block + 1) - 40;
    put32(info + 4, kBlock);
    put32(info + 8, fixed ? static_cast<std::uint32_t>(records[0].first.size() * 8) : 0);
    put32(info + 12, fixed ? static_cast<std::uint32_t>(records[0].second.size()) : 0);
    put64(info + 24, keys != 0 ? keys : records.size());
    put64(info + 32, nodes);
  }

  void node(std::uint64_t block, std::uint64_t oid, std::uint32_t subtype, std::uint16_t level,
            bool fixed, const std::vector<Record>& records, bool root) {
    enum NodeFlags : std::uint16_t { kRootNode = 1, kLeafNode = 2, kFixedNode = 4 };
    constexpr std::uint64_t kHeader = 56;
    const std::uint64_t entry = fixed ? 4 : 8;
    object(block, oid, root ? Object::kTree : Object::kTreeNode,
           oid == block ? kPhysical : kEphemeral, subtype);
    put16(at(block, 32),
          static_cast<std::uint16_t>((root ? kRootNode : 0) | (level == 0 ? kLeafNode : 0) |
                                     (fixed ? kFixedNode : 0)));
    put16(at(block, 34), level);
    put32(at(block, 36), static_cast<std::uint32_t>(records.size()));
    put16(at(block, 42), static_cast<std::uint16_t>(entry * records.size()));
    std::uint64_t key_at = 0, value_back = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const auto& [key, value] = records[i];
      const std::uint64_t toc = at(block, kHeader + entry * i);
      value_back += value.size();
      put16(toc, static_cast<std::uint16_t>(key_at));
      const auto told = static_cast<std::uint16_t>(value.empty() ? 0xFFFF : value_back);
      put16(toc + (fixed ? 2 : 4), told);
      if (!fixed) put16(toc + 2, static_cast<std::uint16_t>(key.size() * 8));
      if (!fixed) put16(toc + 6, static_cast<std::uint16_t>(value.size()));
      for (const std::uint64_t part : key) {
        put64(at(block, kHeader + entry * records.size() + key_at), part);
        key_at += 8;
      }
      const std::uint64_t end = at(block + 1) - (root ? 40 : 0);
      std::ranges::copy(value,
                        disk.content().begin() + static_cast<std::ptrdiff_t>(end - value_back));
    }
  }
};

}  // namespace drydock::test
