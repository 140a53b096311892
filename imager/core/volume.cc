#include "core/volume.h"

namespace drydock {

std::string_view state_name(VolumeState state) {
  switch (state) {
    case VolumeState::unknown:
      return "unknown";
    case VolumeState::clean:
      return "clean";
    case VolumeState::dirty:
      return "journal not replayed";
    case VolumeState::needs_check:
      return "needs a check";
    case VolumeState::hibernated:
      return "hibernated";
  }
  return "unknown";
}

}  // namespace drydock
