#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/network.h"
#include "sys/sys_tree.h"

namespace drydock::sys {

struct PortAddress {
  std::string port;
  std::string address;  // "192.168.1.20/24"

  bool operator==(const PortAddress&) const = default;
};

// Every address of this computer, as the kernel tells (getifaddrs(3)); IPv6 ones that hold for a
// link alone are left out.
std::vector<PortAddress> own_addresses();

// The wired ports (ARPHRD_ETHER with hardware behind it, no radio), the gateway of /proc/net/route
// and what /etc/resolv.conf names; in the live system also how each port got its address.
Network read_network(const SysTree& tree, const std::vector<PortAddress>& addresses);

// By the live system's own script (/usr/lib/drydock/network), which says what is wrong with it.
Result<void> choose_address(const AddressChoice& choice);

}  // namespace drydock::sys
