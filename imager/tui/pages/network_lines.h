#pragma once

#include <string>

#include "tui/page.h"

namespace drydock::tui {

// "eth0  192.168.1.20/24, by DHCP": what a port has, or why it has nothing.
std::string port_words(const NetworkPort& port);

// The ports of this computer with their addresses.
ftxui::Elements network_lines(const Model& model, int width);

}  // namespace drydock::tui
