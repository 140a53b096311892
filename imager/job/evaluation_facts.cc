#include <format>

#include "base/units.h"
#include "job/compare.h"
#include "job/describe.h"
#include "job/evaluation_report.h"

namespace drydock::job {
namespace {

void add(std::vector<Fact>& facts, std::string name, std::string value) {
  if (!value.empty()) facts.push_back({std::move(name), std::move(value)});
}

std::string in_words(std::optional<bool> yes) {
  return !yes ? std::string() : *yes ? "on" : "off";
}

std::string connection(const LinkSpeed& link) {
  if (link.now.empty()) return link.kind;
  std::string words = link.kind + " at " + link.now;
  std::string ends;
  if (!link.drive.empty()) ends = "the drive can do " + link.drive;
  if (!link.port.empty()) ends += (ends.empty() ? "the port can do " : ", the port ") + link.port;
  return ends.empty() ? words : words + " (" + ends + ")";
}

std::string run_time(std::uint64_t hours) {
  constexpr double kHoursOfYear = 8766;
  return std::format("{} hours ({:.1f} years)", hours, static_cast<double>(hours) / kHoursOfYear);
}

std::string latencies(const evaluate::Latencies& times) {
  return std::format("half within {}, 99 % within {}, the slowest {}",
                     milliseconds(times.percentile(0.5)), milliseconds(times.percentile(0.99)),
                     milliseconds(times.slowest()));
}

std::string why_cut(const evaluate::Surface& surface) {
  switch (surface.cut) {
    case evaluate::Cut::no:
    case evaluate::Cut::stopped:
      return {};
    case evaluate::Cut::drive_gone:
      return std::format("at byte {}: the drive went away", surface.cut_at);
    case evaluate::Cut::too_many_bad:
      return std::format("at byte {}: too many bad places, reading on would only wear the drive",
                         surface.cut_at);
  }
  return {};
}

}  // namespace

std::string milliseconds(std::chrono::nanoseconds time) {
  const double ms = std::chrono::duration<double, std::milli>(time).count();
  return std::format("{:.{}f} ms", ms, ms < 1 ? 3 : ms < 100 ? 1 : 0);
}

std::string rate_of(double bytes_per_second) {
  return vendor_bytes(static_cast<std::uint64_t>(bytes_per_second)) + "/s";
}

std::string weight_word(evaluate::Verdict weight) {
  if (weight == evaluate::Verdict::good) return "note";
  return weight == evaluate::Verdict::save_now ? "save now" : std::string(verdict_word(weight));
}

std::string area_line(const Area& area) {
  std::string line = std::format("bytes {} to {} {}, in {}", area.extent.offset, area.extent.end(),
                                 area.bad ? "cannot be read" : "are slow", area.volume);
  if (area.use == Area::Use::used) line += ", where data is";
  if (area.use == Area::Use::partly) line += ", where some data is";
  if (area.use == Area::Use::free) line += ", where no data is";
  return line;
}

std::vector<Fact> drive_facts_of(const Evaluation& all) {
  std::vector<Fact> facts;
  add(facts, "Model", all.id.model);
  add(facts, "Serial", all.id.serial);
  add(facts, "Firmware", all.facts.firmware);
  add(facts, "Size",
      std::format("{} ({} bytes)", vendor_bytes(all.geometry.bytes), all.geometry.bytes));
  add(facts, "Sectors",
      std::format("{} bytes, {} physically", all.geometry.logical_sector,
                  all.geometry.physical_sector));
  add(facts, "Connected", all.link.kind.empty() ? all.id.bus : connection(all.link));
  add(facts, "TRIM", all.health.trim.value_or(all.facts.trim) ? "yes" : "no");
  add(facts, "Write cache",
      all.health.write_cache ? in_words(all.health.write_cache) : all.facts.write_cache);
  add(facts, "Security", all.health.security);
  for (const std::string& volume : all.volumes) add(facts, "Content", volume);
  return facts;
}

std::vector<Fact> health_facts_of(const Evaluation& all) {
  std::vector<Fact> facts;
  const evaluate::Health& health = all.health;
  if (health.passed) add(facts, "Its own summary", *health.passed ? "passed" : "FAILED");
  if (health.temperature) add(facts, "Temperature", std::format("{} °C", *health.temperature));
  if (health.hours) add(facts, "Powered on", run_time(*health.hours));
  for (const evaluate::Counter& counter : health.counters)
    if (counter.key != "power_on_hours") add(facts, counter.name, std::to_string(counter.value));
  return facts;
}

std::vector<Fact> surface_facts_of(const Evaluation& all) {
  std::vector<Fact> facts;
  if (!all.surface) return facts;
  const evaluate::Surface& surface = *all.surface;
  add(facts, "Read",
      std::format(
          "{} of {}, {}, in {}", human_bytes(surface.bytes_read), human_bytes(all.geometry.bytes),
          surface.full ? "from front to end" : "an even sample",
          human_duration(std::chrono::duration_cast<std::chrono::seconds>(surface.elapsed))));
  add(facts, "Ended early", why_cut(surface));
  add(facts, "Cannot be read",
      surface.bad.empty() ? "nothing of it"
                          : std::format("{} in {}", human_bytes(surface.bad.bytes()),
                                        counted(surface.bad.extents().size(), "area")));
  add(facts, "Slow",
      surface.slow.empty() ? "nothing of it"
                           : std::format("{} in {}", human_bytes(surface.slow.bytes()),
                                         counted(surface.slow.extents().size(), "area")));
  if (surface.latencies.count() > 0) add(facts, "A MiB took", latencies(surface.latencies));
  return facts;
}

std::vector<Fact> speed_facts_of(const Evaluation& all) {
  std::vector<Fact> facts;
  if (!all.speed) return facts;
  const evaluate::Speed& speed = *all.speed;
  if (!speed.sequential.empty())
    add(facts, "In order",
        std::format("{} at the front, {} at the end, {} typically",
                    rate_of(speed.sequential.front().bytes_per_second),
                    rate_of(speed.sequential.back().bytes_per_second),
                    rate_of(typical_sequential(all))));
  for (const evaluate::RandomReads& random : speed.random)
    add(facts, std::format("4 KiB, {} at once", random.depth),
        std::format("{:.0f} a second; {}", random.per_second, latencies(random.latencies)));
  for (const evaluate::SeekPoint& seek : speed.seeks)
    add(facts, "Over " + vendor_bytes(seek.distance), milliseconds(seek.typical));
  if (speed.failed > 0) add(facts, "Failed reads", std::to_string(speed.failed));
  return facts;
}

}  // namespace drydock::job
