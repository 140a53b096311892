#include "fs/ntfs_check.h"

#include <algorithm>
#include <format>

#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

class Check {
 public:
  Check(const NtfsVolume& volume, const ExtentMap& used, std::uint64_t in_use)
      : volume_(volume), used_(used), in_use_(in_use) {}

  Result<void> run();

 private:
  Result<void> record(std::uint64_t number, MutableBytes bytes);
  Result<void> attribute(std::uint64_t number, const NtfsAttribute& attribute);

  const NtfsVolume& volume_;
  const ExtentMap& used_;
  std::uint64_t in_use_;        // clusters, by the bitmap
  std::uint64_t in_files_ = 0;  // clusters, by what was walked so far
};

Result<void> Check::run() {
  const std::uint64_t record_bytes = volume_.boot().record_bytes;
  const std::uint64_t at_once = kMiB / record_bytes;
  for (std::uint64_t first = 0; first < volume_.records(); first += at_once) {
    const std::uint64_t count = std::min(at_once, volume_.records() - first);
    auto piece = TRY(naming(volume_.read(volume_.mft(), first * record_bytes, count * record_bytes),
                            "the master file table"));
    for (std::uint64_t i = 0; i < count; ++i)
      TRY(record(first + i, MutableBytes(piece).subspan(i * record_bytes, record_bytes)));
  }
  return {};
}

Result<void> Check::record(std::uint64_t number, MutableBytes bytes) {
  // Never used: zeros, as mkntfs and Windows leave spare records.
  if (all_zero(bytes.first(4))) return {};
  const auto name = [&] { return std::format("file record {}", number); };
  if (auto sound = apply_fixups(bytes, "FILE"); !sound) return naming(std::move(sound), name());
  if (!is_in_use(bytes)) return {};
  const auto attributes = attributes_of(bytes);
  if (!attributes) return fail(naming(attributes.error(), name()));
  for (const NtfsAttribute& one : *attributes)
    if (!one.resident) TRY(attribute(number, one));
  return {};
}

Result<void> Check::attribute(std::uint64_t number, const NtfsAttribute& attribute) {
  const std::uint64_t cluster = volume_.boot().cluster_bytes;
  const auto runs = attribute.runs(volume_.boot().clusters());
  if (!runs) return fail(naming(runs.error(), std::format("file record {}", number)));
  for (const NtfsRun& run : *runs) {
    if (run.hole) continue;
    if (!used_.contains({run.lcn * cluster, run.length * cluster}))
      return fail(doubt(std::format("its bitmap calls clusters {} to {} free, but file {} has them",
                                    run.lcn, run.lcn + run.length - 1, number)));
    in_files_ += run.length;
    if (in_files_ > in_use_)
      return fail(doubt(std::format(
          "its bitmap calls {} clusters used, but its files have {} or more", in_use_, in_files_)));
  }
  return {};
}

using RunLists = std::vector<std::vector<NtfsRun>>;

Result<RunLists> run_lists(const NtfsRecord& record, std::uint64_t clusters) {
  RunLists lists;
  for (const NtfsAttribute& attribute : TRY(record.attributes()))
    if (!attribute.resident) lists.push_back(TRY(attribute.runs(clusters)));
  return lists;
}

}  // namespace

Result<void> check_mirror(const NtfsVolume& volume) {
  const std::uint64_t clusters = volume.boot().clusters();
  for (const std::uint64_t number : {NtfsVolume::kMft, NtfsVolume::kMirror}) {
    const NtfsRecord record = TRY(volume.record(number));
    const NtfsRecord copy = TRY(volume.mirrored(number));
    const RunLists ours = TRY(run_lists(record, clusters));
    const RunLists theirs = TRY(run_lists(copy, clusters));
    if (ours != theirs)
      return fail(doubt(
          std::format("its master file table and the copy of it differ (file record {})", number)));
  }
  return {};
}

Result<void> check_files(const NtfsVolume& volume, const ExtentMap& used, std::uint64_t in_use) {
  return Check(volume, used, in_use).run();
}

}  // namespace drydock::fs
