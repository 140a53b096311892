#include "job/image_file.h"

#include "io/joined_source.h"
#include "io/split_file.h"
#include "job/unfinished.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

constexpr std::string_view kFirstPiece = ".000";
constexpr std::string_view kPart = ".part";

using Source = std::unique_ptr<io::BlockSource>;

// The pieces that follow NAME.000 up to the first that is missing. That one too many is missing
// shows by the image's end.
Result<Source> join_pieces(sys::Machine& machine, const std::string& name, Source first) {
  std::vector<Source> pieces;
  pieces.push_back(std::move(first));
  while (pieces.size() < io::SplitFile::kMostPieces) {
    auto piece = machine.open_source(io::piece_name(name, pieces.size()));
    if (!piece) break;
    pieces.push_back(std::move(*piece));
  }
  return Source(std::make_unique<io::JoinedSource>(name, std::move(pieces)));
}

}  // namespace

Result<Source> open_image_file(sys::Machine& machine, const std::string& path) {
  auto file = machine.open_source(path);
  if (file && !path.ends_with(kFirstPiece)) return file;
  if (file)
    return join_pieces(machine, path.substr(0, path.size() - kFirstPiece.size()), std::move(*file));
  auto first = machine.open_source(io::piece_name(path, 0));
  if (first) return join_pieces(machine, path, std::move(*first));
  // What the person means may be there, but unfinished.
  for (const std::string& part :
       {path + std::string(kPart), io::piece_name(path, 0) + std::string(kPart)})
    if (machine.open_source(part)) return fail(unfinished_image(part));
  return file;
}

Result<OpenImage> open_image(sys::Machine& machine, const std::string& path) {
  auto file = TRY(open_image_file(machine, path));
  if (path.ends_with(kPart)) return fail(unfinished_image(path));
  auto reader = image::ImageReader::open(*file);
  if (reader) return OpenImage{std::move(file), std::move(*reader)};
  if (image::read_manifest(*file)) {
    std::string& hint = reader.error().hint;
    hint += (hint.empty() ? "" : "; ") + std::string("imager restore --salvage takes what is left");
  }
  return fail(std::move(reader.error()));
}

Result<OpenImage> open_what_is_left(sys::Machine& machine, const std::string& path) {
  std::string name = path;
  const bool part = name.ends_with(kPart);
  if (part) name.resize(name.size() - kPart.size());
  const bool pieces = name.ends_with(kFirstPiece);
  if (pieces) name.resize(name.size() - kFirstPiece.size());
  Source file;
  if (part || !machine.open_source(path)) {
    auto left = TRY(find_unfinished(machine, name, pieces));
    if (left) file = std::move(left->content);
  }
  if (!file) file = TRY(open_image_file(machine, path));
  auto reader = TRY(image::ImageReader::salvage(*file));
  return OpenImage{std::move(file), std::move(reader)};
}

}  // namespace drydock::job
