#include "support/marked_files.h"

#include <algorithm>
#include <format>
#include <stdexcept>

#include "io/file_source.h"
#include "support/files.h"
#include "support/fs_oracle.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

[[noreturn]] void differs(const std::string& path, std::string_view how) {
  throw std::runtime_error(std::format("{}: {}", path, how));
}

template <class T>
T must(Result<T> result, const std::string& path) {
  if (!result) differs(path, result.error().sentence());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

using Nodes = std::map<std::string, fs::FileNode>;

void collect(fs::Files& files, const fs::FileNode& folder, const std::string& path, Nodes& nodes) {
  std::map<std::string, std::uint64_t> entries;
  must(files.list(folder,
                  [&](std::string_view name, std::uint64_t id) {
                    if (!entries.emplace(name, id).second) differs(path, "a name twice");
                    return true;
                  }),
       path);
  for (const auto& [name, id] : entries) {
    const std::string below = path + "/" + name;
    const fs::FileNode node = must(files.node(id), below);
    nodes[below] = node;
    if (node.kind == fs::FileNode::Kind::folder) collect(files, node, below, nodes);
  }
}

// In pieces of an odd size.
std::string content_of(fs::Files& files, const fs::FileNode& node, const std::string& path) {
  std::string content(node.bytes, '?');
  for (std::size_t at = 0; at < content.size(); at += 77'777) {
    const std::size_t length = std::min<std::size_t>(77'777, content.size() - at);
    auto* const into = reinterpret_cast<std::byte*>(content.data() + at);
    must(files.read(node, at, MutableBytes(into, length)), path);
  }
  return content;
}

// How many pieces there are.
unsigned check_pieces(fs::Files& files, const fs::FileNode& node, const std::string& path,
                      const std::string& content, const stdfs::path& volume, ExtentMap& taken) {
  unsigned count = 0;
  std::uint64_t done = 0;
  must(files.pieces(node,
                    [&](const fs::FilePiece& piece) {
                      if (piece.packed || piece.in_file.length != piece.on_volume.length ||
                          piece.in_file.length == 0 || piece.in_file.offset != done ||
                          piece.in_file.end() > content.size())
                        differs(path, "a piece that cannot be");
                      if (read_range(volume, piece.on_volume.offset, piece.on_volume.length) !=
                          content.substr(done, piece.in_file.length))
                        differs(path, std::format("byte {} is not where it is said to be", done));
                      if (taken.intersects(piece.on_volume)) differs(path, "shares its place");
                      taken.add(piece.on_volume);
                      done = piece.in_file.end();
                      ++count;
                    }),
       path);
  if (content.find_first_not_of('\0', done) != std::string::npos)
    differs(path, std::format("where it lies is not told from byte {} on", done));
  return count;
}

void visit_volume(decltype(fs::Driver::files) reader, const stdfs::path& volume,
                  const std::function<void(fs::Files&, const Nodes&)>& use) {
  const auto source = must(io::open_file_source(volume), volume.string());
  must(reader(*source,
              [&](fs::Files& files, const fs::FileNode& root, std::string_view) {
                Nodes nodes;
                collect(files, root, "", nodes);
                use(files, nodes);
                return Result<bool>(true);
              }),
       volume.string());
}

}  // namespace

std::string marked_block(unsigned file, std::uint64_t block) {
  const std::string mark = std::format("file {} block {};", file, block);
  std::string filled;
  while (filled.size() < 512) filled += mark;
  return filled.substr(0, 512);
}

std::string marked_content(unsigned file, std::size_t bytes) {
  std::string content;
  content.reserve(bytes + 512);
  for (unsigned block = 0; content.size() < bytes; ++block) content += marked_block(file, block);
  content.resize(bytes);
  return content;
}

void make_marked_tree(const stdfs::path& top) {
  constexpr std::size_t kSizes[] = {0, 1, 511, 512, 513, 2048, 4096, 5000, 20'000, 65'536, 70'001};
  const std::vector<std::string> names{
      "SHORT.TXT",
      "small.txt",
      "Mixed.Txt",
      "NOEXT",
      "ÜBUNG.TXT",
      "Größe.änd",
      "日本語 ファイル",
      "a.b.c",
      "many  spaces",
      ".hidden",
      "UPPER.low",
      "low.UPPER",
      "gone",
      "gone too",
      std::string(200, 'l') + ".long",
      "ends in ~1",
      "with+[]=,;",
      "thirteen.char",
      "exactly 26 characters long",
  };
  unsigned number = 0;
  for (const char* folder :
       {"", "FOLDER", "FOLDER/deeper", "a folder of a long name/B/c/D", "Ordner ä"}) {
    stdfs::create_directories(top / folder);
    for (const std::string& name : names) {
      write_file(top / folder / name, marked_content(number, kSizes[number % std::size(kSizes)]));
      ++number;
    }
  }
  stdfs::create_directories(top / "many");
  for (unsigned i = 0; i < 150; ++i)
    write_file(top / std::format("many/of them, and this one is {}", i),
               marked_content(1000 + i, i));
}

MarkedCount compare_marked(decltype(fs::Driver::files) reader, const stdfs::path& volume,
                           const stdfs::path& tree) {
  MarkedCount found;
  visit_volume(reader, volume, [&](fs::Files& files, const Nodes& nodes) {
    std::size_t expected = 0;
    ExtentMap taken;
    for (const auto& entry : stdfs::recursive_directory_iterator(tree)) {
      const std::string path = "/" + entry.path().lexically_relative(tree).string();
      const auto node = nodes.find(path);
      if (node == nodes.end()) differs(path, "missing");
      ++expected;
      const bool folder = node->second.kind == fs::FileNode::Kind::folder;
      if (folder != entry.is_directory()) differs(path, "of another kind");
      if (folder) continue;
      const std::string content = read_file(entry.path());
      if (node->second.bytes != content.size()) differs(path, "of another size");
      if (content_of(files, node->second, path) != content) differs(path, "of other contents");
      ++found.files;
      if (check_pieces(files, node->second, path, content, volume, taken) > 1) ++found.in_pieces;
    }
    for (const auto& [path, node] : nodes)
      if (!stdfs::exists(tree / path.substr(1))) differs(path, "is not one of the files");
    if (nodes.size() != expected) differs("/", "more than the files");
  });
  return found;
}

std::map<std::string, std::uint64_t> file_numbers(decltype(fs::Driver::files) reader,
                                                  const stdfs::path& volume) {
  std::map<std::string, std::uint64_t> numbers;
  visit_volume(reader, volume, [&](fs::Files&, const Nodes& nodes) {
    for (const auto& [path, node] : nodes) numbers[path] = node.id;
  });
  return numbers;
}

}  // namespace drydock::test
