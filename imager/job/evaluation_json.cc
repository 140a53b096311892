#include <nlohmann/json.hpp>

#include "base/text.h"
#include "job/evaluation_report.h"

namespace drydock::job {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json of(const evaluate::Latencies& times) {
  return {{"reads", times.count()},
          {"p50_us", times.percentile(0.5).count()},
          {"p99_us", times.percentile(0.99).count()},
          {"p999_us", times.percentile(0.999).count()},
          {"slowest_us", times.slowest().count()}};
}

Json of(const LinkSpeed& link) {
  return {{"kind", link.kind}, {"now", link.now}, {"drive", link.drive}, {"port", link.port}};
}

Json of(const evaluate::Attribute& attribute) {
  return {{"id", attribute.id},
          {"name", attribute.name},
          {"value", attribute.value},
          {"worst", attribute.worst},
          {"threshold", attribute.threshold},
          {"raw", attribute.raw},
          {"prefailure", attribute.prefailure},
          {"failed", attribute.failed}};
}

Json of(const evaluate::Health& health) {
  Json json{{"protocol", health.protocol},
            {"passed", or_null(health.passed)},
            {"power_on_hours", or_null(health.hours)},
            {"temperature", or_null(health.temperature)},
            {"wear_percent", or_null(health.wear)},
            {"counters", Json::array()},
            {"attributes", Json::array()}};
  for (const evaluate::Counter& counter : health.counters)
    json["counters"].push_back(Json{{"key", counter.key},
                                    {"name", counter.name},
                                    {"value", counter.value},
                                    {"more_is_worse", counter.more_is_worse}});
  for (const evaluate::Attribute& attribute : health.attributes)
    json["attributes"].push_back(of(attribute));
  return json;
}

std::string_view word(Area::Use use) {
  switch (use) {
    case Area::Use::unknown:
      return "unknown";
    case Area::Use::free:
      return "free";
    case Area::Use::partly:
      return "partly";
    case Area::Use::used:
      return "used";
  }
  return {};
}

std::string_view word(evaluate::Cut cut) {
  switch (cut) {
    case evaluate::Cut::no:
      return "";
    case evaluate::Cut::drive_gone:
      return "drive-gone";
    case evaluate::Cut::too_many_bad:
      return "too-many-bad";
    case evaluate::Cut::stopped:
      return "stopped";
  }
  return {};
}

std::int64_t microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

Json of(const evaluate::Band& band) {
  return {{"offset", band.extent.offset},       {"bytes", band.extent.length},
          {"bytes_read", band.bytes_read},      {"bytes_bad", band.bytes_bad},
          {"time_us", microseconds(band.time)}, {"slowest_us", microseconds(band.slowest)}};
}

Json surface_of(const Evaluation& all) {
  if (!all.surface) return {};
  const evaluate::Surface& surface = *all.surface;
  Json json{{"full", surface.full},
            {"bytes_read", surface.bytes_read},
            {"bad_bytes", surface.bad.bytes()},
            {"slow_bytes", surface.slow.bytes()},
            {"cut", word(surface.cut)},
            {"cut_at", surface.cut_at},
            {"elapsed_ms", surface.elapsed.count()},
            {"latency", of(surface.latencies)},
            {"areas", Json::array()},
            {"areas_left_out", all.areas_left_out},
            {"files", Json::array()},
            {"files_left_out", all.files_left_out},
            {"bands", Json::array()}};
  for (const Area& area : all.areas)
    json["areas"].push_back(Json{{"offset", area.extent.offset},
                                 {"bytes", area.extent.length},
                                 {"kind", area.bad ? "bad" : "slow"},
                                 {"volume", area.volume},
                                 {"use", word(area.use)}});
  for (const HitFile& hit : all.files)
    json["files"].push_back(Json{{"volume", hit.volume},
                                 {"path", printable(hit.file.path)},
                                 {"folder", hit.file.folder},
                                 {"bytes", hit.file.bytes},
                                 {"missing_bytes", hit.file.missing.bytes()},
                                 {"unknown", hit.file.unknown}});
  for (const evaluate::Band& band : surface.bands) json["bands"].push_back(of(band));
  return json;
}

Json speed_of(const Evaluation& all) {
  if (!all.speed) return {};
  Json json{{"sequential", Json::array()},
            {"random", Json::array()},
            {"seeks", Json::array()},
            {"failed_reads", all.speed->failed}};
  for (const evaluate::SpeedPoint& point : all.speed->sequential)
    json["sequential"].push_back(
        Json{{"offset", point.offset},
             {"bytes_per_second", static_cast<std::uint64_t>(point.bytes_per_second)}});
  for (const evaluate::RandomReads& random : all.speed->random)
    json["random"].push_back(
        Json{{"depth", random.depth},
             {"reads_per_second", static_cast<std::uint64_t>(random.per_second)},
             {"latency", of(random.latencies)}});
  for (const evaluate::SeekPoint& seek : all.speed->seeks)
    json["seeks"].push_back(
        Json{{"distance", seek.distance}, {"typical_us", seek.typical.count()}});
  return json;
}

Json findings_of(const Evaluation& all) {
  Json list = Json::array();
  for (const evaluate::Finding& finding : all.findings)
    list.push_back(Json{
        {"weight", verdict_word(finding.weight)}, {"key", finding.key}, {"text", finding.text}});
  return list;
}

}  // namespace

std::string evaluation_json(const Evaluation& all) {
  Json json{{"report", "evaluation"},
            {"version", 1},
            {"tool", all.tool},
            {"time", all.time},
            {"verdict", verdict_word(all.verdict)},
            {"advice", verdict_advice(all.verdict)},
            {"findings", findings_of(all)},
            {"skipped", all.skipped},
            {"path", all.path},
            {"model", all.id.model},
            {"serial", all.id.serial},
            {"wwn", all.id.wwn},
            {"bus", all.id.bus},
            {"firmware", all.facts.firmware},
            {"bytes", all.geometry.bytes},
            {"logical_sector", all.geometry.logical_sector},
            {"physical_sector", all.geometry.physical_sector},
            {"rotational", all.rotational},
            {"link", of(all.link)},
            {"trim", all.health.trim.value_or(all.facts.trim)},
            {"write_cache", or_null(all.health.write_cache)},
            {"security", all.health.security},
            {"volumes", all.volumes},
            {"health", of(all.health)},
            {"surface", surface_of(all)},
            {"speed", speed_of(all)},
            {"since",
             all.since ? Json{{"time", all.since->time}, {"changes", all.since->changes}} : Json()},
            {"elapsed_ms", all.elapsed.count()}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace drydock::job
