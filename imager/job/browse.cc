#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "base/units.h"
#include "image/reader.h"
#include "job/destination.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

namespace stdfs = std::filesystem;

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
}

bool before(const FolderEntry& a, const FolderEntry& b) {
  return a.folder != b.folder ? a.folder : a.name < b.name;
}

}  // namespace

Result<std::vector<FolderEntry>> browse(sys::Machine& machine, const std::string& folder) {
  std::vector<FolderEntry> entries;
  std::error_code error;
  stdfs::directory_iterator item(folder, error);
  for (const stdfs::directory_iterator end; !error && item != end; item.increment(error)) {
    FolderEntry entry;
    entry.name = item->path().filename().string();
    std::error_code gone;  // deleted meanwhile, or a link that leads nowhere
    const stdfs::file_status status = item->status(gone);
    entry.folder = stdfs::is_directory(status);
    if (!entry.folder && !stdfs::is_regular_file(status)) continue;
    if (!entry.folder) look_into(machine, item->path().string(), entry);
    entries.push_back(std::move(entry));
  }
  if (error) return fail(os_error(error.value(), folder, "the folder cannot be read"));
  std::ranges::sort(entries, before);
  return entries;
}

}  // namespace drydock::job
