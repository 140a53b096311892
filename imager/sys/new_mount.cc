#include "sys/new_mount.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "io/fd.h"

namespace drydock::sys {
namespace {

// linux/mount.h, which does not go together with every C library's sys/mount.h.
constexpr unsigned kFsopenCloexec = 1;
constexpr unsigned kFsmountCloexec = 1;
enum class Fsconfig : unsigned { flag = 0, string = 1, create = 6 };
constexpr unsigned kAttrReadOnly = 1, kAttrNoSuid = 2, kAttrNoDev = 4, kAttrNoExec = 8;
constexpr unsigned kMoveMountFromEmptyPath = 4;

bool configure(int fs, Fsconfig what, const char* key, const char* value) {
  return ::syscall(SYS_fsconfig, fs, static_cast<unsigned>(what), key, value, 0) == 0;
}

}  // namespace

int mount_new(const NewMount& what, const std::string& folder) {
  const io::Fd fs(static_cast<int>(::syscall(SYS_fsopen, what.type.c_str(), kFsopenCloexec)));
  if (!fs) return errno;
  for (const auto& [key, value] : what.options)
    if (!configure(fs.get(), Fsconfig::string, key.c_str(), value.c_str())) return errno;
  for (const std::string& flag : what.flags)
    if (!configure(fs.get(), Fsconfig::flag, flag.c_str(), nullptr)) return errno;
  if (what.read_only && !configure(fs.get(), Fsconfig::flag, "ro", nullptr)) return errno;
  if (!configure(fs.get(), Fsconfig::create, nullptr, nullptr)) return errno;
  const unsigned attributes =
      kAttrNoSuid | kAttrNoDev | kAttrNoExec | (what.read_only ? kAttrReadOnly : 0);
  const io::Fd mounted(
      static_cast<int>(::syscall(SYS_fsmount, fs.get(), kFsmountCloexec, attributes)));
  if (!mounted) return errno;
  if (::syscall(SYS_move_mount, mounted.get(), "", AT_FDCWD, folder.c_str(),
                kMoveMountFromEmptyPath) != 0)
    return errno;
  return 0;
}

}  // namespace drydock::sys
