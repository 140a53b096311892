// The kernel modules: complete in themselves, exactly as signed, and the drivers that were
// promised.

#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <sstream>

#include "support/built_image.h"
#include "support/files.h"
#include "support/process.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

constexpr std::string_view kModules = "usr/lib/modules/";

// usr/lib/modules/VERSION/
std::string module_root() {
  for (const auto& entry : initramfs())
    if (entry.path.starts_with(kModules) && entry.path.ends_with("/modules.dep"))
      return entry.path.substr(0, entry.path.size() - std::string_view("modules.dep").size());
  throw std::runtime_error("the initramfs has no modules.dep");
}

// Each module with what it depends on, paths below the root.
std::map<std::string, std::vector<std::string>> dependencies() {
  std::map<std::string, std::vector<std::string>> result;
  for (const auto& line : lines(find_entry(module_root() + "modules.dep")->data)) {
    const auto colon = line.find(':');
    auto& needs = result[line.substr(0, colon)];
    std::istringstream rest(line.substr(colon + 1));
    for (std::string path; rest >> path;) needs.push_back(path);
  }
  return result;
}

std::set<std::string> packed_modules() {
  std::set<std::string> result;
  const auto root = module_root();
  for (const auto& entry : initramfs())
    if (entry.path.ends_with(".ko.xz")) result.insert(entry.path.substr(root.size()));
  return result;
}

bool have_module(const std::set<std::string>& modules, const std::string& name) {
  for (const auto& path : modules)
    if (path.ends_with("/" + name + ".ko.xz")) return true;
  return false;
}

BOOST_AUTO_TEST_SUITE(image_modules)

BOOST_AUTO_TEST_CASE(the_closure_is_complete) {
  const auto packed = packed_modules();
  const auto needs = dependencies();
  BOOST_TEST(needs.size() == packed.size());
  for (const auto& [module, list] : needs) {
    BOOST_TEST(packed.contains(module), module);
    for (const auto& needed : list)
      BOOST_TEST(packed.contains(needed), module << " needs " << needed);
  }
}

// Under Secure Boot the kernel refuses a module whose signature is gone or does not fit.
BOOST_AUTO_TEST_CASE(modules_are_as_the_package_has_them) {
  const auto source = package("linux-image-amd64");
  for (const auto& entry : initramfs())
    if (entry.path.ends_with(".ko.xz"))
      BOOST_TEST((entry.data == read_file(source / entry.path)), entry.path);
}

BOOST_AUTO_TEST_CASE(promised_drivers_are_there) {
  const auto packed = packed_modules();
  for (const auto* name :
       {"sd_mod",      "sr_mod",      "ahci",         "ata_piix",   "nvme",        "vmd",
        "virtio_blk",  "virtio_scsi", "megaraid_sas", "mpt3sas",    "mptspi",      "sym53c8xx",
        "aacraid",     "hpsa",        "smartpqi",     "vmw_pvscsi", "hv_storvsc",  "xen-blkfront",
        "usb-storage", "uas",         "xhci-pci",     "ehci-pci",   "uhci-hcd",    "ohci-pci",
        "usbhid",      "hid-generic", "mmc_block",    "sdhci-pci",  "rtsx_pci",    "floppy",
        "loop",        "nbd",         "dm-mod",       "raid1",      "thunderbolt", "ext4",
        "xfs",         "btrfs",       "f2fs",         "vfat",       "exfat",       "ntfs3",
        "hfsplus",     "udf",         "isofs",        "ufs",        "minix",       "cifs",
        "nfs",         "nls_utf8",    "e1000e",       "igb",        "ixgbe",       "r8169",
        "tg3",         "virtio_net",  "vmxnet3",      "hv_netvsc",  "r8152",       "ax88179_178a",
        "cdc_ncm"})
    BOOST_TEST(have_module(packed, name), name);
}

// Whole families, so that a new driver in them is not forgotten. The exceptions are those of
// features.d.
BOOST_AUTO_TEST_CASE(no_storage_driver_is_missing) {
  const auto packed = packed_modules();
  const auto source = package("linux-image-amd64") / module_root();
  const std::set<std::string> left_out = {"am53c974",    "tcm_qla2xxx", "fcoe",
                                          "pata_pcmcia", "sdricoh_cs",  "ums-onetouch"};
  for (const auto* folder :
       {"drivers/ata", "drivers/scsi", "drivers/message", "drivers/mmc/host", "drivers/usb/storage",
        "drivers/memstick", "drivers/ufs", "drivers/misc/cardreader"})
    for (const auto& file :
         std::filesystem::recursive_directory_iterator(source / "kernel" / folder)) {
      const auto path = file.path().lexically_relative(source).string();
      if (!path.ends_with(".ko.xz") || path.find("/pcmcia/") != std::string::npos) continue;
      const auto name = file.path().stem().stem().string();
      BOOST_TEST(packed.contains(path) != left_out.contains(name), path);
    }
}

// Oopses this kernel on a shared interrupt.
BOOST_AUTO_TEST_CASE(am53c974_stays_out) {
  BOOST_TEST(!have_module(packed_modules(), "am53c974"));
}

struct Selection {
  Outcome outcome;
  std::string chosen;
};

// select.awk over four modules, one of them built in, and these pattern lines.
Selection select(const std::string& patterns) {
  const TempDir dir("select");
  write_file(dir / "modules.builtin", "kernel/drivers/a/built.ko\n");
  write_file(dir / "modules.list",
             "kernel/drivers/a/one.ko.xz\nkernel/drivers/a/two.ko.xz\nkernel/drivers/a/deep/"
             "three.ko.xz\n");
  write_file(dir / "x.modules", patterns);
  auto outcome = run({.argv = {"awk", "-v", "lists=2", "-f", "initramfs/select.awk",
                               dir / "modules.builtin", dir / "modules.list", dir / "x.modules"}});
  std::set<std::string> sorted;
  for (const auto& line : lines(outcome.out)) sorted.insert(line.substr(0, line.find('\t')));
  std::string chosen;
  for (const auto& path : sorted) chosen += (chosen.empty() ? "" : " ") + path;
  return {std::move(outcome), chosen};
}

BOOST_AUTO_TEST_CASE(patterns_choose_and_take_away) {
  BOOST_TEST(select("drivers/a/*\n").chosen == "drivers/a/one drivers/a/two");
  BOOST_TEST(select("drivers/**\n").chosen == "drivers/a/deep/three drivers/a/one drivers/a/two");
  BOOST_TEST(select("drivers/a/{one,deep/*}  # a reason\n").chosen ==
             "drivers/a/deep/three drivers/a/one");
  BOOST_TEST(select("drivers/a/*\n!drivers/a/two\n").chosen == "drivers/a/one");
  BOOST_TEST(select("drivers/a/built\n").outcome.ok());
}

BOOST_AUTO_TEST_CASE(a_pattern_without_a_match_is_an_error) {
  for (const auto* patterns :
       {"drivers/a/four\n", "drivers/a/{one,four}\n", "drivers/a/one\n!drivers/a/four\n"}) {
    const auto result = select(patterns);
    BOOST_TEST(!result.outcome.ok(), patterns);
    BOOST_TEST(result.outcome.err.find("no module matches drivers/a/four") != std::string::npos,
               result.outcome.err);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::test
