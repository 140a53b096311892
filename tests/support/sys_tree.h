// A computer's /sys and /proc built out of files, as a real kernel lays them out.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "support/temp_dir.h"

namespace drydock::test {

class SysTreeBuilder {
 public:
  using Attributes = std::map<std::string, std::string>;

  SysTreeBuilder();

  // To be given to sys::SysTree.
  std::string root() const { return dir_.path().string(); }

  void write(std::string_view path, std::string_view text);

  // A disk at /sys/devices/PLACE, the last part of which is its name; attributes are relative to
  // it, those below "device/" belong to the device it hangs on. Numbers ("dev", "8:0") are given
  // out by themselves.
  void add_disk(const std::string& place, const Attributes& attributes);
  void add_partition(const std::string& disk, unsigned number, const Attributes& attributes);
  // `holder` (dm-0, md0) stands on `device`; both exist already.
  void add_holder(const std::string& device, const std::string& holder);
  // A line of mountinfo; `device` is a kernel's name or a number ("0:44").
  void add_mount(const std::string& device, const std::string& point, const std::string& filesystem,
                 const std::string& source, const std::string& options = "rw");

 private:
  void add_block(const std::string& folder, const Attributes& attributes);

  TempDir dir_;
  std::map<std::string, std::string> folders_;  // by name, below the root
  std::string mounts_;
};

// The vital product data page 80h of a serial number.
std::string vpd_page_80(std::string_view serial);
// The page 83h with one NAA name (hex digits).
std::string vpd_page_83(std::string_view naa_hex);
// The page 89h of an ATA drive.
std::string vpd_page_89(std::string_view model, std::string_view serial, bool serial_ata);

}  // namespace drydock::test
