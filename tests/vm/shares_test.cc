// Images on shares: saved to, verified on and restored from an SMB and an NFS server by URL; and a
// sentence of its own for everything that can be in the way.
#include <boost/test/unit_test.hpp>

#include "support/console.h"
#include "support/files.h"
#include "support/live_system.h"
#include "support/round_trip.h"
#include "support/share_server.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace fs = std::filesystem;

// With what is an option's end to the kernel in it.
constexpr const char* kPassword = "Pass,word 1";
constexpr const char* kNas = "10.0.2.100";
constexpr std::uint64_t kDiskBytes = 24 << 20;

void fill_with_noise(const fs::path& disk) {
  make_sparse(disk, kDiskBytes);
  std::string bytes(4 << 20, '\0');
  std::uint32_t state = 1;
  for (char& c : bytes) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  write_range(disk, 1 << 20, bytes);
  write_range(disk, 17 << 20, bytes);
}

// A PC with a disk to save, an equal one to restore to, and the servers in reach.
struct Harbour {
  TempDir dir{"drydock-shares"};
  fs::path shared = dir / "shared";
  std::optional<SmbServer> smb;
  std::optional<NfsServer> nfs;
  std::optional<SshServer> ssh;
  std::optional<Vm> vm;
  std::optional<GuestShell> shell;

  explicit Harbour(const std::string& name) {
    for (const char* folder : {"shared", "shared/pcs", "smb", "nfs", "ssh"})
      fs::create_directory(dir / folder);
    smb.emplace(dir / "smb", shared, kPassword);
    nfs.emplace(dir / "nfs", shared);
    ssh.emplace(dir / "ssh", kPassword);
    fill_with_noise(dir / "source");
    make_sparse(dir / "target", kDiskBytes);
    VmSpec spec = pc_with_iso(name, Firmware::kBios, {{dir / "source"}, {dir / "target"}});
    spec.nic = VmNic{
        .services = {{kNas, 445, smb->port()}, {kNas, 2049, nfs->port()}, {kNas, 22, ssh->port()}}};
    vm.emplace(spec);
    wait_for_menu(*vm);
    shell.emplace(open_shell(*vm));
    shell->must_run("for i in $(seq 60); do ip addr | grep -qF 10.0.2.15 && break; sleep 1; done");
    shell->must_run("stty cols 400; printf '%s\\n' '" + std::string(kPassword) + "' >/tmp/pw");
  }

  static std::optional<std::string> missing() {
    if (auto why = SmbServer::missing()) return why;
    if (auto why = NfsServer::missing()) return why;
    if (auto why = SshServer::missing()) return why;
    VmSpec spec = pc_with_iso("", Firmware::kBios);
    spec.nic = VmNic{.services = {{kNas, 1, 1}}};
    return why_not(spec);
  }

  GuestOutcome imager(const std::string& arguments) {
    return shell->run("imager " + arguments + " --progress none 2>&1");
  }
};

void saves_verifies_and_restores(Harbour& pc, const std::string& url, const std::string& file) {
  const GuestOutcome saved = pc.imager("save /dev/vda '" + url + "' --password-file /tmp/pw");
  BOOST_TEST(saved.status == 0, saved.out);
  BOOST_TEST(!saved.out.contains("Pass,"), saved.out);
  BOOST_TEST(fs::exists(pc.shared / file));
  BOOST_TEST(!fs::exists(pc.shared / (file + ".part")));
  const GuestOutcome verified = pc.imager("verify '" + url + "' --password-file /tmp/pw");
  BOOST_TEST(verified.status == 0, verified.out);
  wipe(pc.dir / "target");
  const GuestOutcome restored =
      pc.imager("restore '" + url + "' /dev/vdb --yes --password-file /tmp/pw");
  BOOST_TEST(restored.status == 0, restored.out);
  BOOST_TEST(same_contents(pc.dir / "source", pc.dir / "target"));
  BOOST_TEST(pc.shell->run("grep /run/drydock/mnt /proc/mounts").status == 1);
}

void is_refused(Harbour& pc, const std::string& url, std::string_view sentence, int status = 1) {
  const GuestOutcome refused = pc.imager("save /dev/vda '" + url + "' --password-file /tmp/pw");
  BOOST_TEST(refused.status == status, url << ": " << refused.out);
  BOOST_TEST(refused.out.contains(sentence), url << ": " << refused.out);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vm_shares)

BOOST_AUTO_TEST_CASE(saved_to_a_share_and_restored_from_it) {
  if (const auto why = Harbour::missing()) return skip(*why);
  Harbour pc("shares");
  saves_verifies_and_restores(pc, "smb://root@10.0.2.100/store/pcs/a.img.zst", "pcs/a.img.zst");
  saves_verifies_and_restores(pc, "smb://HARBOUR;root@10.0.2.100/store/b.img.zst", "b.img.zst");
  saves_verifies_and_restores(pc, "smb://10.0.2.100/open/guest.img.zst", "guest.img.zst");
  saves_verifies_and_restores(pc, "nfs://10.0.2.100/store/pcs/n.img.zst", "pcs/n.img.zst");

  is_refused(pc, "smb://root@10.0.2.100/store/b.img.zst", "exists already");
  is_refused(pc, "smb://root@10.0.2.100/fixed/x.img.zst", "only be read, not written");
  is_refused(pc, "nfs://10.0.2.100/fixed/x.img.zst", "only be read, not written");
  is_refused(pc, "smb://root@10.0.2.100/nowhere/x.img.zst", "has no such place: the share nowhere");
  is_refused(pc, "smb://root@10.0.2.100/store/gone/x.img.zst", "the folder /gone in it");
  is_refused(pc, "nfs://10.0.2.100/nowhere/x.img.zst", "has no such place: the export or folder");
  is_refused(pc, "smb://10.0.2.100/store/x.img.zst", "lets no guest use the share store");
  is_refused(pc, "smb://root@10.0.2.99/store/x.img.zst", "cannot be reached");
  is_refused(pc, "nfs://192.168.9.9/store/x.img.zst", "cannot be reached");
  is_refused(pc, "smb://root@nas.invalid/store/x.img.zst", "no address is known for that name");
  is_refused(pc, "smb://root:Pass@10.0.2.100/store/x.img.zst", "--password-file", 2);
  pc.shell->must_run("echo wrong >/tmp/pw");
  is_refused(pc, "smb://root@10.0.2.100/store/x.img.zst", "does not take this password for root");
  BOOST_TEST(pc.shell->run("dmesg | grep -F 'Pass,'").status == 1);
}

BOOST_AUTO_TEST_CASE(saved_to_a_server_by_ssh) {
  if (const auto why = Harbour::missing()) return skip(*why);
  Harbour pc("shares-ssh");
  const std::string folder = "ssh://root@10.0.2.100" + pc.shared.string();
  SerialConsole serial(*pc.vm);
  serial.type("imager save /dev/vda " + folder + "/no.img.zst --password-file /tmp/pw\n");
  serial.wait_for("(yes or no)?");
  BOOST_TEST(serial.shows(pc.ssh->fingerprint()));
  serial.type("no\n");
  serial.wait_for("was not accepted");
  serial.type("imager save /dev/vda " + folder + "/yes.img.zst --password-file /tmp/pw\n");
  pc.vm->run_for(std::chrono::seconds(1));
  serial.wait_for("(yes or no)?");
  serial.type("yes\n");
  pc.vm->wait_until("the image on the server",
                    [&] { return fs::exists(pc.shared / "yes.img.zst"); });
  BOOST_TEST(!fs::exists(pc.shared / "no.img.zst.part"));
  serial.wait_for("The image is ssh://");
  saves_verifies_and_restores(pc, folder + "/pcs/s.img.zst", "pcs/s.img.zst");
  is_refused(pc, folder + "/yes.img.zst", "exists already");
  is_refused(pc, folder + "/gone/x.img.zst", "has no such place: the folder");
  is_refused(pc, "ssh://root@10.0.2.100/proc/x.img.zst", "only be read, not written");
  pc.shell->must_run("echo wrong >/tmp/pw");
  is_refused(pc, folder + "/x.img.zst", "does not take this password or key for root");
  pc.shell->must_run(
      "sed -i 's/ AAAA.*/ AAAAC3NzaC1lZDI1NTE5AAAAIBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB/' "
      "/root/.ssh/known_hosts");
  is_refused(pc, folder + "/x.img.zst", "shows another key than before");
}

BOOST_AUTO_TEST_CASE(saved_and_verified_by_the_menu) {
  if (const auto why = Harbour::missing()) return skip(*why);
  Harbour pc("shares-menu");
  VgaConsole seat(*pc.vm);
  seat.press("s");
  seat.wait_for("Save: which disk?");
  seat.select("/dev/vda");
  seat.press("ret");
  seat.wait_for("Save: where to?");
  seat.press("n");
  seat.wait_for("eth0      10.0.2.15/24, by DHCP");
  for (std::size_t i = 0; i < std::string_view("smb://").size(); ++i) seat.press("backspace");
  seat.type("ssh://root@10.0.2.100" + pc.shared.string());
  seat.press("tab");
  seat.type(kPassword);
  seat.press("ret");
  seat.wait_for("Is this the right server?");
  BOOST_TEST(seat.shows(pc.ssh->fingerprint()));
  pc.vm->screenshot("key");
  seat.press("y");
  seat.wait_for("Save: name of the image");
  seat.wait_for(".img.zst");
  seat.press("ret");
  seat.wait_for("Save: is this right?");
  pc.vm->screenshot("summary");
  seat.press("ret");
  seat.wait_for("Save: done");
  seat.press("ret");
  seat.wait_for("What would you like to do?");
  seat.press("v");
  seat.wait_for("Verify: where is the image?");
  seat.press("n");
  seat.wait_for("Verify: where on the network?");
  seat.type("root@10.0.2.100/store");
  pc.vm->screenshot("server");
  seat.press("tab");
  seat.type(kPassword);
  seat.press("ret");
  seat.wait_for("Verify: which image?");
  seat.select(".img.zst");
  seat.press("ret");
  seat.wait_for("Verify: the image is whole");
  BOOST_TEST(pc.shell->run("grep /run/drydock/mnt /proc/mounts").status == 1);
}

// The cable is pulled in the middle of a save, and put back.
BOOST_AUTO_TEST_CASE(a_save_waits_for_its_server) {
  if (const auto why = Harbour::missing()) return skip(*why);
  Harbour pc("shares-cut");
  for (const std::string url :
       {"smb://root@10.0.2.100/store/cut.img.zst", "nfs://10.0.2.100/store/cut-nfs.img.zst"}) {
    pc.shell->must_run(
        "{ (until ls /run/drydock/mnt/*/*/*.part; do sleep 0.1; done; ip link set eth0 down; "
        "sleep 45; ip link set eth0 up) >/dev/null 2>&1 & }");
    const GuestOutcome saved =
        pc.shell->run("imager save /dev/vda " + url + " --password-file /tmp/pw --progress json");
    BOOST_TEST(saved.status == 0, saved.out);
    BOOST_TEST(saved.out.contains("has taken nothing for"), saved.out);
    BOOST_TEST(saved.out.contains("answers again"), saved.out);
    const GuestOutcome verified = pc.imager("verify " + url + " --password-file /tmp/pw");
    BOOST_TEST(verified.status == 0, verified.out);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
