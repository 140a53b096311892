#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/disk_id.h"
#include "core/drive_facts.h"
#include "evaluate/health.h"
#include "evaluate/speed.h"
#include "evaluate/surface.h"
#include "fs/damaged_files.h"

namespace drydock::job {

// A bad or slow place and what lies there.
struct Area {
  enum class Use { unknown, free, partly, used };

  Extent extent;           // on the disk, inside one volume or outside all of them
  bool bad = false;        // could not be read; else slow
  std::string volume;      // "partition 2, ext4 \"root\"", "no partition"
  Use use = Use::unknown;  // by the volume's allocation map
};

// A file that lies in part where the drive cannot be read.
struct HitFile {
  std::string volume;  // as Area::volume
  fs::DamagedFile file;
};

// What changed since an earlier report of the same drive.
struct Since {
  std::string time;                  // of the earlier report
  std::vector<std::string> changes;  // sentences about counts that grew; empty: none did
};

// Everything that was found out about a drive. A value; reports are made of it.
struct Evaluation {
  std::string path;
  std::string time;  // "2026-11-25T08:15:00Z"
  std::string tool;
  DiskId id;
  Geometry geometry;
  bool rotational = false;
  DriveFacts facts;
  LinkSpeed link;
  evaluate::Health health;
  std::optional<evaluate::Surface> surface;
  std::optional<evaluate::Speed> speed;
  std::vector<std::string> volumes;  // what is on it, a line each
  std::vector<Area> areas;           // in the order of the disk
  std::uint64_t areas_left_out = 0;  // beyond a thousand
  std::vector<HitFile> files;        // in bad areas, if all of the drive was read
  std::uint64_t files_left_out = 0;  // beyond a thousand
  std::vector<std::string> skipped;  // what was not done, and why
  std::optional<Since> since;
  std::vector<evaluate::Finding> findings;  // of all parts, the heaviest first
  evaluate::Verdict verdict = evaluate::Verdict::good;
  std::chrono::milliseconds elapsed{0};

  // 0, or 5 when some areas could not be read.
  int exit_status() const { return surface && !surface->bad.empty() ? 5 : 0; }
};

}  // namespace drydock::job
