#include "sys/share_mount.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <format>

#include "io/fd.h"
#include "sys/mounter.h"
#include "sys/mounts.h"
#include "sys/reach.h"

namespace drydock::sys {
namespace {

constexpr std::string_view kAnonymous;
constexpr std::string_view kGuest = "guest";

std::string bracketed(const std::string& address) {
  return address.contains(':') ? "[" + address + "]" : address;
}

// `hard`: while the server does not answer, a write waits instead of failing. It is asked every
// ten seconds and taken for gone after thirty.
NewMount smb(const Url& url, const std::string& address, std::string_view user,
             const std::string& password, Access access) {
  NewMount mount{.type = "cifs",
                 .options = {{"source", std::format("//{}/{}{}", bracketed(address), url.share,
                                                    url.path == "/" ? "" : url.path)},
                             {"ip", address},
                             {"port", std::to_string(url.port_or_usual())},
                             {"username", std::string(user)},
                             {"iocharset", "utf8"},
                             {"file_mode", "0600"},
                             {"dir_mode", "0700"},
                             {"echo_interval", "10"}},
                 .flags = {"hard", "noperm"},
                 .read_only = access == Access::read_only};
  if (!password.empty()) mount.options.emplace_back("password", password);
  if (!url.domain.empty()) mount.options.emplace_back("domain", url.domain);
  return mount;
}

// Version 4.0 is left out: it makes this computer listen for the server's calls, and so does the
// lock service of version 3. So is 4.2, whose READ_PLUS gave zeros for a file's bytes
// (docs/decisions/0004-nfs-versions.md).
NewMount nfs(const Url& url, const std::string& address, std::string_view version, Access access) {
  NewMount mount{.type = "nfs",
                 .options = {{"source", std::format("{}:{}", bracketed(address), url.path)},
                             {"addr", address},
                             {"vers", std::string(version)},
                             {"proto", address.contains(':') ? "tcp6" : "tcp"},
                             {"port", std::to_string(url.port_or_usual())},
                             {"timeo", "100"},
                             {"retrans", "2"}},
                 .flags = {"hard"},
                 .read_only = access == Access::read_only};
  if (version == "3") {
    mount.options.emplace_back("mountproto", address.contains(':') ? "tcp6" : "tcp");
    mount.options.emplace_back("mountaddr", address);
    mount.flags.emplace_back("nolock");
  }
  return mount;
}

bool among(const std::vector<int>& refusals, std::initializer_list<int> these) {
  return std::ranges::any_of(refusals, [&](int os) { return std::ranges::contains(these, os); });
}

std::string what_is_mounted(const Url& url) {
  if (url.scheme == Url::Scheme::nfs) return std::format("the export or folder {}", url.path);
  if (url.path == "/") return std::format("the share {}", url.share);
  return std::format("the share {}, or the folder {} in it", url.share, url.path);
}

Error refused(const Url& url, int os) {
  if (url.scheme == Url::Scheme::nfs)
    return os_error(
        os, url.server(),
        std::format("does not let this computer use {}, or has no such export", url.path),
        "Allow this computer's address (ip addr) in the server's list of exports");
  if (url.user.empty())
    return os_error(os, url.server(), std::format("lets no guest use the share {}", url.share),
                    "Put a user into the address: smb://USER@" + url.server());
  return os_error(os, url.server(),
                  std::format("does not take this password for {}, or the user must not use the "
                              "share {}",
                              url.user, url.share),
                  "Check user, domain and password, and try again");
}

// Its name tells what is mounted there. Another run may have the same share mounted.
Result<std::string> make_folder(const SysTree& tree, const Url& url) {
  const std::string place = url.share.empty() ? url.path : "/" + url.share + url.path;
  std::string name = std::string(kMountFolder) + url.host + place;
  while (name.ends_with('/')) name.pop_back();
  const auto mounts = parse_mountinfo(tree.raw("/proc/self/mountinfo"));
  std::string folder = name;
  for (int i = 2; std::ranges::contains(mounts, folder, &Mount::point); ++i)
    folder = std::format("{}~{}", name, i);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(os_error(error.value(), folder, "cannot be created", "Run it as root"));
  return folder;
}

// Permission to read and to write are told apart by nothing but an attempt.
int try_to_write(const std::string& folder) {
  const std::string probe = std::format("{}/.drydock-{}", folder, ::getpid());
  const io::Fd fd(::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return errno;
  ::unlink(probe.c_str());
  return 0;
}

Result<std::string> proved(const Url& url, std::string folder, Access access) {
  const int os = access == Access::read_write ? try_to_write(folder) : 0;
  if (os == 0) return folder;
  ::umount2(folder.c_str(), 0);
  ::rmdir(folder.c_str());
  Error error = os_error(os, url.server(),
                         std::format("lets {} only be read, not written", what_is_mounted(url)),
                         "Allow writing on the server, or choose another place");
  error.code = Code::environment;
  return fail(std::move(error));
}

}  // namespace

std::vector<NewMount> ways_to_mount(const Url& url, const std::string& address,
                                    const std::string& password, Access access) {
  if (url.scheme == Url::Scheme::nfs)
    return {nfs(url, address, "4.1", access), nfs(url, address, "3", access)};
  if (!url.user.empty()) return {smb(url, address, url.user, password, access)};
  // Servers differ in which of the two they let in as a guest.
  return {smb(url, address, kAnonymous, {}, access), smb(url, address, kGuest, {}, access)};
}

Error share_failure(const Url& url, const std::vector<int>& refusals) {
  const auto told = [&] {
    if (among(refusals, {ENODEV}))
      return os_error(ENODEV, url.server(),
                      std::format("this kernel has no support for {}", scheme_name(url.scheme)),
                      "Use Drydock's live system, or another kind of share");
    if (among(refusals, {ENOENT, ENOTDIR, ENXIO}))
      return os_error(0, url.server(), std::format("has no such place: {}", what_is_mounted(url)),
                      "Check its name on the server; upper and lower case may matter");
    if (among(refusals, {EKEYEXPIRED, EKEYREVOKED}))
      return os_error(refusals.back(), url.server(),
                      std::format("says that the password of {} has expired, or that the account "
                                  "is locked",
                                  url.user),
                      "Change the password on another computer first");
    if (among(refusals, {EACCES})) return refused(url, EACCES);
    if (among(refusals, {EPERM}) && ::geteuid() != 0)
      return os_error(EPERM, url.server(), "cannot be mounted", "Run it as root");
    if (among(refusals, {EPERM})) return refused(url, EPERM);
    if (among(refusals, {EPROTONOSUPPORT, EOPNOTSUPP}))
      return os_error(refusals.back(), url.server(),
                      "speaks no version of the protocol that is safe to use",
                      "Switch SMB 2 or 3, or NFS 3 or 4.1 on there");
    return os_error(refusals.empty() ? 0 : refusals.back(), url.server(),
                    std::format("{} cannot be used", what_is_mounted(url)),
                    "Check the server and the network, then try again");
  };
  Error error = told();
  error.code = Code::environment;
  return error;
}

Result<std::string> mount_share(const SysTree& tree, const Url& url, Person& person,
                                Access access) {
  const std::string address = TRY(reach(url));
  std::string password;
  if (url.scheme == Url::Scheme::smb && !url.user.empty())
    password = TRY(person.password(std::format("{} on {}", url.user, url.server())));
  std::string folder = TRY(make_folder(tree, url));
  std::vector<int> refusals;
  for (const NewMount& way : ways_to_mount(url, address, password, access)) {
    const int os = mount_new(way, folder);
    if (os == 0) return proved(url, std::move(folder), access);
    refusals.push_back(os);
  }
  ::rmdir(folder.c_str());
  return fail(share_failure(url, refusals));
}

}  // namespace drydock::sys
