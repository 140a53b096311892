#include "job/damaged_files.h"

#include <algorithm>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "engine/restore.h"
#include "fs/driver.h"
#include "image/image_source.h"
#include "io/slice.h"
#include "job/describe.h"
#include "job/disk_map.h"
#include "job/image_file.h"
#include "job/image_place.h"
#include "job/meter.h"
#include "job/rescue_map.h"
#include "job/workers.h"
#include "rescue/rescued_source.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

Result<DamagedVolume> look_into(const io::BlockSource& disk, const Partition& partition,
                                const ExtentMap& missing, const OnDamagedFile& found,
                                const Stop& stop) {
  const io::SliceSource source(disk, partition.extent);
  ExtentMap here;
  for (const Extent& extent : missing.clipped(partition.extent).extents())
    here.add({extent.offset - partition.extent.offset, extent.length});
  DamagedVolume damaged{.missing = here.bytes()};
  if (here.empty()) return damaged;

  const Volume volume = fs::survey(source, partition);
  damaged.name = describe_volume(partition, volume.info);
  // Where its maps cannot be trusted all of it counts as used.
  const ExtentMap used = here.intersected(volume.used);
  damaged.free = here.bytes() - used.bytes();
  const auto seen = fs::find_damaged_files(
      source, here,
      [&](const fs::DamagedFile& file) {
        ++damaged.files;
        found(damaged.name, file);
      },
      stop);
  if (seen) {
    damaged.in_files = used.intersected(seen->named).bytes();
    return damaged;
  }
  if (seen.error().code != Code::bad_input && seen.error().code != Code::unreadable)
    return fail(seen.error());
  damaged.problem = seen.error().what;
  return damaged;
}

// What a copy or an image lacks of the disk.
struct Incomplete {
  std::unique_ptr<io::BlockSource> disk;  // fails to read what is missing
  std::vector<VolumeRecord> volumes;
  ExtentMap missing;
};

Result<ExtentMap> missing_in(sys::Machine& machine, const image::ImageReader& reader,
                             unsigned threads, Observer& observer, const Stop& stop) {
  const ExtentMap& captured = reader.maps().captured;
  Meter meter(observer, "verify", captured.bytes(), reader.manifest().volumes);
  std::vector<Extent> lost;
  for (const engine::BadFrame& bad :
       TRY(engine::verify(reader, workers_for(machine, threads), meter, stop)))
    lost.push_back(bad.disk);
  return captured.intersected(ExtentMap::from(std::move(lost))).united(reader.maps().unreadable);
}

Result<Incomplete> open_copy(std::unique_ptr<io::BlockSource> copy, const std::string& map) {
  ExtentMap missing = TRY(unread_by_map(map, copy->geometry().bytes));
  auto disk = std::make_unique<rescue::RescuedSource>(std::move(copy), missing);
  auto volumes = volumes_on(*disk);
  return Incomplete{std::move(disk), std::move(volumes), std::move(missing)};
}

std::string amount(const fs::DamagedFile& file) {
  const auto places = file.missing.extents();
  std::string text = std::format("{} of {} are missing", human_bytes(file.missing.bytes()),
                                 human_bytes(file.bytes));
  if (places.size() > 1)
    text += std::format(" in {} places, the first at byte {}", places.size(), places[0].offset);
  else
    text += std::format(", from byte {}", places[0].offset);
  return text;
}

std::string csv_field(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace

Result<std::vector<DamagedVolume>> find_damaged_files(const io::BlockSource& disk,
                                                      const std::vector<VolumeRecord>& volumes,
                                                      const ExtentMap& missing,
                                                      const OnDamagedFile& found,
                                                      const Stop& stop) {
  std::vector<DamagedVolume> damaged;
  for (const VolumeRecord& volume : volumes) {
    DamagedVolume one = TRY(look_into(disk, volume.partition, missing, found, stop));
    if (one.missing != 0) damaged.push_back(std::move(one));
  }
  return damaged;
}

Result<DamagedFilesReport> list_damaged_files(sys::Machine& machine,
                                              const DamagedFilesRequest& request,
                                              Observer& observer, const OnDamagedFile& found,
                                              const Stop& stop) {
  const ImagePlace place =
      TRY(ImagePlace::open(machine, request.path, sys::Access::read_only, request.person));
  auto file = TRY(open_image_file(machine, place.path()));
  std::optional<OpenImage> image;
  Incomplete incomplete;
  if (image::is_image(*file)) {
    image = TRY(open_image(machine, place.path()));
    const image::ImageReader& reader = image->reader;
    for (const std::string& flaw : reader.flaws()) observer.on(Notice{flaw});
    incomplete.missing = TRY(missing_in(machine, reader, request.threads, observer, stop));
    incomplete.volumes = reader.manifest().volumes;
    incomplete.disk = std::make_unique<rescue::RescuedSource>(
        std::make_unique<image::ImageSource>(reader), incomplete.missing);
  } else {
    const std::string map = request.map.empty() ? place.path() + ".map" : request.map;
    incomplete = TRY(open_copy(std::move(file), map));
  }
  return DamagedFilesReport{.missing = incomplete.missing.bytes(),
                            .volumes = TRY(find_damaged_files(*incomplete.disk, incomplete.volumes,
                                                              incomplete.missing, found, stop))};
}

std::string describe_damaged(const DamagedVolume& volume) {
  std::string text = std::format("{}: {} are missing", volume.name, human_bytes(volume.missing));
  if (volume.files != 0)
    text += std::format("; {} of them in {}", human_bytes(volume.in_files),
                        counted(volume.files, "damaged file"));
  if (volume.free != 0) text += std::format("; {} in free space", human_bytes(volume.free));
  const std::uint64_t rest = volume.missing - volume.free - volume.in_files;
  if (!volume.problem.empty())
    text += "; which files that is cannot be told: " + volume.problem;
  else if (rest != 0)
    text += std::format("; {} of the filesystem itself or of what cannot be found any more",
                        human_bytes(rest));
  return text;
}

std::string describe_damaged(const fs::DamagedFile& file) {
  std::string text = printable(file.path) + ": ";
  if (file.folder) return text + "not all that is in this folder can be told: " + file.unknown;
  if (!file.missing.empty()) text += amount(file);
  if (!file.missing.empty() && !file.unknown.empty()) text += "; ";
  if (!file.unknown.empty()) text += "what is missing cannot be told: " + file.unknown;
  return text;
}

std::string damaged_files_csv_header() {
  return "volume,path,kind,bytes,missing_bytes,missing,unknown\r\n";
}

std::string damaged_files_csv(const std::string& volume, const fs::DamagedFile& file) {
  std::string areas;
  for (const Extent& area : file.missing.extents())
    areas += std::format("{}{}-{}", areas.empty() ? "" : " ", area.offset, area.end() - 1);
  return std::format("{},{},{},{},{},{},{}\r\n", csv_field(volume), csv_field(file.path),
                     file.folder ? "folder" : "file", file.bytes, file.missing.bytes(), areas,
                     csv_field(file.unknown));
}

}  // namespace drydock::job
