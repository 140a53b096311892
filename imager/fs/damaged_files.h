#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "base/stop.h"
#include "core/extent_map.h"
#include "io/block_source.h"

namespace drydock::fs {

// A file, link or folder of a volume that has lost something.
struct DamagedFile {
  std::string path =
      {};  // "/home/ada/thesis.odt"; bytes as stored, in UTF-8 where the filesystem knows
  bool folder = false;
  std::uint64_t bytes = 0;  // length of the contents; 0 for a folder
  ExtentMap missing = {};   // of the contents
  // Why not all that is missing is known, or of a folder, what is in it; else empty.
  std::string unknown = {};
};

struct FilesSeen {
  std::uint64_t files = 0;  // links too
  std::uint64_t folders = 0;
  ExtentMap named;  // of what was lost: what belongs to a file that was told
};

// Walks all files of a volume and tells `found` of those whose contents lie in `lost`, or that
// cannot be reached because of it. `volume` fails to read what is in `lost`
// (rescue/rescued_source.h does); both are relative to the same start. What lies in a folder that
// cannot be read is not found, but the folder is told. Fails (Code::bad_input) where Drydock cannot
// read the filesystem's files, or not even where they begin; Code::cancelled when `stop` is
// requested.
Result<FilesSeen> find_damaged_files(const io::BlockSource& volume, const ExtentMap& lost,
                                     const std::function<void(DamagedFile file)>& found,
                                     const Stop& stop);

}  // namespace drydock::fs
