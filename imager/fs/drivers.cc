#include <array>

#include "fs/apfs.h"
#include "fs/btrfs.h"
#include "fs/driver.h"
#include "fs/encrypted.h"
#include "fs/exfat.h"
#include "fs/ext.h"
#include "fs/f2fs.h"
#include "fs/fat.h"
#include "fs/hfs.h"
#include "fs/images.h"
#include "fs/jfs.h"
#include "fs/linux_fs.h"
#include "fs/lvm.h"
#include "fs/minix.h"
#include "fs/nilfs.h"
#include "fs/ntfs.h"
#include "fs/optical.h"
#include "fs/os_release.h"
#include "fs/pools.h"
#include "fs/raid.h"
#include "fs/reiserfs.h"
#include "fs/swap.h"
#include "fs/udf.h"
#include "fs/ufs.h"
#include "fs/unix_fs.h"
#include "fs/windows_fs.h"
#include "fs/windows_version.h"
#include "fs/xfs.h"

namespace drydock::fs {
namespace {

constexpr std::string_view kEncrypted = "it is encrypted: what is free in it cannot be seen";
constexpr std::string_view kMember = "it is a member of a RAID, which alone knows what is free";
constexpr std::string_view kPool = "it belongs to a storage pool, which alone knows what is free";
constexpr std::string_view kFull = "it is a finished image without free space";

constexpr std::array kDrivers{
    // Containers.
    Driver{.name = "luks", .probe = probe_luks, .whole_reason = kEncrypted},
    Driver{.name = "bitlocker", .probe = probe_bitlocker, .whole_reason = kEncrypted},
    Driver{.name = "mdraid", .probe = probe_mdraid, .whole_reason = kMember},
    Driver{.name = "firmware-raid", .probe = probe_firmware_raid, .whole_reason = kMember},
    Driver{.name = "lvm2",
           .probe = probe_lvm2,
           .contents = contents_lvm2,
           .files = files_lvm2,
           .system = linux_system},
    Driver{.name = "bcache", .probe = probe_bcache, .whole_reason = kPool},
    Driver{.name = "bluestore", .probe = probe_bluestore, .whole_reason = kPool},
    Driver{.name = "storage-spaces", .probe = probe_storage_spaces, .whole_reason = kPool},
    Driver{.name = "vmfs", .probe = probe_vmfs},
    Driver{.name = "vdo", .probe = probe_vdo, .whole_reason = kPool},
    Driver{.name = "stratis", .probe = probe_stratis, .whole_reason = kPool},
    Driver{.name = "zfs", .probe = probe_zfs},
    Driver{.name = "bcachefs", .probe = probe_bcachefs},
    Driver{.name = "btrfs",
           .probe = probe_btrfs,
           .used = used_btrfs,
           .files = files_btrfs,
           .system = linux_system},

    // Filesystems with a long magic number.
    Driver{.name = "ntfs",
           .probe = probe_ntfs,
           .used = used_ntfs,
           .files = files_ntfs,
           .system = windows_system},
    Driver{.name = "exfat", .probe = probe_exfat, .used = used_exfat, .files = files_exfat},
    Driver{.name = "refs", .probe = probe_refs},
    Driver{.name = "hpfs", .probe = probe_hpfs},
    Driver{.name = "xfs",
           .probe = probe_xfs,
           .used = used_xfs,
           .files = files_xfs,
           .system = linux_system},
    Driver{.name = "f2fs", .probe = probe_f2fs, .used = used_f2fs},
    Driver{.name = "apfs", .probe = probe_apfs, .used = used_apfs},
    Driver{.name = "hfs", .probe = probe_hfs, .used = used_hfs, .files = files_hfs},
    Driver{.name = "jfs", .probe = probe_jfs, .used = used_jfs},
    Driver{.name = "reiserfs", .probe = probe_reiserfs, .used = used_reiserfs},
    Driver{.name = "gfs2", .probe = probe_gfs2},
    Driver{.name = "ocfs2", .probe = probe_ocfs2},
    Driver{.name = "ufs", .probe = probe_ufs, .used = used_ufs},
    Driver{.name = "udf", .probe = probe_udf, .used = used_udf},
    Driver{.name = "optical", .probe = probe_optical, .whole_reason = kFull},
    Driver{.name = "squashfs", .probe = probe_squashfs, .whole_reason = kFull},
    Driver{.name = "erofs", .probe = probe_erofs, .whole_reason = kFull},
    Driver{.name = "cramfs", .probe = probe_cramfs, .whole_reason = kFull},

    // Those with a short one, or with none but plausible fields.
    Driver{.name = "ext",
           .probe = probe_ext,
           .used = used_ext,
           .files = files_ext,
           .system = linux_system},
    Driver{.name = "swap", .probe = probe_swap, .used = used_swap},
    Driver{.name = "fat", .probe = probe_fat, .used = used_fat, .files = files_fat},
    Driver{.name = "nilfs", .probe = probe_nilfs, .used = used_nilfs, .weak = true},
    Driver{.name = "minix", .probe = probe_minix, .used = used_minix, .weak = true},
};

}  // namespace

std::span<const Driver> drivers() {
  return kDrivers;
}

}  // namespace drydock::fs
