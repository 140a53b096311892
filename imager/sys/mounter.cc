#include "sys/mounter.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>

#include "io/fd.h"
#include "io/file_source.h"
#include "sys/block_tree.h"
#include "sys/mount_kind.h"
#include "sys/mounts.h"
#include "sys/retry.h"

namespace drydock::sys {
namespace {

bool is_ours(std::string_view point) {
  return point.starts_with(kMountFolder);
}

std::optional<Mount> mount_of_device(const SysTree& tree, const std::string& name) {
  for (Mount& mount : parse_mountinfo(tree.raw("/proc/self/mountinfo")))
    if (device_of(tree, mount) == name) return mount;
  return std::nullopt;
}

std::optional<Mount> mount_at(const SysTree& tree, const std::string& point) {
  std::optional<Mount> found;
  for (Mount& mount : parse_mountinfo(tree.raw("/proc/self/mountinfo")))
    if (mount.point == point) found = mount;
  return found;
}

Error mount_failure(int os, const std::string& device, const MountKind& kind) {
  const std::string type(kind.type);
  std::string hint = "It may be damaged; choose another volume, or check it first";
  if (os == ENODEV) hint = "This kernel has no support for " + type;
  if (os == EPERM || os == EACCES) hint = "Run it as root";
  if (kind.type == "ntfs3")
    hint = "Windows may not have been shut down cleanly (turn fast startup off there)";
  Error error = os_error(os, device, "cannot be mounted as " + type, hint);
  error.code = Code::environment;
  return error;
}

Result<void> make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(os_error(error.value(), folder, "cannot be created", "Run it as root"));
  return {};
}

Result<void> call_mount(const std::string& device, const std::string& folder, const MountKind& kind,
                        Access access) {
  const bool write = access == Access::read_write;
  const unsigned long flags =
      MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_SILENT | (write ? MS_NOATIME : MS_RDONLY);
  const std::string options(write ? kind.read_write : kind.read_only);
  if (::mount(device.c_str(), folder.c_str(), std::string(kind.type).c_str(), flags,
              options.c_str()) == 0)
    return {};
  const int os = errno;
  ::rmdir(folder.c_str());
  return fail(mount_failure(os, device, kind));
}

}  // namespace

std::string Mounter::mounted_on(const std::string& device) const {
  const auto name = block_name(tree_, device);
  const auto mounted = name ? mount_of_device(tree_, *name) : std::nullopt;
  return mounted ? mounted->point : std::string();
}

Result<std::string> Mounter::mount(const std::string& device, Access access) {
  const auto name = block_name(tree_, device);
  if (!name) return fail(bad_input(device, "is no drive or partition", "List the drives again"));
  const auto mounted = mount_of_device(tree_, *name);
  if (!mounted) return mount_new(*name, access);
  if (access == Access::read_only || !mounted->read_only) return mounted->point;
  if (!is_ours(mounted->point))
    return fail(environment_error(device, "is mounted read-only on " + mounted->point,
                                  "Unmount it first, or choose another volume"));
  TRY(unmount(mounted->point));
  return mount_new(*name, access);
}

Result<std::string> Mounter::mount_new(const std::string& name, Access access) {
  const std::string device = device_path(name);
  TRY(gate_.shut(name));
  const auto source = TRY(io::open_file_source(device));
  const auto kind = TRY(mount_kind(*source));
  if (!kind)
    return fail(
        bad_input(device, "holds no filesystem that can be mounted", "Choose another volume"));
  if (access == Access::read_write && !kind->writable)
    return fail(environment_error(device, "holds a filesystem that can only be read",
                                  "Choose another volume"));
  const std::string folder = std::string(kMountFolder) + name;
  TRY(make_folder(folder));
  if (access == Access::read_write) TRY(gate_.open(name));
  Result<void> mounted = call_mount(device, folder, *kind, access);
  // HFS+ with a journal is mounted read-only whatever was asked for.
  const auto found = mount_at(tree_, folder);
  if (mounted && access == Access::read_write && found && found->read_only) {
    ::umount2(folder.c_str(), 0);
    mounted =
        fail(environment_error(device, "can only be read by this kernel", "Choose another volume"));
  }
  if (mounted) return folder;
  const Result<void> shut = gate_.shut(name);
  return fail(shut ? mounted.error() : shut.error());
}

Result<void> Mounter::unmount(const std::string& point) {
  const auto mounted = mount_at(tree_, point);
  if (!mounted) return fail(environment_error(point, "is not mounted"));
  if (!is_ours(point)) {
    const io::Fd fd = TRY(io::open_path(point, O_RDONLY | O_DIRECTORY));
    if (::syncfs(fd.get()) != 0) return fail(os_error(errno, point, "was not stored completely"));
    return {};
  }
  // A program that just ended may hold a file for a moment longer.
  const int os = retry_while(EBUSY, [&] { return ::umount2(point.c_str(), 0); });
  if (os != 0)
    return fail(
        os_error(os, point, "cannot be unmounted",
                 os == EBUSY ? "End what still uses it, a shell in that folder perhaps" : ""));
  ::rmdir(point.c_str());
  if (const auto name = device_of(tree_, *mounted)) return gate_.shut(*name);
  return {};
}

void Mounter::unmount_all() {
  for (const Mount& mount : parse_mountinfo(tree_.raw("/proc/self/mountinfo")))
    if (is_ours(mount.point)) ::umount2(mount.point.c_str(), MNT_DETACH);
}

}  // namespace drydock::sys
