// The ISO: its size, the loaders' menus, the signed parts untouched, its partitions, and the bill
// of materials.

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "support/built_image.h"
#include "support/files.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;

// The entries of boot/entries that a kernel is started from, and the others.
std::vector<std::string> entry_ids() {
  std::vector<std::string> ids;
  for (const auto& line : lines(read_file("boot/entries")))
    if (line.starts_with("entry ")) ids.push_back(line.substr(6));
  return ids;
}

std::string menu(const std::string& loader) {
  return must_run({.argv = {"boot/menu", loader}, .input = read_file("boot/entries")});
}

// The arguments of every kernel in a configuration, whichever loader's. (chain.c32 has an APPEND of
// its own.)
std::vector<std::string> kernel_lines(const std::string& configuration) {
  std::vector<std::string> result;
  bool kernel = false;
  for (const auto& line : lines(configuration)) {
    if (line.starts_with("LABEL ")) kernel = false;
    if (line.starts_with("  KERNEL ")) kernel = true;
    if (line.starts_with("  linux ") || (kernel && line.starts_with("  APPEND ")))
      result.push_back(line);
  }
  return result;
}

nlohmann::json partitions() {
  return nlohmann::json::parse(must_run({.argv = {"sfdisk", "--json", kIso}})).at("partitiontable");
}

BOOST_AUTO_TEST_SUITE(image_iso)

BOOST_AUTO_TEST_CASE(the_size_keeps_within_the_budget) {
  BOOST_TEST(std::filesystem::file_size(kIso) <= 64 * kMiB);
}

BOOST_AUTO_TEST_CASE(the_sum_beside_it_is_right) {
  BOOST_TEST(read_file("build/drydock.iso.sha256") == sha256(kIso) + "  drydock.iso\n");
}

BOOST_AUTO_TEST_CASE(the_menus_on_it_are_those_of_the_entries) {
  BOOST_TEST(iso_file("/isolinux/isolinux.cfg") == menu("isolinux"));
  BOOST_TEST(iso_file("/boot/grub/grub.cfg") == menu("grub"));
}

// A BIOS has no setup to go to; UEFI needs no second disk, as a stick is told from the disks.
BOOST_AUTO_TEST_CASE(every_loader_has_every_entry) {
  const auto ids = entry_ids();
  BOOST_TEST(ids.size() >= 6U);
  BOOST_TEST(ids.front() == "normal");
  for (const auto& id : ids) {
    BOOST_TEST((menu("grub").find(" --id " + id + " {") != std::string::npos) == (id != "second"),
               id);
    for (const auto* loader : {"isolinux", "pxelinux"})
      BOOST_TEST(
          (menu(loader).find("LABEL " + id + "\n") != std::string::npos) == (id != "firmware"),
          loader << id);
  }
}

BOOST_AUTO_TEST_CASE(grub_can_read_its_menu) {
  if (const auto why = missing_program("grub-script-check")) return skip(*why);
  const auto checked = run({.argv = {"grub-script-check", "/dev/stdin"}, .input = menu("grub")});
  BOOST_TEST(checked.ok(), checked.describe());
}

BOOST_AUTO_TEST_CASE(the_first_entry_starts_after_five_seconds) {
  BOOST_TEST(menu("grub").starts_with("set timeout=5\nset default=normal\n"));
  for (const auto* loader : {"isolinux", "pxelinux"}) {
    BOOST_TEST(menu(loader).starts_with("SERIAL 0 115200\n"), loader);
    BOOST_TEST(menu(loader).find("\nTIMEOUT 50\n") != std::string::npos, loader);
    BOOST_TEST(menu(loader).find("\nDEFAULT normal\n") != std::string::npos, loader);
  }
}

// The last console is /dev/console: the screen, except where the person chose the serial line.
BOOST_AUTO_TEST_CASE(every_kernel_talks_to_the_screen_and_the_serial_line) {
  for (const auto* loader : {"grub", "isolinux", "pxelinux"}) {
    std::size_t serial_last = 0;
    const auto kernels = kernel_lines(menu(loader));
    BOOST_TEST(kernels.size() == 5U, loader);
    for (const auto& line : kernels) {
      const auto screen = line.find("console=tty0"), serial = line.find("console=ttyS0,115200");
      BOOST_TEST(screen != std::string::npos, line);
      BOOST_TEST(serial != std::string::npos, line);
      BOOST_TEST(line.find("noresume") != std::string::npos, line);
      if (serial > screen) ++serial_last;
    }
    BOOST_TEST(serial_last == 1U, loader);
  }
}

// isolinux.bin is written into while the ISO is made; the boot catalogue is made then.
BOOST_AUTO_TEST_CASE(the_sums_on_it_are_those_of_its_files) {
  const TempDir files("drydock-iso-files");
  must_run({.argv = {"xorriso", "-osirrox", "on", "-indev", kIso, "-extract", "/", files.path()}});
  std::set<std::string> summed;
  for (const auto& line : lines(iso_file("/SHA256SUMS"))) {
    if (line.empty()) continue;
    summed.insert(line.substr(66));
    BOOST_TEST(line.substr(0, 64) == sha256(files / line.substr(66)), line);
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(files.path())) {
    const std::string name = entry.path().lexically_relative(files.path()).string();
    const bool apart =
        name == "SHA256SUMS" || name == "isolinux/isolinux.bin" || name == "isolinux/boot.cat";
    if (entry.is_regular_file() && !apart) BOOST_TEST(summed.contains(name), name);
  }
}

BOOST_AUTO_TEST_CASE(signed_parts_are_as_their_packages_have_them) {
  const auto shim = read_file(package("shim-signed") / "usr/lib/shim/shimx64.efi.signed");
  const auto grub = read_file(package("grub-efi-amd64-signed") /
                              "usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed");
  BOOST_TEST((iso_file("/EFI/BOOT/BOOTX64.EFI") == shim));
  BOOST_TEST((iso_file("/EFI/BOOT/grubx64.efi") == grub));
  for (const auto& file :
       std::filesystem::directory_iterator(package("linux-image-amd64") / "boot"))
    if (file.path().filename().string().starts_with("vmlinuz-"))
      BOOST_TEST((iso_file("/boot/vmlinuz") == read_file(file.path())));
}

BOOST_AUTO_TEST_CASE(the_initramfs_on_it_is_the_packed_one) {
  BOOST_TEST((iso_file("/boot/initrd.img") == read_file(kInitrd)));
}

// As a stick, firmware finds an EFI system partition that overlaps nothing and starts shim from it.
BOOST_AUTO_TEST_CASE(the_efi_partition_holds_shim_and_leads_to_the_iso) {
  if (const auto why = missing_program("sfdisk")) return skip(*why);
  const auto table = partitions();
  BOOST_TEST(table.at("label") == "gpt");
  const auto& list = table.at("partitions");
  BOOST_REQUIRE(list.size() == 2U);
  const auto& iso = list.at(0);
  const auto& esp = list.at(1);
  BOOST_TEST(esp.at("type") == "C12A7328-F81F-11D2-BA4B-00A0C93EC93B");
  BOOST_TEST(iso.at("start").get<std::uint64_t>() + iso.at("size").get<std::uint64_t>() <=
             esp.at("start").get<std::uint64_t>());

  const TempDir dir("esp");
  write_file(dir / "esp.img", read_range(kIso, esp.at("start").get<std::uint64_t>() * 512,
                                         esp.at("size").get<std::uint64_t>() * 512));
  const auto in_esp = [&](const std::string& path) {
    return must_run({.argv = {"mtype", "-i", dir / "esp.img", "::" + path}});
  };
  BOOST_TEST((in_esp("/EFI/BOOT/BOOTX64.EFI") == iso_file("/EFI/BOOT/BOOTX64.EFI")));
  BOOST_TEST((in_esp("/EFI/BOOT/grubx64.efi") == iso_file("/EFI/BOOT/grubx64.efi")));

  // GRUB names an ISO by its modification date; blkid by the same digits.
  const auto uuid =
      must_run({.argv = {"blkid", "-p", "-s", "UUID", "-o", "value", "-O", "0", kIso}});
  BOOST_TEST(in_esp("/boot/grub/grub.cfg").find("--fs-uuid " + uuid.substr(0, uuid.find('\n'))) !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_bill_of_materials_names_every_package) {
  const auto text = iso_file("/sbom.json");
  const auto* packed = find_entry("etc/drydock/sbom.json");
  BOOST_REQUIRE(packed != nullptr);
  BOOST_TEST((packed->data == text));

  const auto bill = nlohmann::json::parse(text);
  BOOST_TEST(bill.at("spdxVersion") == "SPDX-2.3");
  std::set<std::string> named;
  for (const auto& item : bill.at("packages"))
    if (item.contains("checksums"))
      named.insert(item.at("name").get<std::string>() + " " +
                   item.at("versionInfo").get<std::string>() + " " +
                   item.at("checksums").at(0).at("checksumValue").get<std::string>());

  const std::set<std::string> not_on_the_medium = {"libboost1.83-dev", "pxelinux"};
  std::size_t expected = 0;
  for (const auto& line : lines(read_file("rootfs/packages/lock"))) {
    const auto name = line.substr(0, line.find(' '));
    if (name.empty() || name == "#" || not_on_the_medium.contains(name)) continue;
    ++expected;
    // NAME PACKAGE VERSION SHA256 FILE, of what was really used
    std::istringstream origin(must_run({.argv = {"rootfs/packages/fetch", "--origin", name}}));
    std::string asked, what, version, sum;
    origin >> asked >> what >> version >> sum;
    BOOST_TEST(named.contains(what + " " + version + " " + sum), name);
  }
  BOOST_TEST(named.size() == expected);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::test
