// A physical volume of LVM2, built byte by byte.
#pragma once

#include <string>
#include <string_view>

#include "base/units.h"
#include "fs/lvm_label.h"
#include "unit/fs/fs_builders.h"

namespace drydock::test {

// 1 MiB with a label in sector 1, a metadata area at 4 KiB and as many extents of 32 KiB from
// 64 KiB on as have room. The text says by default that the volume "root" has the extents 2 and 3,
// and 10 and 11 in turns of 4 KiB.
struct LvmDisk {
  static constexpr std::uint64_t kBytes = kMiB;
  static constexpr std::uint64_t kData = 64 * kKiB;
  static constexpr std::uint64_t kExtent = 32 * kKiB;
  static constexpr std::uint64_t kExtents = (kBytes - kData) / kExtent;
  static constexpr std::uint64_t kLabel = 512;
  static constexpr std::uint64_t kHeader = kLabel + 32;
  static constexpr std::uint64_t kArea = 4 * kKiB;
  static constexpr std::uint64_t kAreaBytes = 32 * kKiB;
  static constexpr std::string_view kId = "0123456789abcdefABCDEFghijklmnop";

  explicit LvmDisk(std::string_view text = plain()) {
    put_text(disk, kLabel, "LABELONE");
    put64(disk, kLabel + 8, 1);
    put32(disk, kLabel + 20, 32);
    put_text(disk, kLabel + 24, "LVM2 001");
    put_text(disk, kHeader, kId);
    put64(disk, kHeader + 32, kBytes);
    put64(disk, kHeader + 40, kData);
    put64(disk, kHeader + 72, kArea);
    put64(disk, kHeader + 80, kAreaBytes);
    put32(disk, kHeader + 104, 2);  // version of what follows
    put32(disk, kHeader + 108, text.empty() ? 0 : 1);
    put_text(disk, kArea + 4, " LVM2 x[5A%r0N*>");
    put32(disk, kArea + 20, 1);
    put64(disk, kArea + 24, kArea);
    put64(disk, kArea + 32, kAreaBytes);
    if (!text.empty()) set_text(text);
    seal();
  }

  // The text begins `from` bytes into the area and goes on behind the area's header.
  void set_text(std::string_view text, std::uint64_t from = 1024) {
    const std::string_view first = text.substr(0, kAreaBytes - from);
    put_text(disk, kArea + from, first);
    put_text(disk, kArea + 512, text.substr(first.size()));
    put64(disk, kArea + 40, from);
    put64(disk, kArea + 48, text.size());
    put32(disk, kArea + 56, fs::lvm_crc(as_bytes(text)));
    seal();
  }

  // Checksums of the label and of the area's header.
  void seal() {
    const Bytes all = disk.content();
    put32(disk, kLabel + 16, fs::lvm_crc(all.subspan(kLabel + 20, 512 - 20)));
    put32(disk, kArea, fs::lvm_crc(all.subspan(kArea + 4, 512 - 4)));
  }

  static std::string plain() {
    return group(
        "logical_volumes { root { id = \"r\" status = [\"READ\", \"WRITE\", \"VISIBLE\"]\n"
        "segment_count = 2\n" +
        segment(0, 2, "stripe_count = 1 stripes = [\"pv0\", 2]") +
        segment(2, 2, "stripe_count = 2 stripe_size = 8 stripes = [\"pv0\", 10, \"pv0\", 11]") +
        "} }");
  }
  static std::string segment(unsigned start, unsigned count, std::string_view rest) {
    return std::format(
        "segment{} {{ start_extent = {} extent_count = {} type = \"striped\" {} }}\n", start + 1,
        start, count, rest);
  }
  static std::string group(std::string_view volumes) {
    return std::format(
        "vg {{ # a group\nseqno = 7\nformat = \"lvm2\"\nstatus = [\"RESIZEABLE\"]\nflags = []\n"
        "extent_size = {}\nphysical_volumes {{ pv0 {{ id = "
        "\"012345-6789-abcd-efAB-CDEF-ghij-klmnop\" device = \"/dev/sda\"\n"
        "status = [\"ALLOCATABLE\"] dev_size = {} pe_start = {} pe_count = {} }} }}\n{} }}\n"
        "contents = \"Text Format Volume Group\"\nversion = 1\n",
        kExtent / 512, kBytes / 512, kData / 512, kExtents, volumes);
  }

  io::MemoryDisk disk{kBytes};
};

}  // namespace drydock::test
