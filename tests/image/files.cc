// The files of the live system: programs that start by themselves, nothing privileged, nobody let
// in.

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <set>

#include "support/built_image.h"
#include "support/process.h"

namespace drydock::test {
namespace {

// ELF (System V ABI, chapters 4 and 5): does any program header ask for an interpreter?
bool is_static_elf(std::string_view file) {
  constexpr std::size_t kHeader = 64, kProgramHeader = 56;
  constexpr std::uint32_t kPtInterp = 3;
  if (file.size() < kHeader || !file.starts_with("\177ELF\2\1")) return false;
  std::uint64_t table = 0;
  std::uint16_t count = 0;
  std::memcpy(&table, file.data() + 32, sizeof table);
  std::memcpy(&count, file.data() + 56, sizeof count);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t type = 0;
    if (table + (i + 1) * kProgramHeader > file.size()) return false;
    std::memcpy(&type, file.data() + table + i * kProgramHeader, sizeof type);
    if (type == kPtInterp) return false;
  }
  return true;
}

bool is_script(std::string_view file) {
  return file.starts_with("#!/bin/sh\n");
}

BOOST_AUTO_TEST_SUITE(image_files)

BOOST_AUTO_TEST_CASE(every_program_is_static_or_a_shell_script) {
  std::size_t programs = 0;
  for (const auto& entry : initramfs()) {
    if (!entry.is_executable()) continue;
    ++programs;
    BOOST_TEST((is_static_elf(entry.data) || is_script(entry.data)), entry.path);
  }
  BOOST_TEST(programs >= 5U);
}

// Those that wait to be unpacked: each has its name in /usr/bin.
BOOST_AUTO_TEST_CASE(every_packed_program_is_static_and_within_reach) {
  constexpr std::string_view kPacked = "usr/lib/drydock/packed/";
  std::size_t programs = 0;
  for (const auto& entry : initramfs()) {
    if (!entry.path.starts_with(kPacked)) continue;
    ++programs;
    BOOST_REQUIRE(entry.path.ends_with(".xz"));
    const auto program =
        must_run({.argv = {kRootfs / "usr/bin/busybox", "unxz", "-c"}, .input = entry.data});
    BOOST_TEST(is_static_elf(program), entry.path);
    BOOST_TEST(!program.contains("drydock/built/"),
               entry.path << " names the folder it was built in");
    const auto name = std::filesystem::path(entry.path).stem().string();
    const auto* link = find_entry("usr/bin/" + name);
    BOOST_REQUIRE_MESSAGE(link != nullptr, name << " has no link");
    BOOST_TEST((link->is_symlink() && link->data == "../lib/drydock/unpack"), name);
  }
  BOOST_TEST(programs >= 5U);
}

BOOST_AUTO_TEST_CASE(what_the_system_is_made_of_is_there) {
  for (const auto* path :
       {"init", "usr/bin/busybox", "usr/bin/imager", "usr/bin/init", "usr/bin/sh", "usr/bin/mdev",
        "usr/bin/modprobe", "usr/bin/blockdev", "usr/bin/less", "usr/bin/vi", "usr/bin/dbclient",
        "usr/lib/drydock/unattended", "etc/mdev.conf", "etc/drydock/live", "etc/drydock/sbom.json"})
    BOOST_TEST(find_entry(path) != nullptr, path);
}

BOOST_AUTO_TEST_CASE(links_lead_somewhere) {
  const std::set<std::string> made_at_run_time = {"etc/inittab", "etc/mtab"};
  for (const auto& entry : initramfs()) {
    if (!entry.is_symlink() || made_at_run_time.contains(entry.path)) continue;
    const auto target =
        (std::filesystem::path(entry.path).parent_path() / entry.data).lexically_normal();
    BOOST_TEST(find_entry(target.string()) != nullptr, entry.path << " leads to " << target);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_setuid_foreign_or_writable_by_others) {
  for (const auto& entry : initramfs()) {
    BOOST_TEST((entry.mode & 06000) == 0U, entry.path << " is setuid or setgid");
    BOOST_TEST((entry.uid == 0 && entry.gid == 0), entry.path << " does not belong to root");
    if (!entry.is_symlink())
      BOOST_TEST((entry.mode & 0022) == 0U, entry.path << " is writable by others");
  }
}

BOOST_AUTO_TEST_CASE(no_account_has_a_password) {
  const auto* passwd = find_entry("etc/passwd");
  BOOST_REQUIRE(passwd != nullptr);
  for (const auto& line : lines(passwd->data))
    BOOST_TEST(line.find(":*:") != std::string::npos, line);
  BOOST_TEST(find_entry("etc/shadow") == nullptr);
}

BOOST_AUTO_TEST_CASE(our_scripts_parse) {
  for (const auto& entry : initramfs()) {
    if (!entry.is_executable() || !is_script(entry.data)) continue;
    const auto checked =
        run({.argv = {kRootfs / "usr/bin/busybox", "sh", "-n"}, .input = entry.data});
    BOOST_TEST(checked.ok(), entry.path << ": " << checked.err);
  }
}

// A truncated unpacking has to be noticed: the witness comes after everything else.
BOOST_AUTO_TEST_CASE(the_witness_is_the_last_file) {
  BOOST_TEST(initramfs().back().path == ".complete");
  const auto* init = find_entry("init");
  BOOST_REQUIRE(init != nullptr);
  BOOST_TEST(init->data.find("/.complete") != std::string::npos);
}

// With little memory the kernel stops in the middle, and what says so must have been unpacked by
// then.
BOOST_AUTO_TEST_CASE(the_base_comes_before_the_modules) {
  bool modules_began = false;
  for (const auto& entry : initramfs()) {
    modules_began = modules_began || entry.path.ends_with(".ko.xz");
    if (entry.is_executable()) BOOST_TEST(!modules_began, entry.path);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::test
