#include "support/ufs_worker.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "support/files.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

// The volume in memory; offsets are those of FreeBSD's sys/ufs/ffs/fs.h and sys/ufs/ufs/dinode.h.
class Image {
 public:
  explicit Image(const stdfs::path& path) : bytes_(read_file(path)) {
    for (const std::uint64_t at : {std::uint64_t{8192}, std::uint64_t{65536}}) {
      super_ = at;
      for (big_ = false;; big_ = true) {
        const std::uint64_t magic = get(at + 1372, 4);
        if (magic == 0x00011954 || magic == 0x19540119) {
          ufs2_ = magic == 0x19540119;
          return;
        }
        if (big_) break;
      }
    }
    throw std::runtime_error(path.string() + " is no UFS");
  }

  std::uint64_t get(std::uint64_t at, unsigned width) const {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < width; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes_.at(at + (big_ ? i : width - 1 - i)));
    return value;
  }
  void put(std::uint64_t at, unsigned width, std::uint64_t value) {
    for (unsigned i = 0; i < width; ++i, value >>= 8)
      bytes_.at(at + (big_ ? width - 1 - i : i)) = static_cast<char>(value);
  }
  void add(std::uint64_t at, unsigned width, std::int64_t more) {
    put(at, width, get(at, width) + static_cast<std::uint64_t>(more));
  }
  std::uint64_t field(std::uint64_t at) const { return get(super_ + at, 4); }

  bool bit(std::uint64_t at, std::uint64_t index) const {
    return (static_cast<unsigned char>(bytes_.at(at + index / 8)) >> (index % 8) & 1) != 0;
  }
  void flip(std::uint64_t at, std::uint64_t index) {
    bytes_.at(at + index / 8) = static_cast<char>(bytes_[at + index / 8] ^ (1 << (index % 8)));
  }

  std::uint64_t fragment() const { return field(52); }
  std::uint64_t block() const { return field(48); }
  std::uint64_t groups() const { return field(44); }
  std::uint64_t inode_bytes() const { return ufs2_ ? 256 : 128; }
  std::uint64_t start(std::uint64_t group) const {
    const std::uint64_t shift = ufs2_ ? 0 : field(24) * (group & ~field(28) & 0xFFFFFFFF);
    return (group * field(188) + shift) * fragment();
  }
  std::uint64_t header(std::uint64_t group) const { return start(group) + field(12) * fragment(); }
  std::uint64_t counts(std::uint64_t group) const {
    return (ufs2_ ? get(super_ + 1096, 8) : field(152)) * fragment() + group * 16;
  }
  std::uint64_t inode(std::uint64_t number) const {
    return start(number / field(184)) + field(16) * fragment() +
           number % field(184) * inode_bytes();
  }
  std::uint64_t length(std::uint64_t inode) const { return get(inode + (ufs2_ ? 16 : 8), 8); }
  std::uint64_t direct(std::uint64_t inode, std::uint64_t i) const {
    return ufs2_ ? get(inode + 112 + i * 8, 8) : get(inode + 40 + i * 4, 4);
  }

  // A change of what is free, wherever it is counted: 1 blocks, 2 inodes, 3 fragments.
  void count(std::uint64_t group, std::uint64_t what, std::int64_t more) {
    add(header(group) + 24 + what * 4, 4, more);
    add(counts(group) + what * 4, 4, more);
    if (ufs2_)
      add(super_ + 1008 + what * 8, 8, more);
    else
      add(super_ + 192 + what * 4, 4, more);
  }

  std::string bytes_;
  std::uint64_t super_ = 0;
  bool big_ = false;
  bool ufs2_ = false;
};

void free_fragment(Image& image, std::uint64_t fragment) {
  const std::uint64_t group = fragment / image.field(188);
  const std::uint64_t map = image.header(group) + image.get(image.header(group) + 96, 4);
  const std::uint64_t per_block = image.field(56);
  const std::uint64_t index = fragment % image.field(188);
  const std::uint64_t first = index - index % per_block;
  if (image.bit(map, index)) throw std::runtime_error("a fragment is freed twice");
  image.flip(map, index);
  std::uint64_t free = 0;
  for (std::uint64_t i = 0; i < per_block; ++i) free += image.bit(map, first + i) ? 1 : 0;
  if (free < per_block) return image.count(group, 3, 1);
  image.count(group, 3, 1 - static_cast<std::int64_t>(per_block));
  image.count(group, 1, 1);
}

void free_inode(Image& image, std::uint64_t number) {
  const std::uint64_t at = image.inode(number);
  const std::uint64_t length = image.length(at);
  for (std::uint64_t i = 0; i * image.block() < length; ++i) {
    const std::uint64_t here = std::min(image.block(), length - i * image.block());
    const std::uint64_t fragments = (here + image.fragment() - 1) / image.fragment();
    for (std::uint64_t j = 0; j < fragments; ++j) free_fragment(image, image.direct(at, i) + j);
  }
  image.put(at, 2, 0);
  const std::uint64_t group = number / image.field(184);
  const std::uint64_t header = image.header(group);
  image.flip(header + image.get(header + 92, 4), number % image.field(184));
  image.count(group, 2, 1);
}

// Takes the entries of a folder whose names begin so out of it; returns their inodes.
std::set<std::uint64_t> unlink(Image& image, std::uint64_t folder, std::string_view prefix) {
  std::set<std::uint64_t> found;
  for (std::uint64_t at = 0; at < image.length(folder);) {
    const std::uint64_t entry =
        image.direct(folder, at / image.block()) * image.fragment() + at % image.block();
    const std::uint64_t number = image.get(entry, 4);
    const std::string name = image.bytes_.substr(entry + 8, image.get(entry + 7, 1));
    if (number != 0 && name.starts_with(prefix)) {
      const std::uint64_t inode = image.inode(number);
      const bool file = (image.get(inode, 2) & 0170000) == 0100000;
      if (file && image.length(inode) <= 12 * image.block()) {
        found.insert(number);
        image.put(entry, 4, 0);
      }
    }
    at += image.get(entry + 4, 2);
  }
  return found;
}

}  // namespace

unsigned UfsWorker::delete_files(std::string_view prefix) {
  Image image(volume_);
  std::set<std::uint64_t> found;
  for (std::uint64_t number = 2; number < image.groups() * image.field(184); ++number) {
    const std::uint64_t header = image.header(number / image.field(184));
    if (!image.bit(header + image.get(header + 92, 4), number % image.field(184))) continue;
    if ((image.get(image.inode(number), 2) & 0170000) == 0040000)
      found.merge(unlink(image, image.inode(number), prefix));
  }
  for (const std::uint64_t number : found) free_inode(image, number);
  write_file(volume_, image.bytes_);
  return static_cast<unsigned>(found.size());
}

void UfsWorker::move_superblock() {
  Image image(volume_);
  constexpr std::uint64_t kThere = 65536;
  const std::uint64_t written = image.inode(image.get(image.header(0) + 120, 4));
  const bool over_copy = image.field(8) * image.fragment() == kThere;
  const bool over_inodes = written <= kThere && image.inode(0) < kThere &&
                           image.field(20) * image.fragment() >= kThere + 8192;
  if (!over_copy && !over_inodes) throw std::runtime_error("there is no room for a superblock");
  image.put(image.super_ + 1000, 8, kThere);
  std::copy_n(image.bytes_.begin() + static_cast<std::ptrdiff_t>(image.super_), 8192,
              image.bytes_.begin() + static_cast<std::ptrdiff_t>(kThere));
  std::fill_n(image.bytes_.begin() + static_cast<std::ptrdiff_t>(image.super_), 8192, '\0');
  write_file(volume_, image.bytes_);
}

void UfsWorker::add_check_hashes() {
  Image image(volume_);
  const auto hash = [&](std::uint64_t start, std::uint64_t length, std::uint64_t at) {
    image.put(at, 4, 0);
    image.put(at, 4, crc32c_raw(0xFFFFFFFF, as_bytes(image.bytes_).subspan(start, length)));
  };
  for (std::uint64_t group = 0; group < image.groups(); ++group)
    hash(image.header(group), image.field(160), image.header(group) + 136);
  image.put(image.super_ + 1308, 4, 3);
  image.put(image.super_ + 1312, 4, image.field(1312) | 0x200);
  hash(image.super_, image.field(104), image.super_ + 1304);
  write_file(volume_, image.bytes_);
}

ExtentMap UfsWorker::metadata() {
  const Image image(volume_);
  ExtentMap map;
  map.add({image.super_, 1376});
  map.add({image.counts(0), image.groups() * 16});
  for (std::uint64_t group = 0; group < image.groups(); ++group) {
    map.add({image.header(group), image.field(160)});
    map.add({image.inode(group * image.field(184)), image.field(184) * image.inode_bytes()});
  }
  return map;
}

}  // namespace drydock::test
