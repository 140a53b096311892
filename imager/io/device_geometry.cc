#include "io/device_geometry.h"

#include <linux/fs.h>
#include <sys/ioctl.h>

#include <bit>
#include <cerrno>

namespace drydock::io {

Result<Geometry> device_geometry(int fd, const std::string& name) {
  std::uint64_t bytes = 0;
  int logical = 0;
  unsigned physical = 0;
  if (::ioctl(fd, BLKGETSIZE64, &bytes) != 0 || ::ioctl(fd, BLKSSZGET, &logical) != 0)
    return fail(os_error(errno, name, "does not tell its size"));
  if (bytes == 0)
    return fail(environment_error(name, "holds no medium or has no size", "Insert a medium"));
  if (logical < 512 || !std::has_single_bit(static_cast<unsigned>(logical)))
    return fail(environment_error(name, "tells a sector size that makes no sense"));
  if (::ioctl(fd, BLKPBSZGET, &physical) != 0 || physical < static_cast<unsigned>(logical))
    physical = static_cast<unsigned>(logical);
  return Geometry{bytes, static_cast<std::uint32_t>(logical), physical};
}

}  // namespace drydock::io
