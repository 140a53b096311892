#include "io/sync_folder.h"

#include <fcntl.h>

#include <cerrno>

#include "io/fd.h"

namespace drydock::io {

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> sync_folder_of(const std::string& path) {
  const std::string folder = folder_of(path);
  const Fd fd = TRY(open_path(folder, O_RDONLY | O_DIRECTORY));
  if (::fsync(fd.get()) == 0 || errno == EINVAL || errno == ENOTSUP || errno == ENOSYS) return {};
  Error error = os_error(errno, folder, "was not stored completely");
  error.code = Code::environment;
  return fail(std::move(error));
}

}  // namespace drydock::io
