#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/disk_id.h"
#include "core/drive_condition.h"
#include "core/manifest.h"
#include "core/person.h"
#include "core/volume.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

// A drive and what is on it. `problem` says why its content could not be read.
struct ListedDisk {
  Disk disk;
  DriveCondition condition;
  Layout layout;
  std::vector<VolumeInfo> volumes;  // same order as layout.partitions
  std::string problem;
};

// What is attached to the machine, and what should be but cannot be seen: sentences about
// controllers that hide drives, with what to do.
struct Listing {
  std::vector<ListedDisk> disks;
  std::vector<std::string> advice;
};

// Every drive; reads tables and superblocks, no allocation maps: quick.
Result<Listing> list(sys::Machine& machine);

struct Inspection {
  std::string path;
  Geometry geometry;
  std::optional<Disk> disk;          // when it is a drive of this machine
  std::optional<Manifest> manifest;  // when it is an image
  DiskMap map;
  std::uint64_t image_bytes = 0;  // size of the image file
};

// A disk, a partition, an image or a file with the content of a disk; or an image by its URL,
// `person` being asked what its server wants to know.
Result<Inspection> inspect(sys::Machine& machine, const std::string& given,
                           Person* person = nullptr);

}  // namespace drydock::job
