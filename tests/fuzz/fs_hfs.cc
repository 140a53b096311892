#include "fs/hfs.h"

#include "fuzz/fs_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace drydock;
  const test::FuzzVolume volume(data, size);
  const auto info = fs::probe_hfs(volume);
  if (!info || !*info) return 0;
  test::check_map(volume, fs::used_hfs(volume));
  test::read_all_files(fs::files_hfs, volume);
  return 0;
}
