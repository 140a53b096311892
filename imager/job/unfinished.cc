#include "job/unfinished.h"

#include "image/reader.h"
#include "io/joined_source.h"
#include "io/split_file.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

using Source = std::unique_ptr<io::BlockSource>;

std::optional<Unfinished> whole_file(sys::Machine& machine, const std::string& image) {
  auto file = machine.open_source(image + ".part");
  if (!file) return std::nullopt;
  return Unfinished{.name = image + ".part", .content = std::move(*file), .manifest = {}};
}

// The last pieces may have their names already.
std::optional<Unfinished> in_pieces(sys::Machine& machine, const std::string& image) {
  Unfinished left{.name = io::piece_name(image, 0) + ".part", .content = {}, .manifest = {}};
  std::vector<Source> pieces;
  while (pieces.size() < io::SplitFile::kMostPieces) {
    const std::string name = io::piece_name(image, pieces.size());
    auto piece = machine.open_source(name + ".part");
    if (!piece && !pieces.empty()) piece = machine.open_source(name);
    if (!piece) break;
    pieces.push_back(std::move(*piece));
  }
  if (pieces.empty()) return std::nullopt;
  left.pieces = true;
  if (pieces.size() > 1) left.piece_bytes = pieces[0]->geometry().bytes;
  left.content = std::make_unique<io::JoinedSource>(image, std::move(pieces));
  return left;
}

}  // namespace

Result<std::optional<Unfinished>> find_unfinished(sys::Machine& machine, const std::string& image,
                                                  bool pieces) {
  auto left = pieces ? in_pieces(machine, image) : whole_file(machine, image);
  if (!left) left = pieces ? whole_file(machine, image) : in_pieces(machine, image);
  if (!left) return std::optional<Unfinished>();
  auto manifest = image::read_manifest(*left->content);
  if (manifest)
    left->manifest = std::move(*manifest);
  else if (!TRY(image::is_barely_begun(*left->content)))
    return fail(bad_input(left->name, "is no beginning of an image: " + manifest.error().what,
                          "Choose another name; --force part overwrites it"));
  return left;
}

Error unfinished_image(const std::string& name) {
  return bad_input(name, "is an image whose save did not finish",
                   "imager save --resume goes on with it, from the same disk; imager restore "
                   "--salvage takes what it holds");
}

}  // namespace drydock::job
