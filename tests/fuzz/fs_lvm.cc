#include "fs/lvm.h"

#include "fuzz/fs_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const drydock::test::FuzzVolume volume(data, size);
  const auto info = drydock::fs::probe_lvm2(volume);
  if (!info || !*info) return 0;
  auto contents = drydock::fs::contents_lvm2(volume);
  if (contents)
    drydock::test::check_map(volume, std::move(contents->used));
  else
    drydock::test::check_map(volume, drydock::fail(std::move(contents.error())));
  drydock::test::read_all_files(drydock::fs::files_lvm2, volume);
  return 0;
}
