#include "fs/lvm_group.h"

#include <algorithm>
#include <format>
#include <set>

#include "base/checked.h"
#include "base/text.h"
#include "fs/lvm_text.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kSector = 512;

using Words = std::initializer_list<std::string_view>;

constexpr Words kVolumeSettings{"id",    "status",        "flags",         "tags",
                                "major", "creation_time", "creation_host", "allocation_policy",
                                "minor", "read_ahead",    "segment_count", "profile"};

bool among(std::string_view word, Words known) {
  return std::ranges::find(known, word) != known.end();
}

// The first of a list's words that is not known, or nothing.
std::string_view stranger(std::span<const LvmNode::Value> list, Words known) {
  for (const LvmNode::Value& value : list)
    if (!among(value.text, known)) return value.text;
  return {};
}

std::string_view unknown_setting(const LvmNode& section, Words known) {
  for (const LvmNode& node : section.children)
    if (!node.section && !among(node.name, known)) return node.name;
  return {};
}

std::unexpected<Error> unknown(std::string_view where, std::string_view what) {
  return fail(
      doubt(std::format("its LVM metadata has '{}' in {}, which Drydock does not know or trust",
                        printable(what), where)));
}

std::string without_dashes(std::string_view id) {
  std::string plain;
  for (const char c : id)
    if (c != '-') plain += c;
  return plain;
}

class Reader {
 public:
  Reader(const LvmNode& section, const LvmLabel& label, std::uint64_t volume_bytes)
      : section_(section), label_(label), volume_bytes_(volume_bytes) {}

  Result<LvmGroup> run();

 private:
  Result<void> check_group() const;
  Result<void> find_this_volume();
  Result<void> place_extents(const LvmNode& pv);
  Result<void> find_parts(const LvmNode& lv);
  void note_parts(const LvmNode& node);
  Result<LvmVolume> volume(const LvmNode& lv);
  Result<void> segment(const LvmNode& lv, const LvmNode& section, LvmVolume& into);
  Result<void> stripes(const LvmNode& segment, std::uint64_t extents, LvmVolume& into);
  Result<void> check_overlap();
  std::string reason_for(const LvmNode& lv) const;

  const LvmNode& section_;
  const LvmLabel& label_;
  std::uint64_t volume_bytes_;
  const LvmNode* pvs_ = nullptr;
  const LvmNode* lvs_ = nullptr;
  std::string_view here_;  // what the text calls this physical volume
  std::uint64_t extents_ = 0;
  std::set<std::string_view> parts_;  // names of all that logical volumes are made of
  std::vector<Extent> claims_;        // bytes here, of every segment
  LvmGroup group_;
};

Result<LvmGroup> Reader::run() {
  group_.name = printable(section_.name);
  TRY(check_group());
  TRY(find_this_volume());
  if (lvs_ == nullptr) return std::move(group_);
  for (const LvmNode& lv : lvs_->children) TRY(find_parts(lv));
  for (const LvmNode& lv : lvs_->children) {
    if (!lv.section) return lvm_damaged("a setting among the logical volumes");
    LvmVolume found = TRY(volume(lv));
    if (!found.here.empty()) group_.volumes.push_back(std::move(found));
  }
  TRY(check_overlap());
  return std::move(group_);
}

Result<void> Reader::check_group() const {
  const std::string_view setting =
      unknown_setting(section_, {"id", "seqno", "format", "status", "flags", "tags", "system_id",
                                 "extent_size", "max_lv", "max_pv", "allocation_policy", "profile",
                                 "metadata_copies", "lock_type", "lock_args"});
  if (!setting.empty()) return unknown("the volume group", setting);
  for (const LvmNode& node : section_.children)
    if (node.section &&
        !among(node.name, {"physical_volumes", "logical_volumes", "historical_logical_volumes"}))
      return unknown("the volume group", node.name);
  if (section_.text("format") != "lvm2") return unknown("the format", section_.text("format"));
  const auto status = stranger(section_.list("status"), {"RESIZEABLE", "READ", "WRITE"});
  if (!status.empty()) return unknown("the state of the volume group", status);
  const auto flag = stranger(section_.list("flags"), {});
  if (!flag.empty()) return unknown("the flags of the volume group", flag);
  if (!among(section_.text("lock_type"), {"", "none"}))
    return fail(doubt("its volume group is shared with other machines"));
  return {};
}

Result<void> Reader::find_this_volume() {
  pvs_ = section_.section_named("physical_volumes");
  lvs_ = section_.section_named("logical_volumes");
  if (pvs_ == nullptr) return lvm_damaged("no physical volumes");
  const LvmNode* found = nullptr;
  for (const LvmNode& pv : pvs_->children) {
    if (!pv.section || without_dashes(pv.text("id")) != label_.id) continue;
    if (found != nullptr) return lvm_damaged("the same physical volume twice");
    found = &pv;
  }
  if (found == nullptr)
    return fail(doubt("its LVM metadata is about other physical volumes, not about this one"));
  here_ = found->name;
  return place_extents(*found);
}

Result<void> Reader::place_extents(const LvmNode& pv) {
  const std::string_view setting =
      unknown_setting(pv, {"id", "device", "device_id", "device_id_type", "status", "flags", "tags",
                           "dev_size", "pe_start", "pe_count", "ba_start", "ba_size"});
  if (!setting.empty()) return unknown("the physical volume", setting);
  const auto status = stranger(pv.list("status"), {"ALLOCATABLE"});
  if (!status.empty()) return unknown("the state of the physical volume", status);
  const auto flag = stranger(pv.list("flags"), {});
  if (!flag.empty()) return unknown("the flags of the physical volume", flag);

  const auto size = section_.number("extent_size");
  const auto start = pv.number("pe_start");
  const auto count = pv.number("pe_count");
  if (!size || !start || !count || *size == 0 || *count > UINT32_MAX || *size > UINT32_MAX)
    return lvm_damaged("the sizes of the physical volume");
  extents_ = *count;
  group_.extent_bytes = *size * kSector;
  const auto offset = checked_mul<std::uint64_t>(*start, kSector);
  const auto bytes = checked_mul<std::uint64_t>(extents_, group_.extent_bytes);
  if (!offset || !bytes || *offset > volume_bytes_ || *bytes > volume_bytes_ - *offset)
    return fail(doubt("LVM's extents reach beyond its end"));
  group_.data = {*offset, *bytes};
  if (group_.data.end() / kSector > pv.number("dev_size").value_or(UINT64_MAX))
    return lvm_damaged("more extents than the physical volume has room for");
  if (label_.data.front().offset != *offset)
    return lvm_damaged("label and group place the extents differently");
  for (const Extent& area : label_.metadata)
    if (intersection(area, group_.data).length != 0)
      return lvm_damaged("a metadata area among the extents");
  return {};
}

// Whoever is not "striped" over physical volumes is made of other logical volumes, named in its
// segments: they are no volumes to look into, and neither is the origin of a snapshot, whose free
// blocks the snapshot may need.
Result<void> Reader::find_parts(const LvmNode& lv) {
  for (const LvmNode& node : lv.children) {
    if (!node.section) {
      if (!among(node.name, kVolumeSettings)) note_parts(node);
      continue;
    }
    note_parts(node);
    const std::string_view type = node.text("type");
    if (type != "striped" && parts_.contains(here_))
      return fail(
          doubt(std::format("its logical volume {} is of the kind '{}', and Drydock does "
                            "not know which extents that uses",
                            printable(lv.name), printable(type))));
    parts_.erase(here_);
  }
  return {};
}

// The parser has limited the depth.
void Reader::note_parts(const LvmNode& node) {
  if (among(node.name, {"type", "tags"})) return;
  for (const LvmNode::Value& value : node.values)
    if (!value.number) parts_.insert(value.text);
  for (const LvmNode& child : node.children) note_parts(child);
}

std::string Reader::reason_for(const LvmNode& lv) const {
  const auto status = lv.list("status");
  if (parts_.contains(lv.name)) return "other logical volumes are made of it";
  const auto is_visible = [](const LvmNode::Value& value) { return value.text == "VISIBLE"; };
  if (std::ranges::none_of(status, is_visible)) return "it is an internal volume of LVM";
  const auto state = stranger(status, {"READ", "WRITE", "VISIBLE", "FIXED_MINOR"});
  if (!state.empty()) return std::format("LVM says that its state is {}", printable(state));
  const auto flag = stranger(lv.list("flags"), {"ACTIVATION_SKIP"});
  if (!flag.empty()) return std::format("LVM says that it is {}", printable(flag));
  const std::string_view setting = unknown_setting(lv, kVolumeSettings);
  if (!setting.empty()) return std::format("Drydock does not know its '{}'", printable(setting));
  return {};
}

Result<LvmVolume> Reader::volume(const LvmNode& lv) {
  LvmVolume found;
  found.name = printable(lv.name);
  found.whole_reason = reason_for(lv);
  std::uint64_t segments = 0;
  const auto before = static_cast<std::ptrdiff_t>(claims_.size());
  for (const LvmNode& node : lv.children) {
    if (!node.section) continue;
    TRY(segment(lv, node, found));
    ++segments;
  }
  if (lv.number("segment_count") != segments) return lvm_damaged("the number of segments");
  found.here = ExtentMap::from({claims_.begin() + before, claims_.end()});
  return found;
}

Result<void> Reader::segment(const LvmNode& lv, const LvmNode& section, LvmVolume& into) {
  const auto start = section.number("start_extent");
  const auto count = section.number("extent_count");
  if (!start || !count || *count == 0 || *count > UINT32_MAX || *start > UINT32_MAX)
    return lvm_damaged("the sizes of a segment");
  // LVM writes the segments in order.
  if (into.bytes / group_.extent_bytes != *start)
    return lvm_damaged(std::format("the segments of {} leave a gap", printable(lv.name)));
  const auto bytes = checked_mul<std::uint64_t>(*count, group_.extent_bytes);
  const auto end = bytes ? checked_add(into.bytes, *bytes) : std::nullopt;
  if (!end) return lvm_damaged("the sizes of a segment");
  if (section.text("type") == "striped") {
    TRY(stripes(section, *count, into));
  } else if (into.whole_reason.empty()) {
    into.whole_reason = std::format("it is of the kind '{}', which alone knows what is free",
                                    printable(section.text("type")));
  }
  into.bytes = *end;
  return {};
}

Result<void> Reader::stripes(const LvmNode& segment, std::uint64_t extents, LvmVolume& into) {
  const auto refuse = [&](std::string reason) {
    if (into.whole_reason.empty()) into.whole_reason = std::move(reason);
  };
  const std::string_view setting = unknown_setting(
      segment,
      {"start_extent", "extent_count", "type", "stripe_count", "stripe_size", "stripes", "tags"});
  if (!setting.empty())
    refuse(std::format("Drydock does not know the '{}' of its segments", printable(setting)));

  const auto list = segment.list("stripes");
  const auto count = segment.number("stripe_count");
  const std::uint64_t sectors = segment.number("stripe_size").value_or(0);
  if (!count || *count == 0 || list.size() != *count * 2 || extents % *count != 0)
    return lvm_damaged("the stripes of a segment");
  if (*count > 1 && (sectors == 0 || sectors > UINT32_MAX))
    return lvm_damaged("the size of a stripe");

  const std::uint64_t each = extents / *count;
  const std::uint64_t each_bytes = each * group_.extent_bytes;
  LvmRun run{into.bytes, extents * group_.extent_bytes, sectors * kSector, {}};
  if (*count > 1 && each_bytes % run.stripe_bytes != 0) return lvm_damaged("the size of a stripe");
  for (std::size_t i = 0; i < list.size(); i += 2) {
    if (list[i].number || !list[i + 1].number) return lvm_damaged("the stripes of a segment");
    if (list[i].text != here_) {
      refuse("parts of it are on other disks");
      continue;
    }
    const std::uint64_t first = *list[i + 1].number;
    if (first > extents_ || each > extents_ - first)
      return lvm_damaged("a segment outside the physical volume");
    run.areas.push_back(group_.data.offset + first * group_.extent_bytes);
    claims_.push_back({run.areas.back(), each_bytes});
  }
  if (into.whole_reason.empty()) into.runs.push_back(std::move(run));
  return {};
}

// No extent has two uses: otherwise at least one of them is not what it seems.
Result<void> Reader::check_overlap() {
  std::ranges::sort(claims_, {}, &Extent::offset);
  for (std::size_t i = 1; i < claims_.size(); ++i)
    if (claims_[i].offset < claims_[i - 1].end())
      return lvm_damaged("an extent that is used twice");
  return {};
}

}  // namespace

Result<LvmGroup> LvmGroup::read(std::string_view text, const LvmLabel& label,
                                std::uint64_t volume_bytes) {
  const LvmNode root = TRY(parse_lvm_text(text));
  if (root.text("contents") != "Text Format Volume Group" || root.number("version") != 1)
    return fail(doubt("its LVM metadata is of an unknown version"));
  const LvmNode* group = nullptr;
  for (const LvmNode& node : root.children) {
    if (!node.section) continue;
    if (group != nullptr) return lvm_damaged("two volume groups in one text");
    group = &node;
  }
  if (group == nullptr) return lvm_damaged("no volume group in the text");
  return Reader(*group, label, volume_bytes).run();
}

}  // namespace drydock::fs
