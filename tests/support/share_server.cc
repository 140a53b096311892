#include "support/share_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <format>
#include <stdexcept>
#include <thread>

#include "support/files.h"
#include "support/needs.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool answers(std::uint16_t port) {
  const sockaddr_in address = loopback(port);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected =
      ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return connected;
}

// Starts it and waits until it listens.
void start_server(std::optional<Process>& server, const Command& command, std::uint16_t port) {
  server.emplace(command);
  for (int tenths = 0; tenths < 600; ++tenths) {
    server->pump(std::chrono::milliseconds(100));
    if (!server->running()) break;
    if (answers(port)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw std::runtime_error(command.argv[0] + " does not listen: " + server->kill().describe());
}

std::optional<std::string> missing_server(std::string_view program) {
  if (auto why = not_root()) return why;
  return missing_program(program);
}

}  // namespace

std::uint16_t free_port() {
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool found = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  ::close(fd);
  if (!found) throw std::runtime_error("no port of 127.0.0.1 is free");
  return ntohs(address.sin_port);
}

std::optional<std::string> SmbServer::missing() {
  return missing_server("smbd");
}

SmbServer::SmbServer(const stdfs::path& work, const stdfs::path& shared,
                     const std::string& password)
    : work_(work) {
  std::string conf = "[global]\nworkgroup = HARBOUR\nserver role = standalone server\n";
  for (const char* folder : {"private dir", "lock directory", "state directory", "cache directory",
                             "pid directory", "ncalrpc dir"})
    conf += std::format("{} = {}\n", folder, work.string());
  conf += std::format("passdb backend = tdbsam:{}\nlog file = {}\nsmb ports = {}\n",
                      (work / "passdb.tdb").string(), (work / "log").string(), port_);
  conf +=
      "interfaces = 127.0.0.1\nbind interfaces only = yes\nmap to guest = bad user\n"
      "guest account = root\nload printers = no\nprintcap name = /dev/null\ndisable spoolss = "
      "yes\n";
  const std::string path = std::format("path = {}\n", shared.string());
  conf += "[store]\nread only = no\nvalid users = root\n" + path;
  conf += "[open]\nread only = no\nguest ok = yes\n" + path;
  conf += "[fixed]\nread only = yes\n" + path;
  write_file(work_ / "smb.conf", conf);
  must_run({.argv = {"smbpasswd", "-c", work_ / "smb.conf", "-L", "-s", "-a", "root"},
            .input = password + "\n" + password + "\n"});
  start();
}

void SmbServer::start() {
  start_server(server_, {.argv = {"smbd", "-F", "--no-process-group", "-s", work_ / "smb.conf"}},
               port_);
}

std::optional<std::string> NfsServer::missing() {
  return missing_server("ganesha.nfsd");
}

NfsServer::NfsServer(const stdfs::path& work, const stdfs::path& shared) : work_(work) {
  std::string conf = std::format(
      "NFS_CORE_PARAM {{ NFS_Port = {}; NFS_Protocols = 4; Bind_addr = 127.0.0.1; "
      "Enable_NLM = false; Enable_RQUOTA = false; Enable_UDP = false; }}\n"
      "NFSV4 {{ Graceless = true; Minor_Versions = 1,2; RecoveryRoot = {}; }}\n"
      "EXPORT_DEFAULTS {{ Squash = No_Root_Squash; SecType = sys; Protocols = 4; "
      "Transports = TCP; }}\n",
      port_, (work / "recovery").string());
  unsigned id = 1;
  for (const auto& [name, access] : {std::pair("/store", "RW"), std::pair("/fixed", "RO")})
    conf += std::format(
        "EXPORT {{ Export_Id = {}; Path = {}; Pseudo = {}; Access_Type = {}; Filesystem_id = {}.0; "
        "FSAL {{ Name = VFS; }} }}\n",
        id++, shared.string(), name, access, id);
  write_file(work_ / "ganesha.conf", conf);
  start();
}

std::optional<std::string> SshServer::missing() {
  if (!stdfs::exists("/usr/lib/openssh/sftp-server")) return "openssh-sftp-server is not installed";
  return missing_server("dropbear");
}

// The file of passwords that it sees is one of our own, mounted where only it and its children are.
SshServer::SshServer(const stdfs::path& work, const std::string& password) {
  const std::string made = must_run({.argv = {"dropbearkey", "-t", "ed25519", "-f", work / "key"}});
  fingerprint_ = made.substr(made.find("SHA256:"));
  fingerprint_.resize(fingerprint_.find_first_of(" \n"));
  const std::string hash =
      must_run({.argv = {"perl", "-e", "print crypt($ARGV[0], '$6$saltsalt$')", password}});
  write_file(work / "shadow", "root:" + hash + ":19000:0:99999:7:::\n");
  const std::string command = std::format(
      "mount --bind '{0}/shadow' /etc/shadow && "
      "exec dropbear -F -E -p 127.0.0.1:{1} -r '{0}/key' -P '{0}/pid'",
      work.string(), port_);
  start_server(server_, {.argv = {"unshare", "-m", "sh", "-c", command}}, port_);
}

void NfsServer::start() {
  start_server(server_,
               {.argv = {"ganesha.nfsd", "-F", "-f", work_ / "ganesha.conf", "-L",
                         work_ / "ganesha.log", "-p", work_ / "ganesha.pid"}},
               port_);
}

std::optional<std::string> HttpServer::missing() {
  return missing_program("python3");
}

HttpServer::HttpServer(const stdfs::path& folder) {
  // UEFI firmware wants version 1.1.
  start_server(server_,
               {.argv = {"python3", "-m", "http.server", "--bind", "127.0.0.1", "--directory",
                         folder, "--protocol", "HTTP/1.1", std::to_string(port_)}},
               port_);
}

}  // namespace drydock::test
