#include "fs/windows_version.h"
#include "fuzz/fs_fuzz.h"
#include "unit/fs/fake_files.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  drydock::test::FakeFiles files;
  files.add_file("Windows/System32/config/SOFTWARE",
                 std::string(reinterpret_cast<const char*>(data), size));
  const auto name = drydock::fs::windows_system(files, files.root().value());
  drydock::test::demand(!name || name->size() <= drydock::fs::kLongestSystemName);
  return 0;
}
