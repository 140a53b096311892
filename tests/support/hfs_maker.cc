#include "support/hfs_maker.h"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <stdexcept>

#include "base/checked.h"
#include "base/units.h"
#include "support/files.h"
#include "support/hfs_nodes.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kHeaderOffset = 1024;
constexpr std::uint32_t kDate = 3'800'000'000;  // seconds since 1904
constexpr std::uint32_t kRoot = 2;
constexpr std::uint32_t kFirstFile = HfsFile::kFirst;

using Extents = HfsFile::Extents;

void write(io::BlockSink& sink, std::uint64_t offset, Bytes bytes) {
  if (const auto done = sink.write_at(offset, bytes); !done)
    throw std::runtime_error(done.error().sentence());
}

std::uint32_t total(const Extents& extents) {
  return std::accumulate(extents.begin(), extents.end(), 0u,
                         [](std::uint32_t sum, const auto& e) { return sum + e.second; });
}

void put_extents(BigEndian& into, const Extents& extents, std::size_t from) {
  for (std::size_t i = from; i < from + 8; ++i) {
    into.u32(i < extents.size() ? extents[i].first : 0);
    into.u32(i < extents.size() ? extents[i].second : 0);
  }
}

void put_fork(BigEndian& into, const Extents& extents, std::uint64_t bytes,
              std::uint64_t clump = 0) {
  into.u64(bytes);
  into.u32(static_cast<std::uint32_t>(clump));
  into.u32(total(extents));
  put_extents(into, extents, 0);
}

// In the order of HFS Plus, or of HFSX.
std::u16string sorted_as(std::u16string name, bool extended) {
  for (char16_t& c : name) {
    if (extended) break;
    if (c >= 'A' && c <= 'Z') c = static_cast<char16_t>(c + ('a' - 'A'));
    if (c == 0) c = 0xFFFF;
  }
  return name;
}

class Maker {
 public:
  Maker(io::BlockSink& sink, const HfsRecipe& recipe) : sink_(sink), recipe_(recipe) {
    places_.bytes = sink.geometry().bytes;
    // A tree has no room behind its last node.
    recipe_.extents_nodes = static_cast<std::uint32_t>(
        round_up<std::uint64_t>(overflow_bytes(), recipe_.block) / recipe_.extents_node);
  }
  HfsPlaces make();

 private:
  void wrap();
  void place();
  std::uint32_t take(std::uint64_t bytes);
  void add_journal_files();
  void use(std::uint32_t first, std::uint32_t count);
  void write_bitmap();
  void write_journal();
  void write_overflow();
  void write_catalog();
  void write_attributes();
  void write_header();
  Extents catalog_extents() const;
  void write_tree(std::uint32_t block, const std::vector<Record>& records, TreeKind kind,
                  std::uint32_t node, std::uint32_t nodes);
  void write_at_block(std::uint32_t block, Bytes bytes) {
    write(sink_, places_.offset + std::uint64_t{block} * recipe_.block, bytes);
  }
  std::uint32_t blocks_of(std::uint64_t bytes) const {
    return static_cast<std::uint32_t>(div_ceil<std::uint64_t>(bytes, recipe_.block));
  }
  std::uint64_t allocation_bytes() const { return div_ceil<std::uint64_t>(places_.blocks, 8); }
  std::uint64_t overflow_bytes() const {
    return std::uint64_t{recipe_.extents_nodes} * recipe_.extents_node;
  }
  std::uint64_t tree_bytes() const { return std::uint64_t{recipe_.nodes} * recipe_.node; }

  io::BlockSink& sink_;
  HfsRecipe recipe_;
  HfsPlaces places_;
  std::uint32_t next_ = 0;
  std::vector<std::byte> bitmap_;
};

HfsPlaces Maker::make() {
  if (recipe_.wrapped) wrap();
  place();
  add_journal_files();
  for (const HfsFile& file : recipe_.files) {
    for (const auto& [first, count] : file.extents) use(first, count);
    for (const auto& [first, count] : file.resource) use(first, count);
  }
  for (const auto& [first, count] : recipe_.bad_blocks) use(first, count);
  write_bitmap();
  write_journal();
  write_overflow();
  write_catalog();
  write_attributes();
  write_header();
  return places_;
}

// Inside Macintosh: Files, 2-60: the master directory block and its copy. One file would be in the
// wrapper; nothing but the place of the volume inside is looked at today.
void Maker::wrap() {
  constexpr std::uint32_t kFirst = 16;  // in sectors: where allocation blocks begin
  const std::uint64_t sectors = places_.bytes / 512;
  std::uint32_t block = 4096;
  while ((sectors * 512) / block > 60'000) block *= 2;
  const std::uint64_t usable = (sectors - kFirst - 2) * 512;
  const auto blocks = static_cast<std::uint16_t>(usable / block);
  constexpr std::uint16_t kBefore = 3;  // blocks of the wrapper's own
  BigEndian master(512);
  master.text("BD");
  master.u32(kDate), master.u32(kDate);
  constexpr std::uint16_t kUnmounted = 0x100, kSpared = 0x200, kLocked = 0x8000;
  master.u16(kUnmounted | kSpared | kLocked);
  master.at(14).u16(3);
  master.at(18).u16(blocks);
  master.u32(block);
  master.at(28).u16(kFirst);
  master.u32(kFirstFile);
  master.at(36).u8(static_cast<std::uint8_t>(recipe_.label.size())), master.text(recipe_.label);
  master.at(124).text(recipe_.extended ? "HX" : "H+");
  master.u16(kBefore);
  master.u16(static_cast<std::uint16_t>(blocks - kBefore));
  write(sink_, kHeaderOffset, master.bytes());
  write(sink_, (sectors - 2) * 512, master.bytes());
  places_.offset = std::uint64_t{kFirst} * 512 + std::uint64_t{kBefore} * block;
  places_.bytes = (blocks - std::uint64_t{kBefore}) * block;
}

void Maker::place() {
  places_.blocks = static_cast<std::uint32_t>(places_.bytes / recipe_.block);
  bitmap_.resize(allocation_bytes());
  take(kHeaderOffset + 512);
  places_.allocation = take(allocation_bytes());
  if (recipe_.journal != 0) {
    places_.journal_info = take(1);
    places_.journal = take(recipe_.journal);
  }
  places_.extents = take(overflow_bytes());
  if (recipe_.attribute_file) places_.attribute_file = take(tree_bytes());
  places_.catalog = take(tree_bytes());
  places_.first_free = next_;
  // What holds the alternate header and the sector behind it: the last block even where they lie
  // behind it.
  const std::uint32_t last = recipe_.block == 512 ? 2 : 1;
  use(places_.blocks - last, last);
}

std::uint32_t Maker::take(std::uint64_t bytes) {
  const std::uint32_t first = next_;
  next_ += blocks_of(bytes);
  use(first, next_ - first);
  return first;
}

void Maker::use(std::uint32_t first, std::uint32_t count) {
  for (std::uint32_t block = first; block < first + count; ++block)
    bitmap_.at(block / 8) |= std::byte{0x80} >> (block % 8);
}

void Maker::add_journal_files() {
  if (recipe_.journal == 0) return;
  auto& files = recipe_.files;
  files.insert(files.begin(),
               {{".journal", {{places_.journal, blocks_of(recipe_.journal)}}, recipe_.journal},
                {".journal_info_block", {{places_.journal_info, 1}}, recipe_.block}});
}

void Maker::write_bitmap() {
  std::uint32_t used = 0;
  for (const std::byte byte : bitmap_)
    used += static_cast<std::uint32_t>(std::popcount(std::to_integer<unsigned>(byte)));
  places_.free_blocks = places_.blocks - used;
  write_at_block(places_.allocation, bitmap_);
}

// TN1150, "Journal": empty, written by a little-endian machine.
void Maker::write_journal() {
  if (recipe_.journal == 0) return;
  BigEndian info(52);
  info.u32(1);
  info.at(36).u64(std::uint64_t{places_.journal} * recipe_.block);
  info.u64(recipe_.journal);
  write_at_block(places_.journal_info, info.bytes());

  std::vector<std::byte> header(512);
  store_le<std::uint32_t>(header.data(), 0x4A4E4C78);
  store_le<std::uint32_t>(header.data() + 4, 0x12345678);
  store_le<std::uint64_t>(header.data() + 8, 512);
  store_le<std::uint64_t>(header.data() + 16, 512);
  store_le<std::uint64_t>(header.data() + 24, recipe_.journal);
  store_le<std::uint32_t>(header.data() + 32, 4096);
  store_le<std::uint32_t>(header.data() + 40, 512);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 44; ++i)
    sum = (sum << 8) ^ (sum + std::to_integer<std::uint32_t>(header[i]));
  store_le<std::uint32_t>(header.data() + 36, ~sum);
  write_at_block(places_.journal, header);
}

void Maker::write_overflow() {
  std::vector<Record> records;
  const auto add = [&](std::uint32_t file, std::size_t from, const Extents& extents,
                       std::uint8_t fork = 0) {
    std::uint32_t start =
        total(Extents(extents.begin(), extents.begin() + static_cast<std::ptrdiff_t>(from)));
    for (std::size_t i = from; i < extents.size(); i += 8) {
      BigEndian record(12 + 64);
      record.u16(10), record.u8(fork), record.u8(0), record.u32(file), record.u32(start);
      put_extents(record, extents, i);
      records.push_back(record.take());
      for (std::size_t j = i; j < std::min(i + 8, extents.size()); ++j) start += extents[j].second;
    }
  };
  constexpr std::uint32_t kCatalog = 4, kBadBlocks = 5;
  constexpr std::uint8_t kResource = 0xFF;
  if (recipe_.catalog_in_pieces) add(kCatalog, 8, catalog_extents());
  add(kBadBlocks, 0, recipe_.bad_blocks);
  std::uint32_t id = kFirstFile;
  for (const HfsFile& file : recipe_.files) {
    if (file.extents.size() > 8) add(id, 8, file.extents);
    if (file.resource.size() > 8) add(id, 8, file.resource, kResource);
    ++id;
  }
  write_tree(places_.extents, records, TreeKind::kExtents, recipe_.extents_node,
             recipe_.extents_nodes);
}

// They lie in a row all the same.
Extents Maker::catalog_extents() const {
  const std::uint32_t blocks = blocks_of(tree_bytes());
  if (!recipe_.catalog_in_pieces) return {{places_.catalog, blocks}};
  Extents extents;
  for (std::uint32_t block = 0; block < blocks; ++block)
    extents.emplace_back(places_.catalog + block, 1);
  return extents;
}

void Maker::write_catalog() {
  std::map<std::pair<std::uint32_t, std::u16string>, Record> records;
  const auto entries_of = [&](std::uint32_t folder) {
    return static_cast<std::uint32_t>(std::ranges::count(recipe_.files, folder, &HfsFile::parent));
  };
  const auto add = [&](const CatalogEntry& entry, const HfsFile* file) {
    const bool folder = file == nullptr || file->folder;
    Record& record = records[{entry.parent, sorted_as(entry.name, recipe_.extended)}];
    if (folder) {
      record = entry.folder(entries_of(entry.id), recipe_.extended);
    } else {
      BigEndian into = entry.file();
      const std::uint64_t all = std::uint64_t{total(file->extents)} * recipe_.block;
      put_fork(into, file->extents, file->bytes != 0 ? file->bytes : all);
      put_fork(into, file->resource, std::uint64_t{total(file->resource)} * recipe_.block);
      record = into.take();
    }
    records[{entry.id, u""}] = entry.thread(folder);
  };
  add({.name = hfs_name(recipe_.label), .id = kRoot, .parent = 1, .date = kDate, .mode = 040755},
      nullptr);
  std::uint32_t id = kFirstFile;
  for (const HfsFile& file : recipe_.files) {
    constexpr std::uint8_t kCompressed = 0x20;
    constexpr std::uint16_t kHasLinkChain = 0x20;
    add({.name = hfs_name(file.name),
         .id = id++,
         .parent = file.parent,
         .date = kDate,
         .mode = file.folder ? std::uint16_t{040755} : file.mode,
         .owner_flags = file.unpacked ? kCompressed : std::uint8_t{0},
         .flags = file.folder_link ? kHasLinkChain : std::uint16_t{0},
         .special = file.special,
         .finder = file.finder},
        &file);
  }
  std::vector<Record> sorted;
  for (auto& [key, record] : records) sorted.push_back(std::move(record));
  const TreeKind kind = recipe_.extended ? TreeKind::kCaseCatalog : TreeKind::kCatalog;
  write_tree(places_.catalog, sorted, kind, recipe_.node, recipe_.nodes);
}

// xnu, bsd/sys/decmpfs.h: what a compressed file is said to be.
void Maker::write_attributes() {
  if (!recipe_.attribute_file) return;
  constexpr std::u16string_view kName = u"com.apple.decmpfs";
  constexpr std::uint32_t kInline = 0x10, kInResourceFork = 4;
  std::vector<Record> records;
  std::uint32_t id = kFirstFile;
  for (const HfsFile& file : recipe_.files) {
    const std::uint32_t own = id++;
    if (!file.unpacked) continue;
    BigEndian record(0);
    record.u16(static_cast<std::uint16_t>(12 + 2 * kName.size())), record.u16(0);
    record.u32(own), record.u32(0), record.utf16(kName);
    record.u32(kInline), record.u64(0), record.u32(16);
    record.text("fpmc"), record.u32(std::byteswap(kInResourceFork));
    record.u64(std::byteswap(*file.unpacked));
    records.push_back(record.take());
  }
  write_tree(places_.attribute_file, records, TreeKind::kAttributes, recipe_.node, recipe_.nodes);
}

void Maker::write_tree(std::uint32_t block, const std::vector<Record>& records, TreeKind kind,
                       std::uint32_t node, std::uint32_t nodes) {
  for (const auto& [at, bytes] : tree_nodes(records, kind, node, nodes, recipe_.leaf_records))
    write(sink_, places_.offset + std::uint64_t{block} * recipe_.block + at, bytes);
}

void Maker::write_header() {
  constexpr std::uint32_t kUnmounted = 0x100, kSpared = 0x200, kJournaled = 0x2000;
  BigEndian header(512);
  header.text(recipe_.extended ? "HX" : "H+"), header.u16(recipe_.extended ? 5 : 4);
  header.u32(kUnmounted | (recipe_.bad_blocks.empty() ? 0 : kSpared) |
             (recipe_.journal != 0 ? kJournaled : 0));
  header.text(recipe_.journal != 0 ? "HFSJ" : "10.0");
  header.u32(places_.journal_info);
  header.u32(kDate), header.u32(kDate), header.u32(0), header.u32(kDate);
  const auto files = static_cast<std::uint32_t>(recipe_.files.size());
  const auto folders =
      static_cast<std::uint32_t>(std::ranges::count(recipe_.files, true, &HfsFile::folder));
  header.u32(files - folders), header.u32(folders);
  header.u32(recipe_.block), header.u32(places_.blocks), header.u32(places_.free_blocks);
  header.u32(places_.first_free), header.u32(65536), header.u32(65536);
  header.u32(kFirstFile + files), header.u32(1), header.u64(1);
  header.at(104).text("drydocks");
  const auto fork = [&](std::uint32_t first, std::uint64_t bytes) {
    const std::uint64_t whole = round_up<std::uint64_t>(bytes, recipe_.block);
    put_fork(header, bytes == 0 ? Extents{} : Extents{{first, blocks_of(bytes)}}, whole, whole);
  };
  header.at(112);
  fork(places_.allocation, allocation_bytes());
  fork(places_.extents, overflow_bytes());
  put_fork(header, catalog_extents(), round_up<std::uint64_t>(tree_bytes(), recipe_.block));
  fork(places_.attribute_file, recipe_.attribute_file ? tree_bytes() : 0);
  fork(0, 0);
  write(sink_, places_.offset + kHeaderOffset, header.bytes());
  write(sink_, places_.offset + places_.bytes / 512 * 512 - 1024, header.bytes());
}

// A file as a sink, without the consent that a person would give.
class FileSink : public io::BlockSink {
 public:
  FileSink(std::filesystem::path path, std::uint64_t size) : path_(std::move(path)) {
    make_sparse(path_, size);
    geometry_.bytes = size;
  }
  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return path_.string(); }
  Result<void> write_at(std::uint64_t offset, Bytes bytes) override {
    write_range(path_, offset, text_of(bytes));
    return {};
  }
  Result<void> zero_at(std::uint64_t, std::uint64_t) override { return {}; }
  Result<void> flush() override { return {}; }

 private:
  std::filesystem::path path_;
  Geometry geometry_;
};

}  // namespace

HfsPlaces make_hfs(io::BlockSink& sink, const HfsRecipe& recipe) {
  return Maker(sink, recipe).make();
}

HfsPlaces make_hfs(const std::filesystem::path& file, std::uint64_t size, const HfsRecipe& recipe) {
  FileSink sink(file, size);
  return make_hfs(sink, recipe);
}

}  // namespace drydock::test
