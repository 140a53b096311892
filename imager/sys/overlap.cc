#include "sys/overlap.h"

#include <filesystem>

#include "sys/block_tree.h"
#include "sys/storage.h"

namespace drydock::sys {
namespace {

bool devices_overlap(const SysTree& tree, const std::string& a, const std::string& b) {
  return a == b || whole_disk(tree, a) == b || whole_disk(tree, b) == a;
}

Result<bool> stands_on(const SysTree& tree, const std::string& file, const std::string& device) {
  const Storage storage = TRY(storage_of(tree, real_path(file)));
  const auto below = block_name(tree, storage.device);
  return below && devices_overlap(tree, *below, device);
}

}  // namespace

Result<bool> overlap(const SysTree& tree, const std::string& a, const std::string& b) {
  const auto device_a = block_name(tree, a);
  const auto device_b = block_name(tree, b);
  if (device_a && device_b) return devices_overlap(tree, *device_a, *device_b);
  if (device_a) return stands_on(tree, b, *device_a);
  if (device_b) return stands_on(tree, a, *device_b);
  std::error_code missing;
  return std::filesystem::equivalent(a, b, missing);
}

}  // namespace drydock::sys
