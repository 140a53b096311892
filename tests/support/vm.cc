#include "support/vm.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "support/files.h"
#include "support/keyboard.h"
#include "support/uefi_variables.h"
#include "support/vga_text.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

stdfs::path folder_for(const std::string& name) {
  const char* build = std::getenv("DRYDOCK_BUILD");
  const stdfs::path folder = stdfs::absolute(build != nullptr ? build : "build") / "vm" / name;
  stdfs::remove_all(folder);
  stdfs::create_directories(folder);
  return folder;
}

double patience() {
  const char* factor = std::getenv("DRYDOCK_PATIENCE");
  return factor != nullptr ? std::max(std::atof(factor), 1.0) : 1.0;
}

// The VGA's indexed registers, read through QEMU's monitor while the machine stands still, the
// index register being put back: the guest notices nothing.
class IndexedPort {
 public:
  IndexedPort(Qmp& qmp, unsigned port) : qmp_(qmp), port_(port), index_(read(port)) {}
  ~IndexedPort() { write(port_, index_); }
  IndexedPort(const IndexedPort&) = delete;
  IndexedPort& operator=(const IndexedPort&) = delete;

  unsigned at(unsigned index) {
    write(port_, index);
    return read(port_ + 1);
  }

 private:
  unsigned read(unsigned port) {
    const std::string answer =
        qmp_.monitor("i /1bx " + std::to_string(port));  // "portb[0x03d4] = 0x0e"
    return static_cast<unsigned>(std::stoul(answer.substr(answer.find('=') + 1), nullptr, 16));
  }
  void write(unsigned port, unsigned value) {
    qmp_.monitor("o /1b " + std::to_string(port) + " " + std::to_string(value));
  }

  Qmp& qmp_;
  unsigned port_, index_;
};

constexpr unsigned kCrtController = 0x3D4, kGraphicsController = 0x3CE;

std::string command_line(const std::vector<std::string>& argv) {
  std::string line;
  for (const auto& arg : argv) line += (line.empty() ? "" : " ") + arg;
  return line + "\n";
}

}  // namespace

Vm::Vm(const VmSpec& spec) : spec_(spec), folder_(folder_for(spec.name)) {
  write_file(folder_ / "qemu.log", "");
  write_file(folder_ / "serial.log", "");
  start();
}

void Vm::start() {
  const VmFiles files{.qmp_socket = temp_ / "qmp", .uefi_variables = temp_ / "vars"};
  if (spec_.firmware != Firmware::kBios) {
    stdfs::copy_file(uefi_variables_of(spec_.firmware), files.uefi_variables,
                     stdfs::copy_options::overwrite_existing);
    if (spec_.network && spec_.network->http)
      add_url_boot_entry(files.uefi_variables, spec_.network->file);
  }
  const auto argv = qemu_arguments(spec_, files);
  std::ofstream(folder_ / "qemu.log", std::ios::app) << command_line(argv);
  stdfs::remove(files.qmp_socket);
  qemu_.emplace(Command{.argv = argv});
  try {
    qmp_.emplace(files.qmp_socket);
  } catch (const std::exception& error) {
    throw std::runtime_error(std::string(error.what()) + "\n" + qemu_->kill().describe());
  }
}

// On a host that is short of processors the emulated timer may tick too rarely for the kernel's
// check at boot, which then panics. That says nothing about what is tested: the machine is switched
// on once more. Any other panic is an error.
void Vm::look_for_panic() {
  constexpr unsigned kMostRestarts = 3;
  const std::string_view log = std::string_view(log_).substr(started_at_);
  if (!log.contains("Kernel panic - not syncing")) return;
  if (!log.contains("IO-APIC + timer doesn't work") || restarts_ == kMostRestarts) {
    throw std::runtime_error("the kernel panicked\n" + screen_.text() +
                             "--- logs: " + folder_.string());
  }
  ++restarts_;
  pull_the_plug();
  screen_ = Screen();
  started_at_ = log_.size();
  start();
}

Vm::~Vm() {
  if (qemu_) pull_the_plug();
}

bool Vm::run_for(milliseconds time) {
  const auto until = Clock::now() + time;
  do {
    const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
    const bool open = qemu_->pump(std::clamp(left, milliseconds(0), milliseconds(100)));
    take_serial_output();
    if (!open && is_off()) return false;
  } while (Clock::now() < until);
  return true;
}

void Vm::take_serial_output() {
  const std::string bytes = qemu_->take_out();
  if (bytes.empty()) return;
  screen_.feed(bytes);
  log_ += bytes;
  std::ofstream(folder_ / "serial.log", std::ios::app | std::ios::binary) << bytes;
  qemu_->write(screen_.take_replies());
}

void Vm::serial_type(std::string_view text) {
  // A UART takes 16 bytes at a time, and a shell that redraws its line is slow: no faster than it
  // echoes.
  for (const char c : text) {
    qemu_->write(c == '\n' ? "\r" : std::string_view(&c, 1));
    run_for(milliseconds(20));
  }
}

void Vm::serial_press(std::string_view key) {
  qemu_->write(serial_bytes(key));
  run_for(milliseconds(200));  // an Escape must not run into what follows
}

void Vm::wait_for_serial(std::string_view text, std::chrono::seconds limit) {
  wait_until(
      "“" + std::string(text) + "” on the serial console", [&] { return screen_.shows(text); },
      limit);
}

Vm::VgaMemory Vm::vga_memory() {
  qmp_->execute("stop");
  const bool graphics = (IndexedPort(*qmp_, kGraphicsController).at(6) & 1) != 0;
  std::size_t start = 0;
  const stdfs::path dump = temp_ / "vga";
  if (!graphics) {
    IndexedPort crt(*qmp_, kCrtController);
    start = crt.at(0x0C) << 8 | crt.at(0x0D);
    qmp_->execute("pmemsave",
                  {{"val", kVgaTextBase}, {"size", kVgaTextSize}, {"filename", dump.string()}});
  }
  qmp_->execute("cont");
  return graphics ? VgaMemory{} : VgaMemory{read_file(dump), start};
}

std::string Vm::vga() {
  const VgaMemory memory = vga_memory();
  return memory.bytes.empty() ? std::string() : vga_text(memory.bytes, memory.start);
}

std::string Vm::vga_selected() {
  const VgaMemory memory = vga_memory();
  return memory.bytes.empty() ? std::string() : test::vga_selected(memory.bytes, memory.start);
}

void Vm::send_chord(const std::vector<std::string>& chord) {
  auto keys = nlohmann::json::array();
  for (const auto& key : chord) keys.push_back({{"type", "qcode"}, {"data", key}});
  // Held for 100 ms and 180 ms apart: what firmware and kernel take without losing one, measured.
  qmp_->execute("send-key", {{"keys", keys}, {"hold-time", 100}});
  run_for(milliseconds(180));
}

void Vm::vga_type(std::string_view text) {
  for (const char c : text) send_chord(chord_for(c));
}

void Vm::vga_press(std::string_view key) {
  send_chord(chord_named(key));
}

void Vm::wait_for_vga(std::string_view text, std::chrono::seconds limit) {
  wait_until(
      "“" + std::string(text) + "” on the VGA console", [&] { return vga().contains(text); },
      limit);
}

stdfs::path Vm::screenshot(std::string_view name) {
  const stdfs::path path = folder_ / (std::string(name) + ".png");
  qmp_->execute("screendump", {{"filename", path.string()}, {"format", "png"}});
  return path;
}

void Vm::wait_until(std::string_view what, const std::function<bool()>& condition,
                    std::chrono::seconds limit) {
  const auto end = Clock::now() + std::chrono::duration<double>(limit) * patience();
  while (!condition()) {
    const bool on = run_for(milliseconds(500));
    look_for_panic();
    if (watcher_) watcher_(*this);
    if (on && Clock::now() < end) continue;
    if (condition()) return;
    std::string why =
        "waited in vain for " + std::string(what) + (on ? "" : ": the machine is off");
    why += "\n--- serial console\n" + screen_.text();
    if (on) {
      screenshot("failure");
      why += "--- VGA console (see failure.png)\n" + vga();
    }
    throw std::runtime_error(why + "--- logs: " + folder_.string());
  }
}

void Vm::wait_until_off(std::chrono::seconds limit) {
  wait_until("the machine to go off", [this] { return is_off(); }, limit);
}

bool Vm::is_off() {
  return !qemu_->running();
}

void Vm::plug_in(const VmDisk& disk) {
  const std::string node = "hot" + std::to_string(plugged_++);
  qmp_->execute("blockdev-add",
                {{"driver", "raw"},
                 {"node-name", node},
                 {"file", {{"driver", "file"}, {"filename", disk.image.string()}}}});
  qmp_->execute("device_add", {{"driver", "usb-storage"},
                               {"id", node},
                               {"drive", node},
                               {"serial", disk.serial},
                               {"removable", true}});
}

void Vm::pull_out() {
  qmp_->execute("device_del", {{"id", "hot" + std::to_string(--plugged_)}});
}

void Vm::pull_medium() {
  if (spec_.cd.empty())
    qmp_->execute("device_del", {{"id", "stickdev"}});
  else
    qmp_->execute("eject", {{"device", "cd"}, {"force", true}});
}

void Vm::plug_in_nic() {
  qmp_->execute("netdev_add", {{"type", "user"},
                               {"id", "net1"},
                               {"restrict", true},
                               {"ipv6", false},
                               {"net", "10.0.3.0/24"}});
  qmp_->execute("device_add", {{"driver", "usb-net"}, {"netdev", "net1"}, {"id", "nic1"}});
}

void Vm::set_link(bool up) {
  qmp_->execute("set_link", {{"name", "nic0"}, {"up", up}});
}

void Vm::pull_the_plug() {
  const Outcome outcome = qemu_->kill();
  take_serial_output();
  std::ofstream(folder_ / "qemu.log", std::ios::app) << outcome.err;
}

}  // namespace drydock::test
