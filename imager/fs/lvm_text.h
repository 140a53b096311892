#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace drydock::fs {

// A setting or a section of LVM2's text format (lvm.conf(5), "SYNTAX"): `name = value`,
// `name = [value, …]` or `name { … }`. Views into the text that was parsed.
struct LvmNode {
  struct Value {
    std::string_view text;  // what stands between the quotes, escapes as they are
    std::optional<std::uint64_t> number;
  };

  std::string_view name;
  bool section = false;
  std::vector<Value> values;
  std::vector<LvmNode> children;

  const LvmNode* child(std::string_view wanted) const;
  const LvmNode* section_named(std::string_view wanted) const;
  // Of a setting below this section: nothing when it is missing or of another kind.
  std::optional<std::uint64_t> number(std::string_view wanted) const;
  std::string_view text(std::string_view wanted) const;
  std::span<const Value> list(std::string_view wanted) const;
};

// A whole text, whose settings and sections become the children of the node returned. It may end in
// NULs. Fails on anything that is not of this form, on a name that a section has twice, and beyond
// fixed limits of depth and number. `text` must outlive the nodes.
Result<LvmNode> parse_lvm_text(std::string_view text);

// The reason not to trust the metadata.
std::unexpected<Error> lvm_damaged(std::string_view what);

}  // namespace drydock::fs
