#include "disk/mbr.h"

#include <format>
#include <optional>
#include <set>

#include "disk/layout_builder.h"
#include "disk/local_fault.h"
#include "disk/type_names.h"

namespace drydock::disk {
namespace {

// Linux gives a disk at most 256 minor numbers.
constexpr std::size_t kMaxExtendedRecords = 256;

class MbrReader {
 public:
  MbrReader(const io::BlockSource& disk, const BootRecord& record, std::uint32_t sector)
      : disk_(disk),
        record_(record),
        sector_(sector),
        builder_(TableKind::mbr, disk.geometry().bytes, sector) {}

  Result<Layout> read() {
    builder_.id(std::format("{:08x}", record_.signature));
    builder_.table_area(0, 1);
    for (unsigned slot = 0; slot < record_.entries.size(); ++slot) {
      const BootEntry& entry = record_.entries[slot];
      if (!entry.empty() && !entry.extended()) add(entry, slot + 1, entry.first, false);
    }
    for (const BootEntry& entry : record_.entries)
      if (!entry.empty() && entry.extended()) TRY(follow(entry));
    return std::move(builder_).finish();
  }

 private:
  void add(const BootEntry& entry, unsigned number, std::uint64_t lba, bool logical) {
    Partition partition;
    partition.number = number;
    partition.type_id = std::format("0x{:02x}", entry.type);
    partition.type = mbr_type_name(entry.type);
    if (record_.signature != 0)
      partition.uuid = std::format("{:08x}-{:02x}", record_.signature, number);
    partition.active = entry.active();
    partition.logical = logical;
    builder_.partition(std::move(partition), lba, entry.sectors);
  }

  Result<void> follow(const BootEntry& extended) {
    std::uint64_t lba = extended.first;
    std::uint64_t sectors = extended.sectors;
    for (;;) {
      if (!visited_.insert(lba).second)
        return fail(bad_input(
            disk_.name(),
            std::format("the chain of logical partitions returns to sector {}, where it has been",
                        lba),
            "Keep the disk as a whole, or repair its partition table first"));
      if (visited_.size() > 1 + kMaxExtendedRecords) {
        builder_.note(
            std::format("the chain of logical partitions has more than {} links; the rest"
                        " is left out",
                        kMaxExtendedRecords));
        return {};
      }
      const auto record = TRY(record_at(lba));
      if (!record) return {};
      builder_.table_area(lba, 1);
      add_logical(*record, lba, sectors, extended);
      const BootEntry* link = link_of(*record);
      if (link == nullptr) return {};
      lba = std::uint64_t{extended.first} + link->first;
      sectors = link->sectors;
    }
  }

  // Nothing, with a note, when there is no boot record.
  Result<std::optional<BootRecord>> record_at(std::uint64_t lba) {
    const auto bytes = io::read_bytes(disk_, lba * sector_, kBootRecordBytes);
    std::optional<BootRecord> record;
    if (bytes) {
      record = parse_boot_record(*bytes);
    } else if (!local_fault(bytes.error())) {
      return fail(bytes.error());
    }
    if (!record) {
      const char* why = bytes ? "is not a boot record"
                        : bytes.error().code == Code::unreadable
                            ? "cannot be read"
                            : "lies behind the end of the disk";
      builder_.note(std::format(
          "the chain of logical partitions breaks off: sector {} {}; what it led to is unknown",
          lba, why));
    }
    return record;
  }

  void add_logical(const BootRecord& record, std::uint64_t lba, std::uint64_t sectors,
                   const BootEntry& extended) {
    for (unsigned slot = 0; slot < record.entries.size(); ++slot) {
      const BootEntry& entry = record.entries[slot];
      if (entry.empty() || entry.extended()) continue;
      // Only two entries are ever used; Linux takes the others when they are within bounds.
      const std::uint64_t first = lba + entry.first;
      const bool in_record = std::uint64_t{entry.first} + entry.sectors <= sectors;
      const bool in_extended =
          first >= extended.first &&
          first + entry.sectors <= std::uint64_t{extended.first} + extended.sectors;
      if (slot >= 2 && !(in_record && in_extended)) continue;
      add(entry, next_number_++, first, true);
    }
  }

  static const BootEntry* link_of(const BootRecord& record) {
    for (const BootEntry& entry : record.entries)
      if (!entry.empty() && entry.extended()) return &entry;
    return nullptr;
  }

  const io::BlockSource& disk_;
  const BootRecord& record_;
  std::uint64_t sector_;
  LayoutBuilder builder_;
  std::set<std::uint64_t> visited_{0};  // the boot records read: the master one is at 0
  unsigned next_number_ = 5;
};

}  // namespace

Result<Layout> mbr_layout(const io::BlockSource& disk, const BootRecord& record,
                          std::uint32_t sector) {
  return MbrReader(disk, record, sector).read();
}

}  // namespace drydock::disk
