#pragma once

#include <string>
#include <vector>

namespace drydock {

// A wired network port of this machine.
struct NetworkPort {
  std::string name;                    // "eth0"
  std::string hardware;                // "52:54:00:12:34:56"
  bool link = false;                   // a cable with something alive at its other end
  std::vector<std::string> addresses;  // "192.168.1.20/24", IPv6 too
  std::string how;      // how it gets them: "dhcp", "static", "off"; empty outside the live system
  std::string problem;  // why it has none: "no answer to DHCP"

  bool operator==(const NetworkPort&) const = default;
};

struct Network {
  std::vector<NetworkPort> ports;
  std::string gateway;  // empty: only neighbours can be reached
  std::vector<std::string> nameservers;

  bool operator==(const Network&) const = default;
};

// What a person chose for a port.
struct AddressChoice {
  std::string port;
  bool dhcp = true;
  std::string address;  // "192.168.1.20/24"; the rest may be empty
  std::string gateway;
  std::string nameserver;

  bool operator==(const AddressChoice&) const = default;
};

}  // namespace drydock
