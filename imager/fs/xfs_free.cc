#include "fs/xfs_free.h"

#include <algorithm>
#include <format>
#include <optional>

namespace drydock::fs {
namespace {

// A set of runs of blocks regardless of order, in a few words: equal sets give equal sums, others
// hardly ever.
struct RunSet {
  std::uint64_t runs = 0;
  std::uint64_t blocks = 0;
  std::uint64_t mixed = 0;

  void add(std::uint64_t start, std::uint64_t count) {
    ++runs;
    blocks += count;
    std::uint64_t x = (start << 32 | count) + 0x9E3779B97F4A7C15;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
    x = (x ^ x >> 27) * 0x94D049BB133111EB;
    mixed += x ^ x >> 31;
  }
  bool operator==(const RunSet&) const = default;
};

// How far the blocks of a group have been accounted for by their owners, of whom there may be
// several for a block.
class Owners {
 public:
  Owners(XfsTree tree, std::uint32_t group, std::uint64_t blocks)
      : tree_(std::move(tree)), group_(group), blocks_(blocks) {}

  // Everything up to `block` has an owner, and what follows for `count` blocks has none.
  Result<void> expect_gap(std::uint64_t block, std::uint64_t count) {
    TRY(fetch());
    while (!at_end_ && start_ < block) {
      if (start_ > covered_) return fail(lost(covered_, start_));
      covered_ = std::max(covered_, end_);
      held_ = false;
      TRY(fetch());
    }
    if (covered_ < block) return fail(lost(covered_, block));
    const bool more = !at_end_ && start_ < block + count;
    if (covered_ > block || more)
      return fail(
          doubt(std::format("blocks {} to {} of allocation group {} are called free but "
                            "have an owner",
                            block, block + count - 1, group_)));
    covered_ = block + count;
    return {};
  }

  std::uint64_t tree_blocks() const { return tree_.blocks(); }

 private:
  Result<void> fetch() {
    if (held_ || at_end_) return {};
    const Bytes record = TRY(tree_.next());
    at_end_ = record.empty();
    held_ = true;
    if (at_end_) return {};
    constexpr std::uint64_t kUnwritten = std::uint64_t{1} << 61;
    const ByteReader f(record);
    const Order order{f.be32(0), f.be64(8), f.be64(16) & ~kUnwritten};
    if (any_ && !(last_ < order)) return fail(disorder());
    any_ = true;
    last_ = order;
    start_ = order.block;
    end_ = start_ + f.be32(4);
    if (end_ == start_ || end_ > blocks_) return fail(disorder());
    return {};
  }

  Error disorder() const {
    return doubt(
        std::format("the reverse-mapping tree of allocation group {} is damaged (order)", group_));
  }
  Error lost(std::uint64_t from, std::uint64_t to) const {
    return doubt(
        std::format("blocks {} to {} of allocation group {} are neither free nor have an owner",
                    from, to - 1, group_));
  }

  struct Order {
    std::uint64_t block = 0;
    std::uint64_t owner = 0;
    std::uint64_t offset = 0;
    auto operator<=>(const Order&) const = default;
  };

  XfsTree tree_;
  std::uint32_t group_;
  std::uint64_t blocks_;
  std::uint64_t covered_ = 0;
  Order last_;
  std::uint64_t start_ = 0;
  std::uint64_t end_ = 0;
  bool held_ = false;
  bool at_end_ = false;
  bool any_ = false;
};

// One run over the trees of a group.
class GroupSurvey {
 public:
  GroupSurvey(const XfsSuper& super, const XfsWindows& windows, const XfsGroup& group,
              UsedMap& used, UsedMap& metadata)
      : super_(super),
        group_(group),
        blocks_(super.blocks_in(group.number)),
        used_(used),
        metadata_(metadata),
        windows_(windows) {}

  Result<void> run();

 private:
  XfsTree tree(const XfsTreeKind& kind, const XfsRoot& root, Window& window);
  Result<RunSet> map_by_place();
  Result<RunSet> read_by_size();
  Result<std::uint64_t> count_tree(const XfsTreeKind& kind, const XfsRoot& root);
  Result<void> compare(std::string_view what, std::uint64_t told, std::uint64_t found) const;
  std::unexpected<Error> disorder(const XfsTreeKind& kind) const {
    return fail(doubt(
        std::format("the {} of allocation group {} is damaged (order)", kind.name, group_.number)));
  }
  void keep(UsedMap& map, std::uint64_t block, std::uint64_t count) const {
    map.keep(super_.offset_of(group_.number, block), count << super_.block_shift);
  }

  const XfsSuper& super_;
  const XfsGroup& group_;
  std::uint64_t blocks_;
  UsedMap& used_;
  UsedMap& metadata_;
  XfsWindows windows_;
  std::uint64_t longest_ = 0;
  std::uint64_t tree_blocks_ = 0;
};

Result<void> GroupSurvey::run() {
  metadata_.keep(super_.offset_of(group_.number, 0), std::uint64_t{4} * super_.sector_bytes);
  for (const std::uint32_t block : group_.list) keep(metadata_, block, 1);

  const RunSet by_place = TRY(map_by_place());
  const RunSet by_size = TRY(read_by_size());
  if (by_place != by_size)
    return fail(doubt(
        std::format("the free-space trees of allocation group {} disagree: {} blocks "
                    "in {} runs by place, {} in {} by size",
                    group_.number, by_place.blocks, by_place.runs, by_size.blocks, by_size.runs)));
  TRY(compare("free blocks", group_.free_blocks, by_place.blocks));
  TRY(compare("blocks as its longest free run", group_.longest, longest_));
  if (super_.has_lazy_counters())
    TRY(compare("blocks of its trees", group_.tree_blocks, tree_blocks_));
  if (group_.free_inodes.levels != 0) TRY(count_tree(kXfsFreeInodes, group_.free_inodes));
  if (group_.shared.levels != 0) {
    const std::uint64_t blocks = TRY(count_tree(kXfsShared, group_.shared));
    TRY(compare("blocks of its reference-count tree", group_.shared_blocks, blocks));
  }
  return {};
}

XfsTree GroupSurvey::tree(const XfsTreeKind& kind, const XfsRoot& root, Window& window) {
  return XfsTree(super_, window, kind, {{root.block}, root.levels, group_.number},
                 [this](std::uint64_t offset) -> Result<void> {
                   metadata_.keep(offset, super_.block_bytes);
                   return {};
                 });
}

Result<RunSet> GroupSurvey::map_by_place() {
  XfsTree free = tree(kXfsFreeByPlace, group_.free_by_place, windows_.others);
  std::optional<Owners> owners;
  if (group_.owners.levels != 0)
    owners.emplace(tree(kXfsOwners, group_.owners, windows_.owners), group_.number, blocks_);
  RunSet set;
  std::uint64_t end = 0;
  while (true) {
    const Bytes record = TRY(free.next());
    if (record.empty()) break;
    const std::uint64_t start = ByteReader(record).be32(0);
    const std::uint64_t count = ByteReader(record).be32(4);
    // Runs that touch would be one.
    const bool behind = start > end || (set.runs == 0 && start > 0);
    if (!behind || count == 0 || start + count > blocks_) return disorder(kXfsFreeByPlace);
    if (owners) TRY(owners->expect_gap(start, count));
    keep(used_, end, start - end);
    end = start + count;
    set.add(start, count);
    longest_ = std::max(longest_, count);
  }
  keep(used_, end, blocks_ - end);
  if (owners) {
    TRY(owners->expect_gap(blocks_, 0));
    tree_blocks_ += owners->tree_blocks() - 1;
  }
  tree_blocks_ += free.blocks() - 1;
  return set;
}

Result<RunSet> GroupSurvey::read_by_size() {
  XfsTree free = tree(kXfsFreeBySize, group_.free_by_size, windows_.others);
  RunSet set;
  std::uint64_t last = 0;
  while (true) {
    const Bytes record = TRY(free.next());
    if (record.empty()) break;
    const std::uint64_t start = ByteReader(record).be32(0);
    const std::uint64_t count = ByteReader(record).be32(4);
    const std::uint64_t order = count << 32 | start;
    if (order <= last || count == 0) return disorder(kXfsFreeBySize);
    last = order;
    set.add(start, count);
  }
  tree_blocks_ += free.blocks() - 1;
  return set;
}

// A tree of which only the blocks matter here: both kinds have their records in order by the first
// number, for which every block of the tree counts once.
Result<std::uint64_t> GroupSurvey::count_tree(const XfsTreeKind& kind, const XfsRoot& root) {
  XfsTree records = tree(kind, root, windows_.others);
  std::uint64_t behind = 0;
  while (true) {
    const Bytes record = TRY(records.next());
    if (record.empty()) return records.blocks();
    const std::uint64_t start = ByteReader(record).be32(0);
    if (start < behind) return disorder(kind);
    behind = start + 1;
  }
}

Result<void> GroupSurvey::compare(std::string_view what, std::uint64_t told,
                                  std::uint64_t found) const {
  if (told == found) return {};
  return fail(doubt(std::format("allocation group {} counts {} {} but there are {}", group_.number,
                                told, what, found)));
}

}  // namespace

Result<void> map_xfs_group(const XfsSuper& super, const XfsWindows& windows, const XfsGroup& group,
                           UsedMap& used, UsedMap& metadata) {
  return GroupSurvey(super, windows, group, used, metadata).run();
}

}  // namespace drydock::fs
