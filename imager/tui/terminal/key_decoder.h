#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tui/key.h"

namespace drydock::tui {

// Bytes of a terminal to keys: ECMA-48 with the function keys of the Linux console, VT100/VT220,
// xterm and rxvt. Sequences may come in pieces. What is unknown is dropped whole, so that no part
// of it is taken for typing.
class KeyDecoder {
 public:
  std::vector<Key> feed(std::string_view bytes);

  // True when a sequence has begun but not ended. If nothing more comes for a moment it was the
  // Escape key: call timeout().
  bool pending() const { return !pending_.empty(); }
  std::vector<Key> timeout();

  // Where the cursor is, as the terminal reported it (CSI row ; column R); 0, 0 until it has.
  struct Position {
    int row = 0;
    int column = 0;
  };
  Position reported() const { return reported_; }

 private:
  // Takes one key off the front of pending_; false when it needs more bytes.
  bool take(std::vector<Key>& keys);
  bool take_escape(std::vector<Key>& keys);
  bool take_csi(std::vector<Key>& keys);
  bool take_utf8(std::vector<Key>& keys);
  void drop(std::size_t count) { pending_.erase(0, count); }

  std::string pending_;
  Position reported_;
};

}  // namespace drydock::tui
