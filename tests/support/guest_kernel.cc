#include "support/guest_kernel.h"

#include <algorithm>
#include <cstdlib>
#include <format>

#include "support/live_system.h"
#include "support/process.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr const char* kTool = "build/tests/roundtrip/in_guest";
constexpr const char* kToolName = "in_guest";

VmSpec spec_of(const std::string& name, const stdfs::path& tools,
               const std::vector<stdfs::path>& volumes) {
  std::vector<VmDisk> disks{{tools}};
  for (const stdfs::path& volume : volumes) disks.push_back({volume});
  return pc_with_iso(name, Firmware::kBios, std::move(disks));
}

}  // namespace

std::optional<std::string> GuestKernel::missing() {
  if (!stdfs::exists(kTool)) return std::format("{} has not been built", kTool);
  return why_not(pc_with_iso("", Firmware::kBios));
}

GuestKernel::GuestKernel(const std::string& name, std::vector<stdfs::path> volumes)
    : volumes_(std::move(volumes)) {
  // A tar archive as a disk: no filesystem is needed to get the tool in.
  const stdfs::path tools = folder_ / "tools.tar";
  must_run({.argv = {"tar", "-cf", tools, "-C", stdfs::path(kTool).parent_path(), kToolName}});
  vm_.emplace(spec_of(name, tools, volumes_));
  wait_for_menu(*vm_);
  shell_.emplace(open_shell(*vm_));
  run("mkdir -p /var/tmp; tar -xf /dev/vda -C /");
}

void GuestKernel::fill(std::size_t i, std::string_view type, std::string_view options,
                       unsigned seed, std::uint64_t room) {
  run(std::format("/{} fill {} {} '{}' {} {}", kToolName, device(i), type, options, seed,
                  room != 0 ? room : stdfs::file_size(volumes_.at(i)) / 3));
}

FileTree GuestKernel::tree(std::size_t i, std::string_view type, std::string_view options) {
  return from_text(run(std::format("/{} tree {} {} '{}'", kToolName, device(i), type, options)));
}

std::string GuestKernel::run(std::string_view command) {
  return shell_->must_run(command);
}

std::string GuestKernel::device(std::size_t i) {
  return std::format("/dev/vd{}", static_cast<char>('b' + i));
}

}  // namespace drydock::test
