#include "sys/folder_items.h"

#include <filesystem>

namespace drydock::sys {

namespace stdfs = std::filesystem;

Result<std::vector<FolderItem>> items_of(const std::string& folder) {
  std::vector<FolderItem> items;
  std::error_code error;
  stdfs::directory_iterator item(folder, error);
  for (const stdfs::directory_iterator end; !error && item != end; item.increment(error)) {
    std::error_code gone;  // deleted meanwhile, or a link that leads nowhere
    const stdfs::file_status status = item->status(gone);
    if (stdfs::is_directory(status) || stdfs::is_regular_file(status))
      items.push_back({item->path().filename().string(), stdfs::is_directory(status)});
  }
  if (error) return fail(os_error(error.value(), folder, "the folder cannot be read"));
  return items;
}

}  // namespace drydock::sys
