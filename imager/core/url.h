#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace drydock {

// A place on the network, or on a volume of this computer (RFC 3986, with what is customary for
// shares):
//
//   smb://[[DOMAIN;]USER@]HOST[:PORT]/SHARE[/FOLDER…][/NAME]
//   nfs://HOST[:PORT]/EXPORT…[/NAME]
//   ssh://[USER@]HOST[:PORT]/FOLDER…[/NAME]     below / of that machine; /~/ is the user's home
//   volume://VOLUME[/FOLDER…][/NAME]            a label, a UUID or the name of a partition: "sdb1"
struct Url {
  enum class Scheme { smb, nfs, ssh, volume };

  Scheme scheme = Scheme::smb;
  std::string domain;      // of an SMB user
  std::string user;        // empty: guest (smb), nobody in particular (nfs), root (ssh)
  std::string host;        // a name or an address, IPv6 without brackets; VOLUME
  std::uint16_t port = 0;  // 0: the usual one
  std::string share;       // of SMB
  std::string path;        // "/folder/name"; "/" when nothing follows

  bool operator==(const Url&) const = default;

  std::uint16_t port_or_usual() const;
  // As a person would write it, what must be escaped is. Never holds a password.
  std::string text() const;
  // "nas", "nas:4450": for sentences.
  std::string server() const;
};

// Begins like one of the URLs above: everything else is the path of a file.
bool is_url(std::string_view text);

// A password in it is refused, without repeating it: on a command line others can see it.
Result<Url> parse_url(std::string_view text);

std::string_view scheme_name(Url::Scheme scheme);

}  // namespace drydock
