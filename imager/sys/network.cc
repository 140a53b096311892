#include "sys/network.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <array>
#include <bit>
#include <cstring>
#include <format>
#include <memory>

#include "base/text.h"
#include "sys/program.h"

namespace drydock::sys {
namespace {

constexpr std::string_view kPorts = "/sys/class/net/";
constexpr std::string_view kState = "/run/drydock/network/";
constexpr std::string_view kScript = "/usr/lib/drydock/network";
constexpr std::uint64_t kEthernet = 1;  // ARPHRD_ETHER

bool is_wired(const SysTree& tree, const std::string& folder) {
  return tree.number(folder + "/type") == kEthernet && tree.exists(folder + "/device") &&
         !tree.exists(folder + "/phy80211");
}

NetworkPort port_of(const SysTree& tree, const std::string& name) {
  const std::string folder = std::string(kPorts) + name;
  const std::string state = std::string(kState) + name;
  return {.name = name,
          .hardware = tree.text(folder + "/address"),
          .link = tree.number(folder + "/carrier") == 1,
          .addresses = {},
          .how = tree.text(state + "/how"),
          .problem = tree.text(state + "/problem")};
}

unsigned ones(const void* mask, std::size_t length) {
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), mask, length);
  unsigned count = 0;
  for (const std::uint8_t byte : bytes) count += static_cast<unsigned>(std::popcount(byte));
  return count;
}

template <class Address>
std::string written(int family, const Address& address, const Address& mask) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family, &address, text.data(), text.size());
  return std::format("{}/{}", text.data(), ones(&mask, sizeof mask));
}

// Empty for what a person has no use for.
std::string text_of(const ifaddrs& entry) {
  if (entry.ifa_addr == nullptr || entry.ifa_netmask == nullptr) return {};
  if (entry.ifa_addr->sa_family == AF_INET) {
    sockaddr_in address{};
    sockaddr_in mask{};
    std::memcpy(&address, entry.ifa_addr, sizeof address);
    std::memcpy(&mask, entry.ifa_netmask, sizeof mask);
    return written(AF_INET, address.sin_addr, mask.sin_addr);
  }
  if (entry.ifa_addr->sa_family != AF_INET6) return {};
  sockaddr_in6 address{};
  sockaddr_in6 mask{};
  std::memcpy(&address, entry.ifa_addr, sizeof address);
  std::memcpy(&mask, entry.ifa_netmask, sizeof mask);
  if (address.sin6_addr.s6_addr[0] == 0xFE && (address.sin6_addr.s6_addr[1] & 0xC0U) == 0x80)
    return {};
  return written(AF_INET6, address.sin6_addr, mask.sin6_addr);
}

// PORT DESTINATION GATEWAY FLAGS …, addresses as the bytes of memory in hex (proc(5)). The best
// default route is the one of the lowest metric.
std::string gateway_of(std::string_view routes) {
  std::string best;
  unsigned long lowest = 0;
  for (const std::string_view line : split(routes, '\n')) {
    const auto fields = split(line, '\t');
    constexpr std::size_t kDestination = 1, kGateway = 2, kMetric = 6;
    if (fields.size() <= kMetric || fields[kDestination] != "00000000") continue;
    const auto raw = std::strtoul(std::string(fields[kGateway]).c_str(), nullptr, 16);
    const auto metric = std::strtoul(std::string(fields[kMetric]).c_str(), nullptr, 10);
    if (raw == 0 || (!best.empty() && metric >= lowest)) continue;
    const in_addr address{static_cast<in_addr_t>(raw)};
    std::array<char, INET_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET, &address, text.data(), text.size());
    best = text.data();
    lowest = metric;
  }
  return best;
}

std::vector<std::string> nameservers_of(std::string_view text) {
  constexpr std::string_view kKey = "nameserver ";
  std::vector<std::string> found;
  for (const std::string_view line : split(text, '\n'))
    if (line.starts_with(kKey)) found.emplace_back(trimmed(line.substr(kKey.size())));
  return found;
}

}  // namespace

std::vector<PortAddress> own_addresses() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, ::freeifaddrs);
  std::vector<PortAddress> found;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next)
    if (std::string text = text_of(*entry); !text.empty())
      found.push_back({entry->ifa_name, std::move(text)});
  return found;
}

Network read_network(const SysTree& tree, const std::vector<PortAddress>& addresses) {
  Network network;
  for (const std::string& name : tree.names(kPorts)) {
    if (!is_wired(tree, std::string(kPorts) + name)) continue;
    NetworkPort port = port_of(tree, name);
    for (const PortAddress& address : addresses)
      if (address.port == name) port.addresses.push_back(address.address);
    network.ports.push_back(std::move(port));
  }
  network.gateway = gateway_of(tree.raw("/proc/net/route"));
  network.nameservers = nameservers_of(tree.raw("/etc/resolv.conf"));
  return network;
}

Result<void> choose_address(const AddressChoice& choice) {
  std::vector<std::string> command{std::string(kScript), choice.dhcp ? "dhcp" : "static",
                                   choice.port};
  if (!choice.dhcp)
    command.insert(command.end(), {choice.address, choice.gateway, choice.nameserver});
  const ProgramEnd end = TRY(run_program(command));
  if (end.status == 0) return {};
  return fail(bad_input(choice.port, printable(end.errors), "Correct the address"));
}

}  // namespace drydock::sys
