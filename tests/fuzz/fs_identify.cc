#include "fuzz/fs_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace drydock;
  const test::FuzzVolume volume(data, size);
  const Volume found = fs::survey(volume, {});
  test::demand(found.used.end() <= volume.geometry().bytes);
  test::demand(found.used_block() || found.used == ExtentMap::whole(volume.geometry().bytes));
  test::demand(found.info.filesystem == fs::identify(volume).filesystem);
  return 0;
}
