#include "fs/exfat.h"

#include "fuzz/fs_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const drydock::test::FuzzVolume volume(data, size);
  const auto info = drydock::fs::probe_exfat(volume);
  if (!info || !*info) return 0;
  drydock::test::check_map(volume, drydock::fs::used_exfat(volume));
  drydock::test::read_all_files(drydock::fs::files_exfat, volume);
  return 0;
}
