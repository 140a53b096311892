#include "job/verify.h"

#include <format>

#include "base/units.h"
#include "engine/restore.h"
#include "job/describe.h"
#include "job/image_file.h"
#include "job/image_place.h"
#include "job/meter.h"
#include "job/workers.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

// The parts of a bad frame by the volumes they belong to; what no volume has stands for itself.
void add_damage(const engine::BadFrame& bad, const ExtentMap& captured,
                const std::vector<VolumeRecord>& volumes, std::vector<Damage>& damage) {
  ExtentMap lost = captured.clipped(bad.disk);
  for (const VolumeRecord& volume : volumes) {
    for (const Extent& extent : lost.clipped(volume.partition.extent).extents())
      damage.push_back(
          {bad.file, extent, describe_volume(volume.partition, volume.info), bad.what});
    lost = lost.subtracted(ExtentMap::from({volume.partition.extent}));
  }
  for (const Extent& extent : lost.extents())
    damage.push_back({bad.file, extent, "no partition", bad.what});
  if (!captured.intersects(bad.disk)) damage.push_back({bad.file, {}, {}, bad.what});
}

}  // namespace

Result<VerifyReport> verify(sys::Machine& machine, const VerifyRequest& request, Observer& observer,
                            const Stop& stop) {
  const auto start = std::chrono::steady_clock::now();
  const ImagePlace place =
      TRY(ImagePlace::open(machine, request.image, sys::Access::read_only, request.person));
  const OpenImage image = TRY(open_image(machine, place.path()));
  const image::ImageReader& reader = image.reader;
  VerifyReport result{.report = {}, .manifest = reader.manifest(), .damage = {}};
  for (const std::string& flaw : reader.flaws()) result.damage.push_back({{}, {}, {}, flaw});
  const unsigned workers = workers_for(machine, request.threads);
  std::vector<engine::BadFrame> bad;
  {
    Meter meter(observer, "verify", reader.maps().captured.bytes(), result.manifest.volumes);
    bad = TRY(engine::verify(reader, workers, meter, stop));
  }
  for (const engine::BadFrame& frame : bad)
    add_damage(frame, reader.maps().captured, result.manifest.volumes, result.damage);
  Report& report = result.report;
  report.source_bytes = result.manifest.geometry.bytes;
  report.kept_bytes = reader.maps().captured.bytes();
  report.image_bytes = reader.file_bytes();
  report.unreadable = reader.maps().unreadable;
  report.verified = result.damage.empty();
  report.digest = image::whole_digest(reader.index()).hex();
  report.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  if (result.damage.empty())
    report.lines.push_back(
        std::format("The image is whole: {}, {} of the disk, every digest is right",
                    counted(reader.index().size(), "frame"), human_bytes(report.kept_bytes)));
  else
    report.lines.push_back(
        std::format("The image is damaged in {}", counted(result.damage.size(), "place")));
  if (!report.unreadable.empty())
    report.lines.push_back(std::format(
        "{} of the disk could not be read when it was saved; they are zeros in the image",
        human_bytes(report.unreadable.bytes())));
  return result;
}

}  // namespace drydock::job
