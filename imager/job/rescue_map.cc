#include "job/rescue_map.h"

#include <format>
#include <vector>

#include "job/describe.h"
#include "job/version.h"
#include "rescue/mapfile_store.h"

namespace drydock::job {
namespace {

using rescue::Mapfile;

constexpr std::string_view kSource = "Source: ";
constexpr std::string_view kTarget = "Target: ";

// Empty for what has no identity but a path, which means nothing tomorrow.
std::string source_of(const RescueOf& rescue) {
  const DiskId& id = rescue.source;
  return id.model.empty() && id.serial.empty() ? std::string()
                                               : describe_drive({}, id, rescue.bytes);
}

// A file may be moved with its map; what is called rescued must never be on another drive.
std::string target_of(const RescueOf& rescue) {
  if (rescue.target.is_file) return "a file";
  return describe_drive("a drive", rescue.target.id, rescue.target.bytes);
}

std::string noted(const Mapfile& mapfile, std::string_view key) {
  for (const std::string& note : mapfile.notes)
    if (note.starts_with(key)) return note.substr(key.size());
  return {};
}

Result<void> check_same(const std::string& path, const Mapfile& mapfile, std::string_view key,
                        const std::string& now) {
  const std::string then = noted(mapfile, key);
  if (then.empty() || then == now) return {};
  return fail(
      bad_input(path,
                std::format("is the map of a rescue {} {}, not {} {}", key == kSource ? "of" : "to",
                            then, key == kSource ? "of" : "to", now.empty() ? "this one" : now),
                "Give another map with --map, or the drive that it belongs to"));
}

std::vector<std::string> notes_of(const RescueOf& rescue) {
  std::vector<std::string> notes = {"Mapfile. Created by " + std::string(kToolVersion),
                                    "Command line: " + rescue.command};
  const std::string source = source_of(rescue);
  if (!source.empty()) notes.push_back(std::string(kSource) + source);
  notes.push_back(std::string(kTarget) + target_of(rescue));
  return notes;
}

}  // namespace

Result<RescueMap> load_rescue_map(const std::string& path, const RescueOf& rescue) {
  auto loaded = TRY(rescue::load_mapfile(path));
  Mapfile mapfile = loaded ? std::move(*loaded) : Mapfile{};
  TRY(check_same(path, mapfile, kSource, source_of(rescue)));
  TRY(check_same(path, mapfile, kTarget, target_of(rescue)));
  const bool names_target = !noted(mapfile, kTarget).empty();
  if (mapfile.map.bytes() > rescue.bytes)
    return fail(bad_input(path,
                          std::format("is the map of a drive of {} bytes, but the source has {}",
                                      mapfile.map.bytes(), rescue.bytes),
                          "Give another map with --map, or the drive that it belongs to"));
  mapfile.map.append(rescue.bytes - mapfile.map.bytes(), rescue::Status::non_tried);
  mapfile.notes = notes_of(rescue);
  return RescueMap{std::move(mapfile), names_target};
}

Result<ExtentMap> unread_by_map(const std::string& path, std::uint64_t bytes) {
  const auto loaded = TRY(rescue::load_mapfile(path));
  if (!loaded)
    return fail(environment_error(path, "there is no map of a rescue",
                                  "Give the map that was written with the copy"));
  if (loaded->map.bytes() > bytes)
    return fail(bad_input(path,
                          std::format("is the map of a drive of {} bytes, but the copy has {}",
                                      loaded->map.bytes(), bytes),
                          "Give the map that was written with the copy"));
  return loaded->map.extents_of(rescue::Status::finished).complement(bytes);
}

}  // namespace drydock::job
