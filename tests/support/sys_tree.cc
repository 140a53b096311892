#include "support/sys_tree.h"

#include <cstdint>
#include <filesystem>
#include <format>

#include "support/files.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

std::string parent(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}
std::string name_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string page(unsigned char code, std::string_view body) {
  std::string bytes{'\0', static_cast<char>(code), static_cast<char>(body.size() >> 8),
                    static_cast<char>(body.size() & 0xFF)};
  return bytes.append(body);
}

void put_ata_text(std::string& identify, std::size_t word, std::size_t words, std::string text) {
  text.resize(words * 2, ' ');
  for (std::size_t i = 0; i < text.size(); i += 2) {
    identify[word * 2 + i] = text[i + 1];
    identify[word * 2 + i + 1] = text[i];
  }
}

}  // namespace

SysTreeBuilder::SysTreeBuilder() {
  for (const char* folder : {"/sys/class/block", "/sys/dev/block", "/sys/devices", "/proc/self"})
    stdfs::create_directories(root() + folder);
}

void SysTreeBuilder::write(std::string_view path, std::string_view text) {
  const stdfs::path file = root() + std::string(path);
  stdfs::create_directories(file.parent_path());
  write_file(file, text);
}

void SysTreeBuilder::add_block(const std::string& folder, const Attributes& attributes) {
  stdfs::create_directories(root() + folder);
  const std::string name = name_of(folder);
  const std::string number = std::format("8:{}", folders_.size());
  write(folder + "/dev", number + "\n");
  for (const auto& [attribute, text] : attributes) write(folder + "/" + attribute, text);
  stdfs::create_directory_symlink("../../.." + folder, root() + "/sys/class/block/" + name);
  stdfs::create_directory_symlink("../../.." + folder, root() + "/sys/dev/block/" + number);
  folders_[name] = folder;
}

void SysTreeBuilder::add_disk(const std::string& place, const Attributes& attributes) {
  const std::string folder = "/sys/devices/" + place;
  std::string device = parent(folder);
  if (name_of(device) == "block") device = parent(device);
  stdfs::create_directories(root() + folder);
  if (!place.starts_with("virtual"))
    stdfs::create_directory_symlink(stdfs::path(root() + device), root() + folder + "/device");
  add_block(folder, attributes);
}

void SysTreeBuilder::add_partition(const std::string& disk, unsigned number,
                                   const Attributes& attributes) {
  const bool digit = disk.back() >= '0' && disk.back() <= '9';
  Attributes all = attributes;
  all["partition"] = std::to_string(number) + "\n";
  add_block(std::format("{}/{}{}{}", folders_.at(disk), disk, digit ? "p" : "", number), all);
}

void SysTreeBuilder::add_holder(const std::string& device, const std::string& holder) {
  write(folders_.at(device) + "/holders/" + holder, "");
  write(folders_.at(holder) + "/slaves/" + device, "");
}

void SysTreeBuilder::add_mount(const std::string& device, const std::string& point,
                               const std::string& filesystem, const std::string& source,
                               const std::string& options) {
  const std::string number =
      folders_.contains(device) ? read_file(root() + folders_.at(device) + "/dev") : device;
  mounts_ +=
      std::format("36 35 {} / {} {},noatime shared:1 - {} {} {}\n",
                  number.substr(0, number.find('\n')), point, options, filesystem, source, options);
  write("/proc/self/mountinfo", mounts_);
}

std::string vpd_page_80(std::string_view serial) {
  return page(0x80, serial);
}

std::string vpd_page_83(std::string_view naa_hex) {
  std::string name;
  for (std::size_t i = 0; i + 1 < naa_hex.size(); i += 2)
    name += static_cast<char>(std::stoul(std::string(naa_hex.substr(i, 2)), nullptr, 16));
  // A designator of the target port stands first and must be passed over.
  const std::string port{'\x61', '\x93', '\0', '\x02', '\x12', '\x34'};
  const std::string unit{'\x01', '\x03', '\0', static_cast<char>(name.size())};
  return page(0x83, port + unit + name);
}

std::string vpd_page_89(std::string_view model, std::string_view serial, bool serial_ata) {
  std::string identify(512, '\0');
  put_ata_text(identify, 10, 10, std::string(serial));
  put_ata_text(identify, 27, 20, std::string(model));
  if (serial_ata) identify[std::size_t{76} * 2] = '\x0e';
  return page(0x89, std::string(56, '\0') + identify);
}

}  // namespace drydock::test
