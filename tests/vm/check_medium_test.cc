// The boot entry that checks the medium: right for a whole one, and it names what is damaged.
#include <boost/test/unit_test.hpp>

#include "support/files.h"
#include "support/live_system.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

// Its place in the boot menu.
unsigned rows_to_check_entry() {
  const std::string entries = read_file("boot/entries");
  unsigned rows = 0;
  for (std::size_t at = entries.find("\nentry "); at != std::string::npos;
       at = entries.find("\nentry ", at + 1), ++rows)
    if (entries.substr(at).starts_with("\nentry check\n")) return rows;
  throw std::runtime_error("boot/entries has no entry check");
}

void choose_check(Vm& vm) {
  vm.wait_for_vga("Check this disc or stick");
  for (unsigned i = rows_to_check_entry(); i > 0; --i) vm.vga_press("down");
  vm.vga_press("ret");
}

// Changes one byte of a file that booting does not need.
void damage(const std::filesystem::path& disc, const std::string& file) {
  const TempDir dir;
  must_run({.argv = {"xorriso", "-osirrox", "on", "-indev", disc, "-extract", file, dir / "file"}});
  const std::string content = read_file(dir / "file"), whole = read_file(disc);
  const std::size_t at = whole.find(content);
  BOOST_REQUIRE(at != std::string::npos);
  write_range(disc, at + content.size() / 2,
              std::string(1, static_cast<char>(content[content.size() / 2] ^ 1)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vm_check_medium)

BOOST_AUTO_TEST_CASE(a_whole_disc) {
  const VmSpec spec = pc_with_iso("check-medium", Firmware::kBios);
  if (const auto why = why_not(spec)) return skip(*why);
  Vm vm(spec);
  choose_check(vm);
  vm.wait_for_serial("is whole: every file on it is as it was made.");
  vm.wait_for_vga("is whole");
  vm.serial_press("ret");
  vm.wait_for_serial("What would you like to do?");
  BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(a_damaged_stick) {
  VmSpec spec = pc_with_iso("check-medium-damaged", Firmware::kBios);
  if (const auto why = why_not(spec)) return skip(*why);
  const TempDir dir;
  copy_sparse(iso(), dir / "stick");
  damage(dir / "stick", "/EFI/BOOT/mmx64.efi");
  spec.cd.clear();
  spec.stick = dir / "stick";
  Vm vm(spec);
  choose_check(vm);
  vm.wait_for_serial("is damaged.");
  vm.wait_for_serial("  EFI/BOOT/mmx64.efi");
  BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
