#include <algorithm>

#include "base/text.h"
#include "base/units.h"
#include "image/reader.h"
#include "job/destination.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

std::string source_of(const Manifest& manifest) {
  const std::string model = printable(manifest.id.model);
  const std::string size = vendor_bytes(manifest.geometry.bytes);
  return model.empty() ? size : model + ", " + size;
}

// A file that cannot be read is shown without what is in it.
void look_into(sys::Machine& machine, const std::string& path, FolderEntry& entry) {
  entry.incomplete = entry.name.ends_with(".part");
  const auto file = machine.open_source(path);
  if (!file) return;
  entry.bytes = (*file)->geometry().bytes;
  if (!image::is_image(**file)) return;
  entry.image = !entry.incomplete;
  const auto manifest = image::read_manifest(**file);
  if (!manifest) return;
  entry.created = manifest->created;
  entry.source = source_of(*manifest);
  entry.disk = manifest->id;
}

bool before(const FolderEntry& a, const FolderEntry& b) {
  return a.folder != b.folder ? a.folder : a.name < b.name;
}

}  // namespace

Result<std::vector<FolderEntry>> browse(sys::Machine& machine, const std::string& folder) {
  std::vector<FolderEntry> entries;
  for (sys::FolderItem& item : TRY(machine.items(folder))) {
    FolderEntry entry;
    entry.name = std::move(item.name);
    entry.folder = item.folder;
    if (!entry.folder) look_into(machine, folder + "/" + entry.name, entry);
    entries.push_back(std::move(entry));
  }
  std::ranges::sort(entries, before);
  return entries;
}

}  // namespace drydock::job
