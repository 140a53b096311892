// The files of HFS+ and HFSX volumes that Linux has filled, read without mounting.
#include <boost/test/unit_test.hpp>
#include <format>

#include "base/hash.h"
#include "fs/hfs.h"
#include "io/file_source.h"
#include "support/file_tree.h"
#include "support/files.h"
#include "support/guest_kernel.h"
#include "support/hfs_maker.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

struct Case {
  std::string name;
  std::uint64_t size;
  HfsRecipe recipe;
  std::string options = "-";  // for Linux
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"HFS+", 60 * kMiB, {}},
      {"HFS+, 512", 20 * kMiB + 512, {.block = 512, .extents_nodes = 256}},
      {"HFSX", 60 * kMiB + 2048, {.extended = true, .node = 8192}},
      {"wrapped HFS+, 2K", 70 * kMiB + 1024, {.block = 2048, .wrapped = true}},
      {"journaled", 80 * kMiB, {.journal = 8 * kMiB}, "force"},
  };
  return all;
}

// What stands behind `key` in a line of a tree, up to the next one.
std::string value_of(const std::string& line, const std::string& key) {
  const std::size_t at = line.find(" " + key + "=");
  if (at == std::string::npos) return "";
  const std::size_t start = at + key.size() + 2;
  const std::size_t end =
      key == "target" ? std::min(line.find(" links="), line.size()) : line.find(' ', start);
  return line.substr(start, end == std::string::npos ? end : end - start);
}

std::string xxh3(std::string_view bytes) {
  Xxh3Stream stream;
  stream.add(as_bytes(bytes));
  return stream.digest().hex();
}

// What a tree tells of a file, as far as this reader has it.
std::string in_short(const std::string& line) {
  const unsigned mode =
      static_cast<unsigned>(std::stoul(line.substr(line.find('=') + 1), nullptr, 8));
  switch (mode & 0170000) {
    case 0040000:
      return "folder";
    case 0120000:
      return "link to " + value_of(line, "target");
    case 0100000:
      return std::format("file of {}, {}", value_of(line, "size"), value_of(line, "xxh3"));
    default:
      return "other";
  }
}

// Reads a volume's files in two ways: by the reader, and from the volume where its pieces are said
// to lie.
class Look {
 public:
  Look(const stdfs::path& volume, fs::Files& files) : volume_(volume), files_(files) {}

  void run(const fs::FileNode& folder, const std::string& prefix) {
    std::vector<std::pair<std::string, std::uint64_t>> entries;
    const auto listed = files_.list(folder, [&](std::string_view name, std::uint64_t id) {
      entries.emplace_back(prefix + std::string(name), id);
      return true;
    });
    BOOST_TEST(listed.has_value());
    for (const auto& [path, id] : entries) {
      const fs::FileNode node = files_.node(id).value();
      BOOST_TEST(!tree.contains(path));
      tree[path] = describe(node, path);
      ids[path] = node.id;
      if (node.kind == fs::FileNode::Kind::folder) run(node, path + "/");
    }
  }

  FileTree tree;
  std::map<std::string, std::uint64_t> ids;
  std::map<std::string, std::size_t> pieces;

 private:
  std::string describe(const fs::FileNode& node, const std::string& path) {
    if (node.kind == fs::FileNode::Kind::folder) return "folder";
    if (node.kind == fs::FileNode::Kind::other) return "other";
    const auto read = fs::read_file(files_, node, 100 * kMiB);
    if (!read) return read.error().sentence();
    const std::string bytes(text_of(*read));
    BOOST_TEST((from_pieces(node, path) == bytes), path);
    if (node.kind == fs::FileNode::Kind::link) return "link to " + bytes;
    return std::format("file of {}, {}", node.bytes, xxh3(bytes));
  }

  std::string from_pieces(const fs::FileNode& node, const std::string& path) {
    std::string bytes;
    const auto told = files_.pieces(node, [&](const fs::FilePiece& piece) {
      BOOST_TEST(piece.in_file.offset == bytes.size());
      BOOST_TEST(!piece.packed);
      bytes += read_range(volume_, piece.on_volume.offset, piece.on_volume.length);
      ++pieces[path];
    });
    BOOST_TEST(told.has_value());
    return bytes;
  }

  stdfs::path volume_;
  fs::Files& files_;
};

void compare(const stdfs::path& path, const FileTree& wanted) {
  const auto volume = io::open_file_source(path).value();
  const auto visited = fs::files_hfs(
      *volume, [&](fs::Files& files, const fs::FileNode& root, std::string_view) -> Result<bool> {
        Look look(path, files);
        look.run(root, "");
        FileTree all;
        for (const auto& [name, line] : wanted) {
          if (name.empty()) continue;
          all[name] = in_short(line);
          if (const std::string same = value_of(line, "same-as"); !same.empty())
            BOOST_TEST(look.ids.at(name) == look.ids.at(same));
        }
        BOOST_TEST(difference(look.tree, all) == "same");
        // Grown in turns: the extents of each are in the overflow file, too.
        BOOST_TEST(look.pieces["grown 0"] > 8u);
        BOOST_TEST(look.ids.at("second name") == look.ids.at("kept"));
        return true;
      });
  BOOST_TEST(visited.has_value());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_fs_hfs_files)

BOOST_AUTO_TEST_CASE(reads_every_file_as_linux_does) {
  if (const auto why = GuestKernel::missing()) return skip(*why);
  const TempDir dir;
  std::vector<stdfs::path> volumes;
  std::vector<FileTree> trees;
  for (std::size_t i = 0; i < cases().size(); ++i) {
    volumes.push_back(dir / std::format("volume{}", i));
    make_hfs(volumes[i], cases()[i].size, cases()[i].recipe);
  }
  {
    GuestKernel guest("fs_hfs_files", volumes);
    for (std::size_t i = 0; i < volumes.size(); ++i) {
      guest.fill(i, "hfsplus", cases()[i].options, static_cast<unsigned>(i + 1), 12 * kMiB);
      trees.push_back(guest.tree(i, "hfsplus"));
    }
  }
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    BOOST_TEST_CONTEXT(cases()[i].name) {
      BOOST_TEST(trees[i].size() > 50);
      compare(volumes[i], trees[i]);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
