#include "core/url.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>
#include <optional>
#include <vector>

#include "base/text.h"

namespace drydock {
namespace {

struct Kind {
  Url::Scheme scheme;
  std::string_view name;
  std::uint16_t port;
  std::string_view form;
};

constexpr std::array<Kind, 4> kKinds = {{
    {Url::Scheme::smb, "smb", 445, "smb://user@host/share/folder/name.img.zst"},
    {Url::Scheme::nfs, "nfs", 2049, "nfs://host/export/folder/name.img.zst"},
    {Url::Scheme::ssh, "ssh", 22, "ssh://user@host/folder/name.img.zst"},
    {Url::Scheme::volume, "volume", 0, "volume://label/folder/name.img.zst"},
}};

const Kind& kind_of(Url::Scheme scheme) {
  return *std::ranges::find(kKinds, scheme, &Kind::scheme);
}

const Kind* kind_of_text(std::string_view text) {
  for (const Kind& kind : kKinds)
    if (text.starts_with(std::format("{}://", kind.name))) return &kind;
  return nullptr;
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return std::nullopt;
}

// %20 and the like undone; nothing where a % is followed by anything else, or the result holds a
// control character.
std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
      const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
      if (!high || !low) return std::nullopt;
      c = static_cast<char>(*high * 16 + *low);
      i += 2;
    }
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') return std::nullopt;
    out += c;
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view("-._~/$+!,()").contains(c);
    if (plain || static_cast<unsigned char>(c) >= 0x80)
      out += c;
    else
      out += std::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// One problem, told of the text as it was given.
class Parser {
 public:
  Parser(std::string_view text, const Kind& kind) : text_(text), kind_(kind) {}

  Result<Url> url();

 private:
  Result<void> take_user(std::string_view user);
  Result<void> take_host(std::string_view host);
  Result<void> take_port(std::string_view port);
  Result<void> take_path(std::string_view path);
  Result<std::string> plain(std::string_view text, std::string_view what) const;
  std::unexpected<Error> wrong(std::string_view what) const {
    return fail(bad_input(text_, what, std::format("Write it like {}", kind_.form)));
  }

  std::string_view text_;
  const Kind& kind_;
  Url url_;
};

Result<Url> Parser::url() {
  url_.scheme = kind_.scheme;
  const std::string_view rest = text_.substr(kind_.name.size() + 3);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view server = rest.substr(0, slash);
  if (kind_.scheme == Url::Scheme::volume) {
    url_.host = TRY(plain(server, "volume"));
    if (url_.host.empty()) return wrong("names no volume");
    TRY(take_path(rest.substr(slash)));
    return url_;
  }
  if (const auto at = server.rfind('@'); at != std::string_view::npos) {
    TRY(take_user(server.substr(0, at)));
    server = server.substr(at + 1);
  }
  TRY(take_host(server));
  TRY(take_path(rest.substr(slash)));
  return url_;
}

Result<std::string> Parser::plain(std::string_view text, std::string_view what) const {
  auto out = unescaped(text);
  if (!out)
    return wrong(
        std::format("has a % without two digits, or a control character, in its {}", what));
  return *std::move(out);
}

Result<void> Parser::take_user(std::string_view user) {
  if (user.contains(':'))
    return fail(bad_input(std::format("{}://", kind_.name),
                          "the address holds a password, which others could see",
                          "Leave it out: it is asked for, or taken from --password-file"));
  if (kind_.scheme == Url::Scheme::nfs) return wrong("names a user, which NFS does not know");
  std::string name = TRY(plain(user, "user"));
  const auto separator = name.find_first_of(";\\");
  if (kind_.scheme == Url::Scheme::smb && separator != std::string::npos) {
    url_.domain = name.substr(0, separator);
    name.erase(0, separator + 1);
  }
  if (name.empty() || name.starts_with('-')) return wrong("has no proper user before the @");
  url_.user = std::move(name);
  return {};
}

Result<void> Parser::take_host(std::string_view host) {
  std::string_view port;
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    if (end == std::string_view::npos) return wrong("has a [ without ]");
    port = host.substr(end + 1);
    host = host.substr(1, end - 1);
    if (!host.contains(':') || host.find_first_not_of("0123456789abcdefABCDEF:.") != host.npos)
      return wrong("has no IPv6 address between [ and ]");
    if (!port.empty() && !port.starts_with(':')) return wrong("goes on after ] with no port");
  } else {
    const auto colon = std::min(host.find(':'), host.size());
    port = host.substr(colon);
    host = host.substr(0, colon);
    constexpr std::string_view kOfNames =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";
    if (host.empty()) return wrong("names no host");
    if (host.find_first_not_of(kOfNames) != host.npos || host.starts_with('-'))
      return wrong("has a host that is neither a name nor an address");
  }
  url_.host = host;
  return port.empty() ? Result<void>() : take_port(port.substr(1));
}

Result<void> Parser::take_port(std::string_view port) {
  const auto parsed = std::from_chars(port.data(), port.data() + port.size(), url_.port);
  if (parsed.ec != std::errc() || parsed.ptr != port.data() + port.size() || url_.port == 0)
    return wrong("has a port that is no number from 1 to 65535");
  return {};
}

Result<void> Parser::take_path(std::string_view path) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty()) continue;
    std::string name = TRY(plain(part, "path"));
    // It would lead out of the share.
    if (name == "." || name == ".." || name.contains('/'))
      return wrong("has a path that does not lead straight down");
    parts.push_back(std::move(name));
  }
  if (kind_.scheme == Url::Scheme::smb) {
    if (parts.empty()) return wrong("names no share");
    if (parts[0].contains('\\')) return wrong("has a share with a \\ in its name");
    url_.share = parts[0];
    parts.erase(parts.begin());
  }
  for (const std::string& part : parts) url_.path += "/" + part;
  if (url_.path.empty()) url_.path = "/";
  return {};
}

}  // namespace

std::uint16_t Url::port_or_usual() const {
  return port != 0 ? port : kind_of(scheme).port;
}

std::string Url::server() const {
  if (scheme == Scheme::volume) return escaped(host);
  const std::string name = host.contains(':') ? "[" + host + "]" : host;
  return port == 0 ? name : std::format("{}:{}", name, port);
}

std::string Url::text() const {
  std::string out(scheme_name(scheme));
  out += "://";
  if (!domain.empty()) out += escaped(domain) + ";";
  if (!user.empty()) out += escaped(user) + "@";
  out += server();
  if (!share.empty()) out += "/" + escaped(share);
  return out + escaped(path);
}

bool is_url(std::string_view text) {
  return kind_of_text(text) != nullptr;
}

Result<Url> parse_url(std::string_view text) {
  const Kind* kind = kind_of_text(text);
  if (kind == nullptr)
    return fail(bad_input(text, "is no address of a share, server or volume",
                          "Addresses begin with smb://, nfs://, ssh:// or volume://"));
  return Parser(text, *kind).url();
}

std::string_view scheme_name(Url::Scheme scheme) {
  return kind_of(scheme).name;
}

}  // namespace drydock
