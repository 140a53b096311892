// Volumes filled and read by the drivers of the kernel on the ISO, in an emulated PC: it has
// drivers that the machine under test need not have. Throws like support/vm.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/file_tree.h"
#include "support/guest_shell.h"
#include "support/vm.h"

namespace drydock::test {

class GuestKernel {
 public:
  // Why there cannot be one here, or nothing.
  static std::optional<std::string> missing();

  // Boots, which takes a quarter of a minute or more: one for all volumes of a test, at most 22.
  // `name` as in VmSpec. What is written is in the volumes' files as soon as a call returns.
  GuestKernel(const std::string& name, std::vector<std::filesystem::path> volumes);

  // Mounts volume `i` as filesystem `type` and wears it (support/worn_volume.h) with `room` bytes,
  // or a third of its size.
  void fill(std::size_t i, std::string_view type, std::string_view options = "-", unsigned seed = 1,
            std::uint64_t room = 0);
  // All of its files, mounted read-only.
  FileTree tree(std::size_t i, std::string_view type, std::string_view options = "-");

  // Any other command of the live system; it must succeed. See device() for the volumes' names.
  // One that leaves something mounted when the object goes leaves it as a power cut does.
  std::string run(std::string_view command);
  static std::string device(std::size_t i);

 private:
  std::vector<std::filesystem::path> volumes_;
  TempDir folder_{"drydock-guest"};
  std::optional<Vm> vm_;
  std::optional<GuestShell> shell_;
};

}  // namespace drydock::test
