#include "cli/json.h"

#include <nlohmann/json.hpp>

#include "base/cases.h"

namespace drydock::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json of(const Extent& extent) {
  return {{"offset", extent.offset}, {"bytes", extent.length}};
}

Json of(const ExtentMap& map) {
  Json list = Json::array();
  for (const Extent& extent : map.extents()) list.push_back(of(extent));
  return list;
}

Json of(const Geometry& geometry) {
  return {{"bytes", geometry.bytes},
          {"logical_sector", geometry.logical_sector},
          {"physical_sector", geometry.physical_sector}};
}

Json of(const DiskId& id) {
  return {{"model", id.model}, {"serial", id.serial}, {"wwn", id.wwn}, {"bus", id.bus}};
}

Json of(const Disk& disk) {
  Json json{{"path", disk.path}};
  json.update(of(disk.id));
  json.update(of(disk.geometry));
  json.update(Json{{"removable", disk.removable},
                   {"rotational", disk.rotational},
                   {"read_only", disk.read_only},
                   {"medium_present", disk.medium_present},
                   {"controller", disk.controller},
                   {"in_use", disk.in_use}});
  return json;
}

Json of(const Partition& partition) {
  return {{"number", partition.number},       {"offset", partition.extent.offset},
          {"bytes", partition.extent.length}, {"type_id", partition.type_id},
          {"type", partition.type},           {"name", partition.name},
          {"partition_uuid", partition.uuid}, {"active", partition.active},
          {"logical", partition.logical}};
}

Json of(const VolumeInfo& info) {
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

Json table_of(const Layout& layout) {
  return {{"kind", table_name(layout.table)}, {"id", layout.id}, {"notes", layout.notes}};
}

// Only where there are any.
void add_inner(Json& json, const std::vector<InnerVolume>& volumes) {
  for (const InnerVolume& inner : volumes) {
    Json each{{"name", inner.name}, {"bytes", inner.bytes}};
    each.update(of(inner.info));
    each.update(Json{{"used_block", inner.whole_reason.empty()},
                     {"whole_reason", inner.whole_reason},
                     {"kept_bytes", inner.kept}});
    json["inner"].push_back(std::move(each));
  }
}

Json of(const Volume& volume) {
  Json json = of(volume.partition);
  json.update(of(volume.info));
  json.update(Json{{"used_block", volume.used_block()},
                   {"whole_reason", volume.whole_reason},
                   {"kept_bytes", volume.used.bytes()}});
  add_inner(json, volume.inner);
  return json;
}

Json of(const Manifest& manifest) {
  Json json{{"version", manifest.version},
            {"image_id", manifest.image_id},
            {"created", manifest.created},
            {"tool", manifest.tool},
            {"note", manifest.note},
            {"chunk_bytes", manifest.chunk_bytes},
            {"kept_bytes", manifest.kept_bytes},
            {"level", manifest.level}};
  json["disk"] = of(manifest.geometry);
  json["disk"].update(of(manifest.id));
  json["table"] = {{"kind", table_name(manifest.table)}, {"id", manifest.table_id}};
  json["volumes"] = Json::array();
  for (const VolumeRecord& record : manifest.volumes) {
    Json volume = of(record.partition);
    volume.update(of(record.info));
    volume.update(Json{{"used_block", record.whole_reason.empty()},
                       {"whole_reason", record.whole_reason},
                       {"kept_bytes", record.kept_bytes}});
    add_inner(volume, record.inner);
    json["volumes"].push_back(std::move(volume));
  }
  return json;
}

Json report_json(const job::Report& report) {
  return {{"event", "done"},
          {"source_bytes", report.source_bytes},
          {"kept_bytes", report.kept_bytes},
          {"image_bytes", report.image_bytes},
          {"elapsed_ms", report.elapsed.count()},
          {"verified", report.verified},
          {"digest", report.digest},
          {"unreadable", of(report.unreadable)},
          {"lost", of(report.lost)},
          {"lines", report.lines}};
}

}  // namespace

std::string json_of(const job::Listing& listing) {
  Json list = Json::array();
  for (const job::ListedDisk& listed : listing.disks) {
    Json json = of(listed.disk);
    if (listed.condition.celsius) json["celsius"] = *listed.condition.celsius;
    json["limits"] = listed.condition.limits;
    json["table"] = table_of(listed.layout);
    json["volumes"] = Json::array();
    for (std::size_t i = 0; i < listed.layout.partitions.size(); ++i) {
      Json volume = of(listed.layout.partitions[i]);
      if (i < listed.volumes.size()) volume.update(of(listed.volumes[i]));
      json["volumes"].push_back(std::move(volume));
    }
    json["problem"] = listed.problem;
    list.push_back(std::move(json));
  }
  return text_of(Json{{"disks", std::move(list)}, {"advice", listing.advice}}, 2);
}

std::string json_of(const job::Inspection& inspection) {
  Json json{{"path", inspection.path}};
  json.update(of(inspection.geometry));
  json["disk"] = inspection.disk ? of(*inspection.disk) : Json();
  json["table"] = table_of(inspection.map.layout);
  json["volumes"] = Json::array();
  for (const Volume& volume : inspection.map.volumes) json["volumes"].push_back(of(volume));
  json["kept_bytes"] = inspection.map.used.bytes();
  json["image_bytes"] = inspection.image_bytes;
  json["manifest"] = inspection.manifest ? of(*inspection.manifest) : Json();
  return text_of(json, 2);
}

std::string json_of(const job::Event& event) {
  const Json json = std::visit(
      Cases{[](const job::Began& e) -> Json {
              return {{"event", "began"}, {"phase", e.phase}, {"total", e.total}};
            },
            [](const job::Progress& e) -> Json {
              return {{"event", "progress"},
                      {"done", e.done},
                      {"total", e.total},
                      {"position", e.position},
                      {"stored", e.stored},
                      {"bytes_per_second", static_cast<std::uint64_t>(e.rate)},
                      {"remaining_seconds", e.remaining.count()}};
            },
            [](const job::Notice& e) -> Json { return {{"event", "notice"}, {"text", e.text}}; },
            [](const job::Unreadable& e) -> Json {
              return {{"event", "unreadable"},
                      {"offset", e.extent.offset},
                      {"bytes", e.extent.length},
                      {"volume", e.volume}};
            },
            [](const job::Rescued& e) -> Json {
              return {{"event", "rescued"},   {"step", e.step},
                      {"cells", e.cells},     {"position", e.position},
                      {"rescued", e.rescued}, {"untried", e.untried},
                      {"failed", e.failed},   {"bad", e.bad},
                      {"reads", e.reads},     {"reads_failed", e.reads_failed}};
            },
            [](const job::Ended& e) -> Json { return {{"event", "ended"}, {"phase", e.phase}}; }},
      event);
  return text_of(json, -1);
}

std::string json_of(const job::Report& report) {
  return text_of(report_json(report), -1);
}

std::string json_of(const job::VerifyReport& report) {
  Json json = report_json(report.report);
  json["damage"] = Json::array();
  for (const job::Damage& damage : report.damage)
    json["damage"].push_back(Json{{"image", of(damage.image)},
                                  {"disk", of(damage.disk)},
                                  {"volume", damage.volume},
                                  {"what", damage.what}});
  return text_of(json, -1);
}

}  // namespace drydock::cli
