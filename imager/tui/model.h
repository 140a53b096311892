#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/keyboard.h"
#include "core/network.h"
#include "job/inspect.h"
#include "tui/flow.h"
#include "tui/log.h"

namespace drydock::tui {

enum class PageId {
  home,
  source,
  depth,
  destination,
  server,
  server_key,
  address,
  name,
  image,
  target,
  summary,
  progress,
  done,
  log,
  power,
  keyboard,
};

// An address of this computer, as it is being chosen.
struct AddressForm {
  Cursor port{0};
  TextField address;
  TextField gateway;
  TextField nameserver;
  int field = 0;
};

enum class Overlay { none, help, command, cancel };

// A request that has not been answered yet.
struct Waiting {
  unsigned ticket = 0;
  std::string what;  // "Reading what is in use on /dev/sda"
  std::chrono::seconds since{0};
};

struct Drives {
  std::optional<std::vector<job::ListedDisk>> listed;
  std::vector<std::string> advice;  // about drives that cannot be seen
  std::vector<Disk> polled;         // as they were when `listed` was asked for
  std::optional<Error> problem;
  bool asked = false;  // an answer is outstanding
  int scroll = 0;
};

// All that the menu knows. A value: update() changes it, views draw it, neither touches a device.
struct Model {
  bool live = false;
  std::chrono::seconds now{0};  // since some point; only differences mean something
  std::string clock = "00:00:00";

  std::vector<PageId> trail{PageId::home};  // the last one is shown, Esc goes to the one before
  Overlay overlay = Overlay::none;

  Drives drives;
  std::vector<std::string> writable;
  Log log;
  int log_scroll = 0;  // lines up from the newest
  Cursor home{0};
  std::optional<Network> network;
  AddressForm address_form;
  std::vector<KeyboardLayout> keyboards;
  Cursor keyboard{0};
  bool power_off = false;  // what page `power` asks about: off, or restart

  Verb verb = Verb::save;
  std::array<Flow, kVerbs> flows;

  unsigned tickets = 0;
  std::optional<Waiting> waiting;
  bool polling = false;
  bool running = false;

  PageId page() const { return trail.back(); }
  // The page of the flow: the one below when the log is being looked at.
  PageId step() const {
    const bool reading = page() == PageId::log && trail.size() > 1;
    return reading ? trail[trail.size() - 2] : page();
  }
  Flow& flow() { return flows[static_cast<std::size_t>(verb)]; }
  const Flow& flow() const { return flows[static_cast<std::size_t>(verb)]; }
};

// What the last evaluation found, while its page is open; null: nothing.
inline const job::Evaluation* evaluation_of(const Model& model) {
  const auto& ending = model.flows[static_cast<std::size_t>(Verb::evaluate)].ending;
  return ending && *ending && (*ending)->evaluation ? &*(*ending)->evaluation : nullptr;
}

}  // namespace drydock::tui
