#pragma once

#include <functional>
#include <string>

#include "fs/apfs_container.h"

namespace drydock::fs {

// What other objects call a tree that needs no object map: its storage and its type.
inline constexpr std::uint32_t kApfsPhysicalTree = 0x40000002;

// A B-tree whose nodes can be found without an object map (Apple File System Reference, "B-Trees").
class ApfsTree {
 public:
  enum class Storage { physical, ephemeral };
  // Of a leaf. The value is empty where the tree allows that.
  using Visit = std::function<Result<void>(const ByteReader& key, const ByteReader& value)>;

  // `subtype` is what the tree holds; `name` as in "the object map". `container` must outlive it.
  ApfsTree(const ApfsContainer& container, Storage storage, ApfsObject::Type subtype,
           std::string name)
      : container_(container), storage_(storage), subtype_(subtype), name_(std::move(name)) {}

  // Calls `seen` with the block of every node (of physical trees) and `visit` for every record, in
  // order. Fails when the tree contradicts itself, also when it has more or fewer nodes or records
  // than its root counts. Returns the number of nodes.
  Result<std::uint64_t> each_record(std::uint64_t root,
                                    const std::function<Result<void>(std::uint64_t block)>& seen,
                                    const Visit& visit);

 private:
  struct Node {
    std::vector<std::byte> bytes;
    std::uint16_t level = 0;
    std::uint32_t keys = 0;
    bool fixed = false;
    std::size_t table = 0;       // where the table of contents begins
    std::size_t first_key = 0;   // keys count upwards from here,
    std::size_t values_end = 0;  // values downwards from here
    std::uint32_t next = 0;      // key to go on with
  };

  Result<Node> load(std::uint64_t oid, bool root);
  Result<void> read_info(const Node& root);
  Result<std::pair<Bytes, Bytes>> record(const Node& node, std::uint32_t index) const;
  Result<void> check_order(Bytes key);
  Error damaged(std::string_view what) const;

  const ApfsContainer& container_;
  Storage storage_;
  ApfsObject::Type subtype_;
  std::string name_;

  std::uint32_t key_bytes_ = 0;
  std::uint32_t value_bytes_ = 0;
  std::uint64_t keys_told_ = 0;
  std::uint64_t nodes_told_ = 0;
  std::uint64_t keys_ = 0;
  std::uint64_t nodes_ = 0;
  std::pair<std::uint64_t, std::uint64_t> last_{};
};

}  // namespace drydock::fs
