#include "fs/xfs.h"

#include "fuzz/fs_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const drydock::test::FuzzVolume volume(data, size);
  const auto info = drydock::fs::probe_xfs(volume);
  if (!info || !*info) return 0;
  drydock::test::check_map(volume, drydock::fs::used_xfs(volume));
  drydock::test::read_all_files(drydock::fs::files_xfs, volume);
  return 0;
}
