#include "image/manifest_json.h"

#include <format>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "base/units.h"

namespace drydock::image {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kLargestChunk = 64 * kMiB;

Json json_of(const Partition& partition) {
  return {{"number", partition.number},       {"offset", partition.extent.offset},
          {"bytes", partition.extent.length}, {"type_id", partition.type_id},
          {"type", partition.type},           {"name", partition.name},
          {"partition_uuid", partition.uuid}, {"active", partition.active},
          {"logical", partition.logical}};
}

Json json_of(const VolumeInfo& info) {
  return {{"filesystem", info.filesystem},
          {"label", info.label},
          {"uuid", info.uuid},
          {"state", state_name(info.state)},
          {"cluster_bytes", info.cluster},
          {"total_bytes", info.total},
          {"used_bytes", info.used},
          {"free_bytes", info.free},
          {"system", info.system}};
}

Json kept_json(const std::string& whole_reason, std::uint64_t kept) {
  return {{"mode", whole_reason.empty() ? "used-block" : "whole"},
          {"whole_reason", whole_reason},
          {"kept_bytes", kept}};
}

Json json_of(const InnerVolume& volume) {
  Json json{{"name", volume.name}, {"bytes", volume.bytes}};
  json.update(json_of(volume.info));
  json.update(kept_json(volume.whole_reason, volume.kept));
  return json;
}

Json json_of(const VolumeRecord& volume) {
  Json json = json_of(volume.partition);
  json.update(json_of(volume.info));
  json.update(kept_json(volume.whole_reason, volume.kept_bytes));
  for (const InnerVolume& inner : volume.inner) json["inner"].push_back(json_of(inner));
  return json;
}

// Values of a JSON object by key; the wrong type counts as missing.
std::string text(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

template <class T = std::uint64_t>
T number(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_integer() ? found->get<T>() : T{0};
}

bool flag(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_boolean() && found->get<bool>();
}

Json part(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_object() ? *found : Json::object();
}

TableKind table_of(std::string_view name) {
  for (const TableKind kind : {TableKind::mbr, TableKind::gpt, TableKind::apm})
    if (table_name(kind) == name) return kind;
  return TableKind::none;
}

VolumeState state_of(std::string_view name) {
  for (const VolumeState state :
       {VolumeState::clean, VolumeState::dirty, VolumeState::needs_check, VolumeState::hibernated})
    if (state_name(state) == name) return state;
  return VolumeState::unknown;
}

VolumeInfo info_of(const Json& json) {
  return {.filesystem = text(json, "filesystem"),
          .label = text(json, "label"),
          .uuid = text(json, "uuid"),
          .cluster = number<std::uint32_t>(json, "cluster_bytes"),
          .total = number(json, "total_bytes"),
          .used = number(json, "used_bytes"),
          .free = number(json, "free_bytes"),
          .state = state_of(text(json, "state")),
          .system = text(json, "system")};
}

InnerVolume inner_of(const Json& json) {
  return {.name = text(json, "name"),
          .bytes = number(json, "bytes"),
          .info = info_of(json),
          .whole_reason = text(json, "whole_reason"),
          .kept = number(json, "kept_bytes")};
}

VolumeRecord volume_of(const Json& json) {
  VolumeRecord volume;
  volume.partition = {.number = number<unsigned>(json, "number"),
                      .extent = {number(json, "offset"), number(json, "bytes")},
                      .type_id = text(json, "type_id"),
                      .type = text(json, "type"),
                      .name = text(json, "name"),
                      .uuid = text(json, "partition_uuid"),
                      .active = flag(json, "active"),
                      .logical = flag(json, "logical")};
  volume.info = info_of(json);
  volume.whole_reason = text(json, "whole_reason");
  volume.kept_bytes = number(json, "kept_bytes");
  const auto inner = json.find("inner");
  if (inner != json.end() && inner->is_array())
    for (const Json& each : *inner)
      if (each.is_object()) volume.inner.push_back(inner_of(each));
  return volume;
}

Result<void> check(const Manifest& manifest) {
  if (manifest.version != 1)
    return fail(bad_input("", std::format("the image has format version {}", manifest.version),
                          "A newer Drydock can read it; zstd -dc unpacks it as well"));
  const Geometry& g = manifest.geometry;
  const bool sectors = g.logical_sector >= 512 && g.logical_sector <= 65536;
  if (g.bytes == 0 || !sectors || manifest.chunk_bytes < 4096 ||
      manifest.chunk_bytes > kLargestChunk)
    return fail(bad_input("", "the manifest of the image gives impossible sizes"));
  for (const VolumeRecord& volume : manifest.volumes)
    if (volume.partition.extent.offset > g.bytes ||
        volume.partition.extent.length > g.bytes - volume.partition.extent.offset)
      return fail(bad_input("", "the manifest of the image has a volume beyond the disk's end"));
  return {};
}

}  // namespace

std::string manifest_json(const Manifest& manifest) {
  Json volumes = Json::array();
  for (const VolumeRecord& volume : manifest.volumes) volumes.push_back(json_of(volume));
  const Json json{{"format", "drydock-image"},
                  {"version", manifest.version},
                  {"image_id", manifest.image_id},
                  {"created", manifest.created},
                  {"tool", manifest.tool},
                  {"note", manifest.note},
                  {"disk",
                   {{"bytes", manifest.geometry.bytes},
                    {"logical_sector", manifest.geometry.logical_sector},
                    {"physical_sector", manifest.geometry.physical_sector},
                    {"model", manifest.id.model},
                    {"serial", manifest.id.serial},
                    {"wwn", manifest.id.wwn},
                    {"bus", manifest.id.bus}}},
                  {"table", {{"kind", table_name(manifest.table)}, {"id", manifest.table_id}}},
                  {"volumes", std::move(volumes)},
                  {"chunk_bytes", manifest.chunk_bytes},
                  {"kept_bytes", manifest.kept_bytes},
                  {"level", manifest.level}};
  // Names on a disk need not be UTF-8; the manifest always is.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Manifest> parse_manifest(Bytes bytes) {
  const char* start = reinterpret_cast<const char*>(bytes.data());
  const Json json = Json::parse(start, start + bytes.size(), nullptr, false);
  if (!json.is_object() || text(json, "format") != "drydock-image")
    return fail(bad_input("", "the manifest of the image is not readable"));
  const Json disk = part(json, "disk");
  const Json table = part(json, "table");
  Manifest manifest{
      .version = number<unsigned>(json, "version"),
      .image_id = text(json, "image_id"),
      .created = text(json, "created"),
      .tool = text(json, "tool"),
      .note = text(json, "note"),
      .geometry = {number(disk, "bytes"), number<std::uint32_t>(disk, "logical_sector"),
                   number<std::uint32_t>(disk, "physical_sector")},
      .id = {text(disk, "model"), text(disk, "serial"), text(disk, "wwn"), text(disk, "bus")},
      .table = table_of(text(table, "kind")),
      .table_id = text(table, "id"),
      .volumes = {},
      .chunk_bytes = number(json, "chunk_bytes"),
      .kept_bytes = number(json, "kept_bytes"),
      .level = number<int>(json, "level")};
  const auto volumes = json.find("volumes");
  if (volumes != json.end() && volumes->is_array())
    for (const Json& volume : *volumes)
      if (volume.is_object()) manifest.volumes.push_back(volume_of(volume));
  TRY(check(manifest));
  return manifest;
}

std::string image_id_of(const Manifest& manifest) {
  Manifest anonymous = manifest;
  anonymous.image_id.clear();
  return xxh3_128(as_bytes(manifest_json(anonymous))).hex();
}

}  // namespace drydock::image
