#include "sys/mount_kind.h"

#include <array>

#include "base/checked.h"
#include "base/units.h"

namespace drydock::sys {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::uint64_t offset;
  std::string_view bytes;
  MountKind kind;
};

constexpr MountKind kExt{"ext4", "noload", ""};
constexpr MountKind kFat{"vfat", "utf8=1", "utf8=1"};
constexpr MountKind kUdf{"udf", "iocharset=utf8", "iocharset=utf8", false};
constexpr MountKind kHfsPlus{"hfsplus", "", ""};

// Two disks with copies of one filesystem are everyday here, which XFS minds without nouuid.
constexpr std::array kMagics = {
    Magic{0, "XFSB", {"xfs", "norecovery,nouuid", "nouuid"}},
    Magic{3, "NTFS    ", {"ntfs3", "iocharset=utf8", "iocharset=utf8"}},
    Magic{3, "EXFAT   ", {"exfat", "", ""}},
    Magic{1080, "\x53\xEF"sv, kExt},
    Magic{1024, "\x10\x20\xF5\xF2"sv, {"f2fs", "norecovery", ""}},
    Magic{1024, "H+", kHfsPlus},
    Magic{1024, "HX", kHfsPlus},
    Magic{65600, "_BHRfS_M", {"btrfs", "rescue=nologreplay", ""}},
    Magic{0, "hsqs", {"squashfs", "", "", false}},
    Magic{1024, "\xE2\xE1\xF5\xE0"sv, {"erofs", "", "", false}},
    // A bridge disc has both; UDF knows more about its files.
    Magic{34817, "NSR0", kUdf},
    Magic{36865, "NSR0", kUdf},
    Magic{38913, "NSR0", kUdf},
    Magic{32769, "CD001", {"iso9660", "iocharset=utf8", "", false}},
    Magic{54, "FAT", kFat},
    Magic{82, "FAT32", kFat},
};

}  // namespace

Result<std::optional<MountKind>> mount_kind(const io::BlockSource& volume) {
  constexpr std::uint64_t kAllMagics = 128 * kKiB;
  const std::uint64_t length = std::min(volume.geometry().bytes, kAllMagics);
  const auto bytes = TRY(io::read_bytes(volume, 0, static_cast<std::size_t>(length)));
  const ByteReader reader(bytes);
  for (const Magic& magic : kMagics)
    if (reader.equals(magic.offset, magic.bytes)) return magic.kind;
  return std::nullopt;
}

}  // namespace drydock::sys
