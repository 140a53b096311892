#include "sys/reread_table.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

#include "io/fd.h"
#include "sys/retry.h"

namespace drydock::sys {

Result<void> reread_table(const std::string& device) {
  const io::Fd fd = TRY(io::open_path(device, O_RDONLY));
  const int os = retry_while(EBUSY, [&] { return ::ioctl(fd.get(), BLKRRPART, 0); });
  // Partitions themselves, and loop devices made without a partition scan.
  if (os == 0 || os == EINVAL || os == ENOTTY) return {};
  return fail(os_error(os, device, "the kernel did not read its new partition table",
                       "Nothing is lost: unplug the drive and plug it in again, or restart"));
}

}  // namespace drydock::sys
