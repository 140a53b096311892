#include "evaluate/link.h"

#include <format>

namespace drydock::evaluate {
namespace {

constexpr std::uint64_t kMegabit = 1'000'000;

std::string remedy(const std::string& kind) {
  if (kind == "PCIe") return "take it out, clean its contacts and put it back";
  if (kind == "USB") return "use a USB 3 port and a cable made for it";
  return "change the cable, or use another port";
}

void judge_link(const LinkSpeed& link, std::vector<Finding>& findings) {
  if (link.now_rate == 0 || link.drive_rate == 0 || link.now_rate >= link.drive_rate) return;
  if (link.port_rate != 0 && link.now_rate >= link.port_rate) {
    findings.push_back(
        {Verdict::good, "slow_port",
         std::format("It is connected at {}, as fast as this port can; the drive could "
                     "do {}",
                     link.now, link.drive)});
    return;
  }
  const bool both = link.port_rate != 0;
  findings.push_back({both ? Verdict::watch : Verdict::good, "slow_link",
                      std::format("It is connected at {}, and {} could do {}: {}", link.now,
                                  both ? "both it and the port" : "the drive",
                                  both && link.port_rate < link.drive_rate ? link.port : link.drive,
                                  remedy(link.kind))});
}

}  // namespace

LinkSpeed link_of(const DriveFacts& facts, const Health& health) {
  LinkSpeed link = facts.link;
  // Behind USB the drive's own link is the one inside the box, which nobody can do anything about.
  if (link.kind == "USB" || link.kind == "PCIe" || health.link_max_rate == 0) return link;
  link.kind = "SATA";
  link.drive = health.link_max;
  link.drive_rate = health.link_max_rate / kMegabit;
  if (link.now_rate != 0) return link;
  link.now = health.link_now;
  link.now_rate = health.link_now_rate / kMegabit;
  return link;
}

std::vector<Finding> judge_connection(const LinkSpeed& link, const Health& health,
                                      const Geometry& geometry) {
  std::vector<Finding> findings;
  judge_link(link, findings);
  if (health.bytes != 0 && health.bytes != geometry.bytes)
    findings.push_back(
        {Verdict::watch, "capacity_differs",
         std::format("The drive says that it has {} bytes, and {} can be reached: an adapter or a "
                     "hidden area keeps the rest",
                     health.bytes, geometry.bytes)});
  return findings;
}

}  // namespace drydock::evaluate
