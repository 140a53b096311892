#include "job/inspect.h"

#include "image/reader.h"
#include "job/disk_map.h"
#include "job/drive_at.h"
#include "job/image_file.h"
#include "job/image_place.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

// What the image itself says; none of its data is unpacked for that.
DiskMap map_of_image(const image::ImageReader& reader) {
  const Manifest& manifest = reader.manifest();
  DiskMap map;
  map.used = reader.maps().captured;
  map.layout.table = manifest.table;
  map.layout.id = manifest.table_id;
  map.layout.notes = reader.flaws();
  for (const VolumeRecord& record : manifest.volumes) {
    Volume volume{.partition = record.partition,
                  .info = record.info,
                  .whole_reason = record.whole_reason,
                  .used = {},
                  .inner = record.inner};
    const Extent place = record.partition.extent;
    for (const Extent& extent : map.used.touching(place)) {
      const Extent inside = intersection(extent, place);
      volume.used.add({inside.offset - place.offset, inside.length});
    }
    map.layout.partitions.push_back(record.partition);
    map.volumes.push_back(std::move(volume));
  }
  return map;
}

Result<Inspection> inspect_image(sys::Machine& machine, const std::string& path) {
  const OpenImage image = TRY(open_image(machine, path));
  return Inspection{.path = path,
                    .geometry = image.reader.manifest().geometry,
                    .disk = {},
                    .manifest = image.reader.manifest(),
                    .map = map_of_image(image.reader),
                    .image_bytes = image.reader.file_bytes()};
}

Result<Inspection> inspect_at(sys::Machine& machine, const std::string& path) {
  const auto source = TRY(open_image_file(machine, path));
  const bool begun = path.ends_with(".part") && TRY(image::is_barely_begun(*source));
  if (begun || image::is_image(*source)) return inspect_image(machine, path);
  return Inspection{.path = path,
                    .geometry = source->geometry(),
                    .disk = drive_at(machine, path),
                    .manifest = {},
                    .map = TRY(map_disk(*source, false, users_on(machine, path))),
                    .image_bytes = 0};
}

}  // namespace

Result<Inspection> inspect(sys::Machine& machine, const std::string& given, Person* person) {
  const ImagePlace place = TRY(ImagePlace::open(machine, given, sys::Access::read_only, person));
  Inspection found = TRY(inspect_at(machine, place.path()));
  found.path = given;
  return found;
}

}  // namespace drydock::job
