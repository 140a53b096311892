#include "fs/ext.h"

#include "fuzz/fs_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const drydock::test::FuzzVolume volume(data, size);
  const auto info = drydock::fs::probe_ext(volume);
  if (info && *info) drydock::test::check_map(volume, drydock::fs::used_ext(volume));
  drydock::test::read_all_files(drydock::fs::files_ext, volume);
  return 0;
}
