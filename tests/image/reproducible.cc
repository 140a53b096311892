// The same inputs give the same bytes: packed again, elsewhere, later, with another umask.

#include <boost/test/unit_test.hpp>

#include "support/built_image.h"
#include "support/files.h"
#include "support/process.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

// Runs one of our build scripts the way a stranger's machine would.
void run_elsewhere(const TempDir& dir, std::vector<std::string> argv) {
  std::filesystem::create_directory(dir / "tmp");
  argv.insert(argv.begin(), {"sh", "-c", "umask 077; exec \"$@\"", "sh"});
  must_run(
      {.argv = std::move(argv),
       .env = {
           {"TMPDIR", dir / "tmp"}, {"SOURCE_DATE_EPOCH", "1767225600"}, {"TZ", "Asia/Tokyo"}}});
}

std::filesystem::path kernel_image() {
  for (const auto& file :
       std::filesystem::directory_iterator(package("linux-image-amd64") / "boot"))
    if (file.path().filename().string().starts_with("vmlinuz-")) return file.path();
  throw std::runtime_error("the kernel package has no vmlinuz");
}

BOOST_AUTO_TEST_SUITE(image_reproducible)

BOOST_AUTO_TEST_CASE(modules_are_staged_alike) {
  const TempDir dir("stage");
  run_elsewhere(dir, {"initramfs/modules", "--kernel", package("linux-image-amd64"), "--features",
                      "initramfs/features.d", "--report", dir / "report", "-o", dir / "stage"});
  BOOST_TEST(read_file(dir / "report") == read_file("build/modules.txt"));
  const auto compared = run({.argv = {"diff", "-r", "build/modules", dir / "stage"}});
  BOOST_TEST(compared.ok(), compared.out);
}

BOOST_AUTO_TEST_CASE(programs_are_compressed_alike) {
  const TempDir dir("programs");
  run_elsewhere(dir, {"sh", "-c", R"(exec rootfs/pack-programs -o "$1" $(make -s list-rescue))",
                      "sh", dir / "programs"});
  const auto compared = run({.argv = {"diff", "-r", "build/programs", dir / "programs"}});
  BOOST_TEST(compared.ok(), compared.out);
}

BOOST_AUTO_TEST_CASE(the_initramfs_is_packed_alike) {
  const TempDir dir("pack");
  run_elsewhere(dir, {"initramfs/pack", "--init", "initramfs/init", "--root", kRootfs, "--modules",
                      "build/modules", "--programs", "build/programs", "-o", dir / "initrd.img"});
  BOOST_TEST(same_contents(dir / "initrd.img", kInitrd));
}

BOOST_AUTO_TEST_CASE(the_iso_is_made_alike) {
  const TempDir dir("iso");
  run_elsewhere(dir, {"boot/mkiso",
                      "--kernel",
                      kernel_image(),
                      "--initrd",
                      kInitrd,
                      "--sbom",
                      "build/sbom.json",
                      "--entries",
                      "boot/entries",
                      "--isolinux",
                      package("isolinux"),
                      "--syslinux",
                      package("syslinux-common"),
                      "--shim",
                      package("shim-signed"),
                      "--shim-helpers",
                      package("shim-helpers-amd64-signed"),
                      "--grub",
                      package("grub-efi-amd64-signed"),
                      "-o",
                      dir / "drydock.iso"});
  BOOST_TEST(same_contents(dir / "drydock.iso", kIso));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::test
