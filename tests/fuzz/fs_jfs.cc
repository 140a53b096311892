#include "fs/jfs.h"

#include "fuzz/fs_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const drydock::test::FuzzVolume volume(data, size);
  const auto info = drydock::fs::probe_jfs(volume);
  if (info && *info) drydock::test::check_map(volume, drydock::fs::used_jfs(volume));
  return 0;
}
