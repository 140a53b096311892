#include "disk/gpt_fit.h"

#include <algorithm>
#include <format>
#include <optional>

#include "base/units.h"
#include "disk/boot_record.h"
#include "disk/gpt_layout.h"
#include "disk/too_small.h"

namespace drydock::disk {
namespace {

// A smaller disk is refused rather than more than this read to see whether it is zero.
constexpr std::uint64_t kMaxTailRead = 256 * kMiB;

class GptFit {
 public:
  GptFit(const io::BlockSource& image, const Layout& layout, const Gpt& gpt,
         std::uint64_t target_bytes)
      : image_(image),
        layout_(layout),
        gpt_(gpt),
        old_bytes_(image.geometry().bytes),
        new_bytes_(target_bytes),
        new_sectors_(target_bytes / gpt.sector),
        entries_sectors_(gpt.table().header.entries_sectors(gpt.sector)) {}

  Result<Fit> make() {
    fit_.bytes = std::min(old_bytes_, new_bytes_);
    if (new_sectors_ == old_bytes_ / gpt_.sector) {
      if (new_bytes_ < old_bytes_) TRY(check_tail(new_bytes_));
      return std::move(fit_);
    }
    if (new_bytes_ < old_bytes_) TRY(check_smaller());
    if (const char* reason = reason_to_leave_it()) {
      if (new_bytes_ < old_bytes_) return fail(too_small(old_bytes_, new_bytes_, reason));
      fit_.notes.push_back(std::format("the GPT is left as it is: {}", reason));
      return std::move(fit_);
    }
    patch_backup();
    patch_primary();
    zero_old_backup();
    TRY(patch_mbr());
    fit_.notes.push_back("the backup GPT moves to the end of the target");
    return std::move(fit_);
  }

 private:
  // Both only when check_smaller() has passed or the target is larger.
  std::uint64_t new_last() const { return new_sectors_ - 1; }
  std::uint64_t new_last_usable() const { return new_last() - entries_sectors_ - 1; }

  Extent sectors(std::uint64_t lba, std::uint64_t count) const {
    return {lba * gpt_.sector, count * gpt_.sector};
  }

  // Partitions and the primary copy.
  ExtentMap occupied() const {
    ExtentMap map;
    for (const Partition& partition : layout_.partitions) map.add(partition.extent);
    map.add(sectors(0, 2));
    if (gpt_.primary) map.add(sectors(gpt_.primary->header.entries_lba, entries_sectors_));
    return map;
  }

  const char* reason_to_leave_it() const {
    if (gpt_.overwritten) return "something else stands where its primary copy was";
    if (gpt_.table().header.first_usable > new_last_usable())
      return "it allows partitions only behind the end of the target";
    if (occupied().intersects(sectors(new_last_usable() + 1, entries_sectors_ + 1)))
      return "its partitions leave no room for the backup at the end of the target";
    return nullptr;
  }

  // The old backup, where there is an intact one.
  ExtentMap old_backup() const {
    ExtentMap map;
    if (!gpt_.backup) return map;
    const GptHeader& header = gpt_.backup->header;
    map.add(sectors(header.own_lba, 1));
    map.add(sectors(header.entries_lba, header.entries_sectors(gpt_.sector)));
    return map;
  }

  Error too_small_for_partitions(std::uint64_t needed_sectors) const {
    return too_small(needed_sectors * gpt_.sector, new_bytes_, {});
  }

  Result<void> check_smaller() const {
    const GptCopy& table = gpt_.table();
    // Of an entry that lies beyond the old disk nothing was saved; the layout has a note of it.
    const std::uint64_t old_sectors = old_bytes_ / gpt_.sector;
    std::uint64_t last = std::max<std::uint64_t>(table.header.first_usable, 1);
    for (std::uint32_t i = 0; i < table.header.entry_count; ++i)
      if (const auto entry = gpt_entry(table, i); entry && !entry->backwards())
        last = std::max(last, entry->last);
    if (last >= old_sectors)
      return fail(too_small(old_bytes_, new_bytes_, "its table allows no smaller disk"));
    // Behind the last partition: the entries and the header of the backup.
    const std::uint64_t needed = std::min(last + 1 + entries_sectors_ + 1, old_sectors);
    if (new_sectors_ < needed) return fail(too_small_for_partitions(needed));
    return check_tail((new_last_usable() + 1) * gpt_.sector);
  }

  // What does not fit must be zero, apart from the old backup.
  Result<void> check_tail(std::uint64_t from) const {
    const ExtentMap tail =
        image_.data().clipped({from, old_bytes_ - from}).subtracted(old_backup());
    const Error refused =
        too_small(old_bytes_, new_bytes_,
                  "what would not fit is in no partition, but is not known to be empty");
    if (tail.bytes() > kMaxTailRead) return fail(refused);
    for (const Extent& extent : tail.extents()) {
      for (std::uint64_t at = extent.offset; at < extent.end(); at += kMiB) {
        const std::uint64_t length = std::min(kMiB, extent.end() - at);
        const auto bytes = io::read_bytes(image_, at, length);
        if (!bytes || !all_zero(*bytes)) return fail(refused);
      }
    }
    return {};
  }

  void patch(std::uint64_t lba, std::vector<std::byte> bytes) {
    fit_.patches.push_back({lba * gpt_.sector, std::move(bytes)});
  }

  std::vector<std::byte> whole_sectors(const std::vector<std::byte>& entries) const {
    std::vector<std::byte> bytes = entries;
    bytes.resize(entries_sectors_ * gpt_.sector);
    return bytes;
  }

  void patch_backup() {
    const GptCopy& table = gpt_.table();
    GptHeader header = table.header;
    header.own_lba = new_last();
    header.other_lba = 1;
    header.entries_lba = new_last() - entries_sectors_;
    header.last_usable = new_last_usable();
    std::vector<std::byte> sector = table.header_sector;
    put_gpt_header(sector, header);
    patch(header.entries_lba, whole_sectors(table.entries));
    patch(header.own_lba, std::move(sector));
  }

  void patch_primary() {
    const GptCopy& table = gpt_.table();
    GptHeader header = table.header;
    header.own_lba = 1;
    header.other_lba = new_last();
    header.last_usable = new_last_usable();
    if (!gpt_.primary) {
      header.entries_lba = 2;
      if (header.entries_lba + entries_sectors_ > header.first_usable ||
          occupied().intersects(sectors(header.entries_lba, entries_sectors_))) {
        fit_.notes.push_back("the damaged primary GPT is left as it is: there is no room for it");
        return;
      }
      fit_.notes.push_back("the damaged primary GPT is made anew from its backup");
      patch(header.entries_lba, whole_sectors(table.entries));
    }
    std::vector<std::byte> sector = table.header_sector;
    put_gpt_header(sector, header);
    patch(header.own_lba, std::move(sector));
  }

  void zero_old_backup() {
    ExtentMap kept = occupied();
    for (const Patch& patch : fit_.patches) kept.add({patch.offset, patch.bytes.size()});
    const ExtentMap gone = old_backup().subtracted(kept).clipped({0, fit_.bytes});
    for (const Extent& extent : gone.extents())
      fit_.patches.push_back({extent.offset, std::vector<std::byte>(extent.length)});
  }

  // An entry that protected the disk to its old end protects it to the new one (§5.2.3).
  Result<void> patch_mbr() {
    auto first = io::read_bytes(image_, 0, kBootRecordBytes);
    // A first sector that cannot be read is not in the image either.
    if (!first && first.error().code == Code::unreadable) return {};
    if (!first) return fail(first.error());
    const auto record = parse_boot_record(*first);
    if (!record) return {};
    bool changed = false;
    for (std::size_t slot = 0; slot < record->entries.size(); ++slot) {
      const BootEntry& entry = record->entries[slot];
      const std::uint64_t end = std::uint64_t{entry.first} + entry.sectors;
      if (entry.empty() || !entry.protects_gpt() || end != old_bytes_ / gpt_.sector) continue;
      const std::uint64_t length = std::min<std::uint64_t>(new_sectors_ - entry.first, UINT32_MAX);
      put_boot_entry_sectors(*first, slot, static_cast<std::uint32_t>(length));
      changed = true;
    }
    if (changed) patch(0, std::move(*first));
    return {};
  }

  const io::BlockSource& image_;
  const Layout& layout_;
  const Gpt& gpt_;
  std::uint64_t old_bytes_;
  std::uint64_t new_bytes_;
  std::uint64_t new_sectors_;  // whole ones on the target
  std::uint64_t entries_sectors_;
  Fit fit_;
};

}  // namespace

Result<Fit> fit_gpt(const io::BlockSource& image, const Layout& layout, const Gpt& gpt,
                    std::uint64_t target_bytes) {
  return GptFit(image, layout, gpt, target_bytes).make();
}

}  // namespace drydock::disk
