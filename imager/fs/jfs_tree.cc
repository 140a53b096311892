#include "fs/jfs_tree.h"

#include <array>
#include <format>

#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kMostLevels = 8;
constexpr std::size_t kEntry = 16;  // of a file's tree
constexpr std::size_t kFirstEntry = 2;
constexpr std::size_t kSlot = 32;  // of a folder's tree

enum PageFlag : std::uint8_t { kRoot = 1, kLeaf = 2, kInternal = 4 };

class Walk {
 public:
  Walk(const io::BlockSource& volume, const JfsTree& tree, const JfsTree::Visitor& visitor)
      : volume_(volume), tree_(tree), visitor_(visitor) {}

  Result<void> run();

 private:
  struct Page {
    std::vector<std::byte> held;
    Bytes bytes;
    std::size_t count = 0;    // of entries
    std::size_t next = 0;     // entry to go on with
    std::uint64_t right = 0;  // neighbour
    bool leaf = false;
  };
  // What the level below the open pages has had.
  struct Level {
    std::uint64_t last = 0;   // page
    std::uint64_t right = 0;  // its neighbour
  };

  std::unexpected<Error> damaged(std::string_view what) const {
    return fail(doubt(std::format("{} is damaged ({})", tree_.owner, what)));
  }
  Result<void> open(Page page, bool root);
  Result<void> descend();
  Result<JfsBlocks> child(const Page& page, std::size_t index) const;
  Result<void> take_runs(const Page& page);

  const io::BlockSource& volume_;
  const JfsTree& tree_;
  const JfsTree::Visitor& visitor_;
  std::vector<Page> open_;
  std::array<Level, kMostLevels> levels_{};
  std::uint64_t behind_ = 0;  // the last run
  std::size_t leaf_depth_ = 0;
};

Result<void> Walk::run() {
  Page root;
  root.bytes = tree_.root;
  TRY(open(std::move(root), true));
  while (!open_.empty()) {
    Page& page = open_.back();
    if (page.leaf || page.next == page.count)
      open_.pop_back();
    else
      TRY(descend());
  }
  for (const Level& level : levels_)
    if (level.right != 0) return damaged("a page has a neighbour that nobody knows");
  return {};
}

Result<void> Walk::open(Page page, bool root) {
  const ByteReader f(page.bytes);
  const std::uint8_t type = f.u8(16) & 7;
  page.leaf = (type & kLeaf) != 0;
  if (type != ((root ? kRoot : 0) | (page.leaf ? kLeaf : kInternal)))
    return damaged("the kind of a tree's page");
  const bool runs = tree_.kind == JfsTree::runs;
  page.count = runs ? f.le16(18) : f.u8(17);
  const std::size_t most = runs ? page.bytes.size() / kEntry : root ? 8 : 128;
  if (page.count > most || (runs && page.count < kFirstEntry))
    return damaged("the number of entries of a tree's page");
  page.next = runs ? kFirstEntry : 0;
  if (page.leaf) {
    if (leaf_depth_ == 0) leaf_depth_ = open_.size() + 1;
    if (leaf_depth_ != open_.size() + 1) return damaged("a tree with leaves of unequal depth");
    if (runs) TRY(take_runs(page));
  }
  open_.push_back(std::move(page));
  return {};
}

Result<void> Walk::descend() {
  Page& parent = open_.back();
  if (open_.size() == kMostLevels) return damaged("a tree with too many levels");
  const JfsBlocks place = TRY(child(parent, parent.next++));
  if (place.count != 1) return damaged("the size of a tree's page");
  TRY(visitor_.page(place));
  Page page;
  page.held = TRY(naming(io::read_bytes(volume_, place.first * JfsSuper::kBlock, JfsSuper::kBlock),
                         std::format("a page of {}", tree_.owner)));
  page.bytes = page.held;
  const ByteReader f(page.bytes);
  if (jfs_blocks(f, 24) != place) return damaged("a tree's page that belongs elsewhere");
  Level& level = levels_[open_.size() - 1];
  const bool follows = level.last == 0 || level.right == place.first;
  if (f.le64(8) != level.last || !follows) return damaged("the neighbours of a tree's page");
  level = {place.first, f.le64(0)};
  return open(std::move(page), false);
}

Result<JfsBlocks> Walk::child(const Page& page, std::size_t index) const {
  const ByteReader f(page.bytes);
  if (tree_.kind == JfsTree::runs) return jfs_blocks(f, index * kEntry + 8);
  const bool root = open_.size() == 1;
  const std::size_t table = root ? 24 : f.u8(21) * kSlot;
  const std::size_t slot = f.u8(table + index);
  const std::size_t at = slot * kSlot;
  if (slot == 0 || at + kSlot > page.bytes.size()) return damaged("an entry of a tree's page");
  return jfs_blocks(f, at);
}

Result<void> Walk::take_runs(const Page& page) {
  const ByteReader f(page.bytes);
  for (std::size_t i = kFirstEntry; i < page.count; ++i) {
    const std::size_t at = i * kEntry;
    // New, extended, not recorded: all of them are in use. Others are compressed or shared.
    constexpr std::uint8_t kKnown = 0x01 | 0x02 | 0x08;
    if ((f.u8(at) & ~kKnown) != 0)
      return fail(doubt(std::format("{} has a run of an unknown kind", tree_.owner)));
    const JfsRun run{std::uint64_t{f.u8(at + 3)} << 32 | f.le32(at + 4), jfs_blocks(f, at + 8)};
    if (run.block < behind_ || run.place.count == 0) return damaged("the order of its runs");
    behind_ = run.block + run.place.count;
    TRY(visitor_.run(run));
  }
  return {};
}

}  // namespace

Result<void> JfsTree::walk(const io::BlockSource& volume, const Visitor& visitor) const {
  return Walk(volume, *this, visitor).run();
}

}  // namespace drydock::fs
