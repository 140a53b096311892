#include "fs/hfs.h"

#include "fuzz/fs_fuzz.h"

namespace drydock::test {
namespace {

// How much of a volume is looked at: inputs are small, but their folders may lead in circles.
constexpr std::size_t kMostNodes = 300;
constexpr std::size_t kMostRead = 64 << 10;

void demand_reason(const Error& error) {
  demand(!error.what.empty() && error.code != Code::bug);
}

void demand_pieces(const io::BlockSource& volume, fs::Files& files, const fs::FileNode& node) {
  std::uint64_t behind = 0;
  Extent packed;
  const auto told = files.pieces(node, [&](const fs::FilePiece& piece) {
    demand(piece.in_file.length > 0 && piece.on_volume.length > 0);
    demand(piece.in_file.offset <= node.bytes);
    demand(piece.in_file.length <= node.bytes - piece.in_file.offset);
    demand(piece.on_volume.offset <= volume.geometry().bytes);
    demand(piece.on_volume.length <= volume.geometry().bytes - piece.on_volume.offset);
    // What is packed may be stored in several places.
    demand(piece.in_file.offset >= behind || (piece.packed && piece.in_file == packed));
    demand(piece.packed || piece.in_file.length == piece.on_volume.length);
    behind = piece.in_file.end();
    packed = piece.packed ? piece.in_file : Extent{};
  });
  if (!told) demand_reason(told.error());
}

void read_parts(fs::Files& files, const fs::FileNode& node) {
  std::vector<std::byte> part(std::min<std::uint64_t>(node.bytes, kMostRead));
  for (const std::uint64_t at : {std::uint64_t{0}, node.bytes - part.size()})
    if (const auto read = files.read(node, at, part); !read) demand_reason(read.error());
}

void read_all_files(const io::BlockSource& volume, fs::Files& files, const fs::FileNode& root) {
  std::vector<fs::FileNode> nodes{root};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const fs::FileNode node = nodes[i];
    demand_pieces(volume, files, node);
    read_parts(files, node);
    std::vector<std::uint64_t> entries;
    const auto listed = files.list(node, [&](std::string_view name, std::uint64_t id) {
      demand(!name.empty() && !name.contains('/') && !name.contains('\0'));
      entries.push_back(id);
      return nodes.size() + entries.size() < kMostNodes;
    });
    if (!listed) demand_reason(listed.error());
    for (const std::uint64_t id : entries) {
      const auto entry = files.node(id);
      if (entry)
        nodes.push_back(*entry);
      else
        demand_reason(entry.error());
    }
  }
}

}  // namespace
}  // namespace drydock::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace drydock;
  const test::FuzzVolume volume(data, size);
  const auto info = fs::probe_hfs(volume);
  if (!info || !*info) return 0;
  test::check_map(volume, fs::used_hfs(volume));
  const auto visited = fs::files_hfs(
      volume, [&](fs::Files& files, const fs::FileNode& root, std::string_view) -> Result<bool> {
        test::read_all_files(volume, files, root);
        return true;
      });
  if (!visited) test::demand_reason(visited.error());
  return 0;
}
