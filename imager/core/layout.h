#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/extent_map.h"

namespace drydock {

enum class TableKind { none, mbr, gpt, apm };

std::string_view table_name(TableKind kind);  // "none", "MBR", "GPT", "APM"

struct Partition {
  unsigned number = 0;   // as the kernel numbers it; 0: the whole disk, which has no table
  Extent extent;         // bytes on the disk
  std::string type_id;   // GPT: the type GUID in lower case; MBR: "0x83"; APM: the type's name
  std::string type;      // the same in words: "EFI system", "Linux filesystem"; empty if unknown
  std::string name;      // GPT and APM: the partition's own name
  std::string uuid;      // GPT: the unique GUID; MBR: "SIGNATURE-NN"
  bool active = false;   // MBR: marked to boot from
  bool logical = false;  // MBR: inside an extended partition
  // Why the volume must be kept whole, whatever its filesystem says: "partition 2 overlaps it".
  // Empty: its table gives no reason for doubt.
  std::string whole_reason = {};

  bool operator==(const Partition&) const = default;
};

// Where a disk's volumes are. `partitions` is sorted by offset and nothing in it overlaps; a disk
// without a table has one partition, number 0, over all of it.
struct Layout {
  TableKind table = TableKind::none;
  std::string id;  // GPT: disk GUID; MBR: signature as 8 hex digits
  std::vector<Partition> partitions;
  ExtentMap table_areas;           // every sector that belongs to the table itself
  std::vector<std::string> notes;  // oddities worth telling: "the primary GPT is damaged, …"

  bool operator==(const Layout&) const = default;
};

}  // namespace drydock
