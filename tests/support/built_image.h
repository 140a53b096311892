// What the image tests look at: the built ISO and its parts, read once. They run in the checkout's
// top folder.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "support/initramfs.h"

namespace drydock::test {

inline const std::filesystem::path kIso = "build/drydock.iso";
inline const std::filesystem::path kInitrd = "build/initrd.img";
inline const std::filesystem::path kRootfs = "build/rootfs";

// The entries of build/initrd.img, in archive order.
const std::vector<CpioEntry>& initramfs();

// The entry of that path, or nullptr.
const CpioEntry* find_entry(std::string_view path);

// The tree of an unpacked package by its name in the lock file.
std::filesystem::path package(const std::string& name);

// A file of the ISO, extracted. Throws where there is none.
std::string iso_file(const std::string& path);

std::vector<std::string> lines(std::string_view text);

}  // namespace drydock::test
