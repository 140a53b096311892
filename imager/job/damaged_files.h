#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/stop.h"
#include "core/extent_map.h"
#include "core/manifest.h"
#include "core/person.h"
#include "fs/damaged_files.h"
#include "io/block_source.h"
#include "job/observer.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

// What a volume has lost. Sizes in bytes.
struct DamagedVolume {
  std::string name = {};       // as describe_volume says it
  std::uint64_t missing = 0;   // of the volume
  std::uint64_t free = 0;      // of `missing`: what its filesystem vouches that nobody uses
  std::uint64_t in_files = 0;  // of `missing`: what the files that were told have there
  std::uint64_t files = 0;     // that were told, folders too
  std::string problem = {};    // why its files could not all be looked at; else empty
};

// Told of one damaged file after the other, by volumes, in the order in which they are found.
using OnDamagedFile = std::function<void(const std::string& volume, const fs::DamagedFile& file)>;

// The files that `missing` areas of a disk have hit, by reading the filesystems around them: those
// of ext2/3/4, NTFS, FAT, exFAT, XFS, Btrfs and HFS+, also in LVM2. `disk` fails to read what is
// missing (rescue/rescued_source.h). Volumes that miss nothing are left out. Fails only when
// `stop` is requested (Code::cancelled) or the disk goes away.
Result<std::vector<DamagedVolume>> find_damaged_files(const io::BlockSource& disk,
                                                      const std::vector<VolumeRecord>& volumes,
                                                      const ExtentMap& missing,
                                                      const OnDamagedFile& found, const Stop& stop);

struct DamagedFilesRequest {
  std::string path;          // an image, or the copy that a rescue made: a path or a URL
  std::string map = {};      // of the rescue; empty: PATH.map
  unsigned threads = 0;      // that decompress an image; 0: as many as processors
  Person* person = nullptr;  // as in SaveRequest
};

struct DamagedFilesReport {
  std::uint64_t missing = 0;  // bytes of the disk
  std::vector<DamagedVolume> volumes;
};

// Of an image: what was unreadable when it was saved, and what the image itself has lost since,
// for which all of it is read and proved. Of a copy: what its map does not call finished.
Result<DamagedFilesReport> list_damaged_files(sys::Machine& machine,
                                              const DamagedFilesRequest& request,
                                              Observer& observer, const OnDamagedFile& found,
                                              const Stop& stop);

// "partition 2, ext4 "root": 12.0 KiB are missing, 8.0 KiB of them in 2 files, 4.0 KiB in free
// space".
std::string describe_damaged(const DamagedVolume& volume);
// "/home/ada/thesis.odt: 4.0 KiB of 1.2 MiB are missing, from byte 8192". Safe to show.
std::string describe_damaged(const fs::DamagedFile& file);

// The same as lines of CSV (RFC 4180): volume, path, kind, bytes, missing bytes, missing areas of
// the file as "FIRST-LAST FIRST-LAST …", what is not known. Paths keep their bytes.
std::string damaged_files_csv_header();
std::string damaged_files_csv(const std::string& volume, const fs::DamagedFile& file);

}  // namespace drydock::job
