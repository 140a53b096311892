// In the live system `imager evaluate` hears of a drive's health from the drive itself: what is
// asked, unpacked, sent and understood are all the real things.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <format>
#include <nlohmann/json.hpp>

#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/live_system.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kDisk = 8 << 20;
constexpr int kUnreliable = 1 << 2;  // NVM Express base specification 2.0, figure 207

nlohmann::json evaluated(GuestShell& shell, const std::string& device) {
  return nlohmann::json::parse(
      shell.must_run(std::format("imager evaluate {} --json --progress none", device)));
}

bool found(const nlohmann::json& report, const std::string& key) {
  return std::ranges::any_of(report.at("findings"),
                             [&](const auto& each) { return each.at("key") == key; });
}

void check_health(const nlohmann::json& report, const std::string& protocol, bool passed) {
  BOOST_TEST_CONTEXT(report.dump(1)) {
    BOOST_TEST(report.at("health").at("protocol") == protocol);
    BOOST_TEST(report.at("health").at("passed") == passed);
    BOOST_TEST(report.at("health").at("power_on_hours").is_number());
    BOOST_TEST(report.at("skipped").empty());
    BOOST_TEST(report.at("surface").at("bytes_read") == kDisk);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vm_evaluate)

BOOST_AUTO_TEST_CASE(drives_tell_of_their_health) {
  VmSpec spec = pc_with_iso("evaluate", Firmware::kBios);
  spec.memory_mib = 256;  // no more than Drydock asks for
  if (const auto why = why_not(spec)) return skip(*why);
  const TempDir dir("drydock-evaluate");
  std::vector<std::string> before;
  for (const auto& [name, bus] : {std::pair{"ata", Bus::kAhci}, {"nvme", Bus::kNvme}}) {
    write_file(dir / name, noise(spec.disks.size(), kDisk));
    before.push_back(sha256(dir / name));
    spec.disks.push_back({dir / name, bus, name});
  }
  {
    Vm vm(spec);
    wait_for_menu(vm);
    GuestShell shell = open_shell(vm);
    shell.must_run("test -L /usr/bin/smartctl");  // nobody has used it yet
    const auto ata = evaluated(shell, "/dev/sda");
    check_health(ata, "ATA", true);
    BOOST_TEST(ata.at("serial") == "ata");
    BOOST_TEST(!ata.at("health").at("attributes").empty());
    shell.must_run("! test -L /usr/bin/smartctl");

    const auto nvme = evaluated(shell, "/dev/nvme0n1");
    check_health(nvme, "NVMe", true);
    BOOST_TEST(nvme.at("serial") == "nvme");
    BOOST_TEST(nvme.at("health").at("temperature").is_number());
    BOOST_TEST(!found(nvme, "unreliable"));

    vm.qmp().execute("qom-set", {{"path", "/machine/peripheral/dev1"},
                                 {"property", "smart_critical_warning"},
                                 {"value", kUnreliable}});
    const auto failing = evaluated(shell, "/dev/nvme0n1");
    BOOST_TEST(failing.at("health").at("passed") == false);
    BOOST_TEST(failing.at("verdict") == "save-now");
    BOOST_TEST(found(failing, "unreliable"), failing.at("findings").dump());
  }
  for (std::size_t i = 0; i < before.size(); ++i)
    BOOST_TEST(sha256(spec.disks[i].image) == before[i], spec.disks[i].serial);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
