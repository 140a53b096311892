#include "job/drive_name.h"

namespace drydock::job {

std::string plain_name(const std::string& text) {
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

std::string drive_name(const DiskId& id, const std::string& path) {
  std::string name = plain_name(id.model + " " + id.serial);
  if (name.empty()) name = plain_name(path.substr(path.rfind('/') + 1));
  return name.empty() ? "disk" : name;
}

}  // namespace drydock::job
