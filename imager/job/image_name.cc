#include "job/save.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

// Letters, digits and dashes only: a name that every filesystem and shell takes.
std::string plain(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const bool keep = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (keep)
      name += c;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (name.ends_with('-')) name.pop_back();
  return name;
}

}  // namespace

std::string proposed_image_name(sys::Machine& machine, const std::string& source) {
  std::string name;
  if (const auto disks = machine.disks())
    for (const Disk& disk : *disks)
      if (disk.path == source) name = plain(disk.id.model);
  if (name.empty()) name = plain(source.substr(source.rfind('/') + 1));
  if (name.empty()) name = "disk";
  return name + "-" + machine.time_of("").substr(0, 10) + ".img.zst";
}

}  // namespace drydock::job
