// Servers of shares on 127.0.0.1, on ports of their own, for one test: what a NAS is to a PC. Each
// runs in a folder of the test's and ends with its object. Throws like support/process.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "support/process.h"

namespace drydock::test {

// A port of 127.0.0.1 that nothing listens on.
std::uint16_t free_port();

// Samba. Its shares are one folder: `store` for the user alone, `open` for guests too, `fixed`
// read-only. The user is "root", in the domain HARBOUR.
class SmbServer {
 public:
  // Why there cannot be one here, or nothing.
  static std::optional<std::string> missing();

  // `work` must exist and be empty; `shared` is the folder.
  SmbServer(const std::filesystem::path& work, const std::filesystem::path& shared,
            const std::string& password);

  std::uint16_t port() const { return port_; }
  // Takes it away from its clients for a while, as if the cable were cut.
  void stop() { server_.reset(); }
  void start();

 private:
  std::filesystem::path work_;
  std::uint16_t port_ = free_port();
  std::optional<Process> server_;
};

// NFS-Ganesha, version 4.1 and 4.2: /store can be written to, /fixed only read; both are `shared`.
class NfsServer {
 public:
  static std::optional<std::string> missing();
  NfsServer(const std::filesystem::path& work, const std::filesystem::path& shared);

  std::uint16_t port() const { return port_; }
  void stop() { server_.reset(); }
  void start();

 private:
  std::filesystem::path work_;
  std::uint16_t port_ = free_port();
  std::optional<Process> server_;
};

// Dropbear, with the file transfer of OpenSSH. The user is "root", with that password for this
// server alone.
class SshServer {
 public:
  static std::optional<std::string> missing();
  SshServer(const std::filesystem::path& work, const std::string& password);

  std::uint16_t port() const { return port_; }
  const std::string& fingerprint() const { return fingerprint_; }  // "SHA256:…"

 private:
  std::uint16_t port_ = free_port();
  std::string fingerprint_;
  std::optional<Process> server_;
};

// Files of a folder by HTTP, to be read only.
class HttpServer {
 public:
  static std::optional<std::string> missing();
  explicit HttpServer(const std::filesystem::path& folder);

  std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_ = free_port();
  std::optional<Process> server_;
};

}  // namespace drydock::test
