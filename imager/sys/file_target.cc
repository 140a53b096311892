#include "sys/file_target.h"

#include <sys/stat.h>

#include <cerrno>

#include "io/sync_folder.h"

namespace drydock::sys {

Result<Target> file_target(const std::string& path, std::uint64_t bytes) {
  Target target{.path = path,
                .id = {.model = {}, .serial = {}, .wwn = {}, .bus = "file"},
                .bytes = bytes,
                .is_file = true};
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode))
      return fail(bad_input(path, "is a folder", "Give a drive, or the name of a file"));
    if (!S_ISREG(status.st_mode))
      return fail(bad_input(path, "is neither a drive nor an ordinary file"));
    if (status.st_size > 0) target.bytes = static_cast<std::uint64_t>(status.st_size);
    return target;
  }
  if (errno != ENOENT) return fail(os_error(errno, path, "cannot be examined"));
  if (path.starts_with("/dev/"))
    return fail(environment_error(path, "there is no such device",
                                  "\"imager list\" shows the drives of this computer"));
  const std::string folder = io::folder_of(path);
  if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
    return fail(environment_error(folder, "there is no such folder", "Create it first"));
  return target;
}

}  // namespace drydock::sys
