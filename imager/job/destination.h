#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/disk_id.h"
#include "core/person.h"
#include "core/url.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

// A volume that can hold images, or a reason why not; or a place on the network.
struct Destination {
  std::string device;     // "/dev/sdb1"; of the network, Url::text()
  std::string disk;       // "/dev/sdb"
  std::string disk_name;  // "SanDisk Extreme (4C530001)"
  std::string filesystem;
  std::string label;
  std::uint64_t bytes = 0;
  std::uint64_t free = 0;  // 0 while unknown (not mounted, and the filesystem does not tell)
  std::string mounted_on;  // empty: not mounted
  std::string unfit;       // why it cannot be used: "holds the disk to be saved"; empty: it can
  std::optional<Url> url;  // of a place on the network
};

// What `text`, a URL of core/url.h, names; nothing is connected yet.
Result<Destination> network_destination(std::string_view text);

// Volumes of all drives except those of `without_disk`, whose volumes are listed as unfit.
Result<std::vector<Destination>> destinations(sys::Machine& machine,
                                              const std::string& without_disk);

// Mounts or connects it for writing (a save) or reading (restore, verify) and gives the folder.
// `person` answers what a server wants to know.
Result<std::string> open_destination(sys::Machine& machine, const Destination& destination,
                                     bool writable, Person& person);
Result<void> close_destination(sys::Machine& machine, const std::string& folder);

struct FolderEntry {
  std::string name;
  bool folder = false;
  bool image = false;       // a finished Drydock image by its first bytes
  bool incomplete = false;  // NAME.part
  std::uint64_t bytes = 0;
  // Of an image, unfinished ones too, from its manifest.
  std::string created;
  std::string source;  // model and size of the disk in it
  DiskId disk;
};

// Folders first, then files, by name. Names are as on the disk; show them with printable().
Result<std::vector<FolderEntry>> browse(sys::Machine& machine, const std::string& folder);

}  // namespace drydock::job
