#include "disk/type_names.h"

#include <algorithm>
#include <array>
#include <span>

namespace drydock::disk {
namespace {

struct NamedText {
  std::string_view id;
  std::string_view name;
};

struct NamedByte {
  std::uint8_t id;
  std::string_view name;
};

// UEFI 2.10 table 5.8, the Discoverable Partitions Specification, and the documentation of the
// systems that use them.
constexpr auto kGpt = std::to_array<NamedText>({
    {"c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "EFI system"},
    {"024dee41-33e7-11d3-9d69-0008c781f39f", "MBR inside GPT"},
    {"21686148-6449-6e6f-744e-656564454649", "BIOS boot"},
    {"e3c9e316-0b5c-4db8-817d-f92df00215ae", "Microsoft reserved"},
    {"ebd0a0a2-b9e5-4433-87c0-68b6b72699c7", "Windows data"},
    {"de94bba4-06d1-4d40-a16a-bfd50179d6ac", "Windows recovery"},
    {"5808c8aa-7e8f-42e0-85d2-e1e90434cfb3", "Windows dynamic disk database"},
    {"af9b60a0-1431-4f62-bc68-3311714a69ad", "Windows dynamic disk"},
    {"e75caf8f-f680-4cee-afa3-b001e56efc2d", "Windows storage spaces"},
    {"0fc63daf-8483-4772-8e79-3d69d8477de4", "Linux filesystem"},
    {"0657fd6d-a4ab-43c4-84e5-0933c84b4f4f", "Linux swap"},
    {"e6d6d379-f507-44c2-a23c-238f2a3df928", "Linux LVM"},
    {"a19d880f-05fc-4d3b-a006-743f0f84911e", "Linux RAID"},
    {"ca7d7ccb-63ed-4c53-861c-1742536059cc", "Linux LUKS"},
    {"8da63339-0007-60c0-c436-083ac8230908", "Linux reserved"},
    {"bc13c2ff-59e6-4262-a352-b275fd6f7172", "Linux extended boot"},
    {"933ac7e1-2eb4-4f13-b844-0e14e2aef915", "Linux home"},
    {"773f91ef-66d4-49b5-bd83-d683bf40ad16", "Linux home of a user"},
    {"3b8f8425-20e0-4f3b-907f-1a25a76f98e8", "Linux server data"},
    {"4d21b016-b534-45c2-a9fb-5c16e091fd2d", "Linux variable data"},
    {"7ec6f557-3bc5-4aca-b293-16ef5df639d1", "Linux temporary data"},
    {"44479540-f297-41b2-9af7-d131d5f0458a", "Linux root (x86)"},
    {"4f68bce3-e8cd-4db1-96e7-fbcaf984b709", "Linux root (x86-64)"},
    {"69dad710-2ce4-4e3c-b16c-21a1d49abed3", "Linux root (ARM)"},
    {"b921b045-1df0-41c3-af44-4c6f280d3fae", "Linux root (ARM64)"},
    {"72ec70a6-cf74-40e6-bd49-4bda08e8f224", "Linux root (RISC-V)"},
    {"8484680c-9521-48c6-9c11-b0720656f69e", "Linux /usr (x86-64)"},
    {"2c7357ed-ebd2-46d9-aec1-23d437ec2bf5", "Linux root verity (x86-64)"},
    {"77ff5f63-e7b6-4633-acf4-1565b864c0e6", "Linux /usr verity (x86-64)"},
    {"48465300-0000-11aa-aa11-00306543ecac", "Apple HFS+"},
    {"7c3457ef-0000-11aa-aa11-00306543ecac", "Apple APFS"},
    {"53746f72-6167-11aa-aa11-00306543ecac", "Apple Core Storage"},
    {"426f6f74-0000-11aa-aa11-00306543ecac", "Apple boot"},
    {"52414944-0000-11aa-aa11-00306543ecac", "Apple RAID"},
    {"69646961-6700-11aa-aa11-00306543ecac", "Apple silicon boot"},
    {"52637672-7900-11aa-aa11-00306543ecac", "Apple silicon recovery"},
    {"55465300-0000-11aa-aa11-00306543ecac", "Apple UFS"},
    {"83bd6b9d-7f41-11dc-be0b-001560b84f0f", "FreeBSD boot"},
    {"516e7cb4-6ecf-11d6-8ff8-00022d09712b", "FreeBSD disklabel"},
    {"516e7cb5-6ecf-11d6-8ff8-00022d09712b", "FreeBSD swap"},
    {"516e7cb6-6ecf-11d6-8ff8-00022d09712b", "FreeBSD UFS"},
    {"516e7cba-6ecf-11d6-8ff8-00022d09712b", "FreeBSD ZFS"},
    {"824cc7a0-36a8-11e3-890a-952519ad3f61", "OpenBSD disklabel"},
    {"49f48d32-b10e-11dc-b99b-0019d1879648", "NetBSD swap"},
    {"49f48d5a-b10e-11dc-b99b-0019d1879648", "NetBSD FFS"},
    {"49f48daa-b10e-11dc-b99b-0019d1879648", "NetBSD RAID"},
    {"6a898cc3-1dd2-11b2-99a6-080020736631", "ZFS"},
    {"6a945a3b-1dd2-11b2-99a6-080020736631", "Solaris reserved"},
    {"6a85cf4d-1dd2-11b2-99a6-080020736631", "Solaris root"},
    {"fe3a2a5d-4f32-41a7-b725-accc3285a309", "ChromeOS kernel"},
    {"3cb8e202-3b7e-47dd-8a3c-7ff2a13cfcec", "ChromeOS root"},
    {"2e0a753d-9e48-43b0-8337-b15192cb1b5e", "ChromeOS reserved"},
    {"aa31e02a-400f-11db-9590-000c2911d1b8", "VMware VMFS"},
    {"9d275380-40ad-11db-bf97-000c2911d1b8", "VMware diagnostics"},
    {"9198effc-31c0-11db-8f78-000c2911d1b8", "VMware reserved"},
    {"9e1a2d38-c612-4316-aa26-8b49521e5a8b", "PowerPC PReP boot"},
    {"4fbd7e29-9d25-41b8-afd0-062c0ceff05d", "Ceph storage"},
    {"42465331-3ba3-10f1-802a-4861696b7521", "Haiku BFS"},
    {"bfbfafe7-a34f-448a-9a5b-6213eb736c22", "Lenovo boot"},
    {"d3bfe2de-3daf-11df-ba40-e3a556d89593", "Intel fast flash"},
});

// No standard lists them; these are the meanings that common systems agree on.
constexpr auto kMbr = std::to_array<NamedByte>({
    {0x00, "empty"},
    {0x01, "FAT12"},
    {0x04, "FAT16 up to 32 MB"},
    {0x05, "extended"},
    {0x06, "FAT16"},
    {0x07, "NTFS, exFAT or HPFS"},
    {0x0b, "FAT32"},
    {0x0c, "FAT32 (LBA)"},
    {0x0e, "FAT16 (LBA)"},
    {0x0f, "extended (LBA)"},
    {0x11, "hidden FAT12"},
    {0x12, "vendor's diagnostics"},
    {0x14, "hidden FAT16 up to 32 MB"},
    {0x16, "hidden FAT16"},
    {0x17, "hidden NTFS"},
    {0x1b, "hidden FAT32"},
    {0x1c, "hidden FAT32 (LBA)"},
    {0x1e, "hidden FAT16 (LBA)"},
    {0x27, "Windows recovery"},
    {0x39, "Plan 9"},
    {0x41, "PowerPC PReP boot"},
    {0x42, "Windows dynamic disk"},
    {0x4d, "QNX"},
    {0x63, "GNU Hurd"},
    {0x81, "Minix"},
    {0x82, "Linux swap"},
    {0x83, "Linux"},
    {0x84, "hibernation"},
    {0x85, "Linux extended"},
    {0x88, "Linux plain text"},
    {0x8e, "Linux LVM"},
    {0xa5, "FreeBSD"},
    {0xa6, "OpenBSD"},
    {0xa7, "NeXTSTEP"},
    {0xa8, "Apple UFS"},
    {0xa9, "NetBSD"},
    {0xab, "Apple boot"},
    {0xaf, "Apple HFS+"},
    {0xbe, "Solaris boot"},
    {0xbf, "Solaris"},
    {0xda, "not a filesystem"},
    {0xde, "Dell utility"},
    {0xea, "Linux extended boot"},
    {0xeb, "BeOS BFS"},
    {0xee, "protects a GPT"},
    {0xef, "EFI system"},
    {0xfb, "VMware VMFS"},
    {0xfc, "VMware swap"},
    {0xfd, "Linux RAID"},
});

// <sys/disklabel.h> of the BSDs.
constexpr auto kBsd = std::to_array<NamedByte>({
    {1, "BSD swap"},
    {7, "BSD fast filesystem"},
    {8, "FAT"},
    {9, "BSD log-structured filesystem"},
    {17, "ext2"},
    {18, "NTFS"},
    {19, "RAIDframe"},
    {27, "ZFS"},
});

// Apple, Inside Macintosh: Devices, chapter 3, and later systems.
constexpr auto kApm = std::to_array<NamedText>({
    {"Apple_HFS", "Apple HFS or HFS+"},
    {"Apple_HFSX", "Apple HFSX"},
    {"Apple_APFS", "Apple APFS"},
    {"Apple_Boot", "Apple boot"},
    {"Apple_Bootstrap", "boot loader"},
    {"Apple_CoreStorage", "Apple Core Storage"},
    {"Apple_Driver", "disk driver"},
    {"Apple_Driver43", "disk driver"},
    {"Apple_Driver_ATA", "disk driver"},
    {"Apple_Driver_ATAPI", "disk driver"},
    {"Apple_Driver_IOKit", "disk driver"},
    {"Apple_FWDriver", "disk driver"},
    {"Apple_Patches", "disk driver patches"},
    {"Apple_RAID", "Apple RAID"},
    {"Apple_UFS", "Apple UFS"},
    {"Apple_UNIX_SVR2", "Unix filesystem"},
    {"Apple_PRODOS", "ProDOS"},
    {"Apple_MFS", "Apple MFS"},
    {"Apple_Scratch", "scratch"},
    {"Linux_RAID", "Linux RAID"},
    {"Windows_FAT_32", "FAT32"},
    {"Windows_NTFS", "NTFS"},
});

template <class Named, class Id>
std::string name_in(std::span<const Named> table, const Id& id) {
  const auto found = std::ranges::find(table, id, &Named::id);
  return found == table.end() ? std::string() : std::string(found->name);
}

}  // namespace

std::string gpt_type_name(std::string_view guid) {
  return name_in<NamedText>(kGpt, guid);
}
std::string mbr_type_name(std::uint8_t type) {
  return name_in<NamedByte>(kMbr, type);
}
std::string bsd_type_name(std::uint8_t type) {
  return name_in<NamedByte>(kBsd, type);
}
std::string apm_type_name(std::string_view type) {
  return name_in<NamedText>(kApm, type);
}

}  // namespace drydock::disk
