#include "job/named_volume.h"

#include <algorithm>
#include <cctype>
#include <format>

#include "job/device_names.h"
#include "job/inspect.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

// UUIDs are written in either case.
bool same_letters(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, {}, [](unsigned char c) { return std::tolower(c); },
      [](unsigned char c) { return std::tolower(c); });
}

bool is_called(const VolumeInfo& volume, const std::string& device, const std::string& name) {
  return volume.label == name || (!volume.uuid.empty() && same_letters(volume.uuid, name)) ||
         device == "/dev/" + name;
}

}  // namespace

Result<std::string> find_volume(sys::Machine& machine, const std::string& name) {
  std::vector<std::string> found;
  for (const ListedDisk& listed : TRY(list(machine)).disks)
    for (std::size_t i = 0; i < listed.volumes.size(); ++i) {
      const std::string device =
          partition_device(listed.disk.path, listed.layout.partitions[i].number);
      if (is_called(listed.volumes[i], device, name)) found.push_back(device);
    }
  if (found.empty())
    return fail(environment_error(name,
                                  "is neither the label nor the UUID nor the name of a volume",
                                  "Attach its drive; imager list shows what is there"));
  if (found.size() == 1) return found[0];
  std::string all;
  for (const std::string& device : found) all += (all.empty() ? "" : ", ") + device;
  return fail(bad_input(name, std::format("is the name of {} volumes: {}", found.size(), all),
                        "Name one of them by its partition or its UUID"));
}

}  // namespace drydock::job
