#pragma once

#include "tui/key.h"

namespace drydock::tui {

// Which row of a list is marked. -1: none, until the person moves.
struct Cursor {
  int row = -1;

  // Moves for arrows, Home, End and the page keys; true when the key was one of them. From no row
  // the first move goes to the first row (End: to the last). Stays inside `count` rows.
  bool move(const Key& key, int count);

  bool operator==(const Cursor&) const = default;
};

}  // namespace drydock::tui
