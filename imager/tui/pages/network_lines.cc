#include "tui/pages/network_lines.h"

#include "base/text.h"
#include "tui/words.h"

namespace drydock::tui {

using namespace ftxui;

namespace {

constexpr int kNameWidth = 10;

std::string addresses_of(const NetworkPort& port) {
  std::string all;
  for (const std::string& one : port.addresses) all += (all.empty() ? "" : ", ") + one;
  return all;
}

std::string state_of(const NetworkPort& port) {
  if (!port.addresses.empty()) {
    if (port.how == "dhcp") return addresses_of(port) + ", by DHCP";
    return addresses_of(port);
  }
  if (!port.link) return "no cable, or nothing at its other end";
  if (port.how == "off") return "switched off";
  if (!port.problem.empty()) return "no address: " + printable(port.problem);
  return "no address yet";
}

}  // namespace

std::string port_words(const NetworkPort& port) {
  return left(port.name, kNameWidth) + state_of(port);
}

Elements network_lines(const Model& model, int width) {
  if (!model.network) return {text("Looking at the network ports ...")};
  if (model.network->ports.empty()) return lines("No wired network port was found.", width);
  Elements out;
  for (const NetworkPort& port : model.network->ports)
    out.push_back(line(cut(port_words(port), width)));
  return out;
}

}  // namespace drydock::tui
