#include "tui/cursor.h"

#include <algorithm>

namespace drydock::tui {
namespace {

constexpr int kPage = 10;

}  // namespace

bool Cursor::move(const Key& key, int count) {
  int to = row;
  switch (key.code) {
    case KeyCode::up:
      to = row < 0 ? 0 : row - 1;
      break;
    case KeyCode::down:
      to = row + 1;
      break;
    case KeyCode::home:
      to = 0;
      break;
    case KeyCode::end:
      to = count - 1;
      break;
    case KeyCode::page_up:
      to = row - kPage;
      break;
    case KeyCode::page_down:
      to = row < 0 ? 0 : row + kPage;
      break;
    default:
      return false;
  }
  row = count > 0 ? std::clamp(to, 0, count - 1) : -1;
  return true;
}

}  // namespace drydock::tui
