#include "sys/reach.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <format>
#include <memory>

#include "io/fd.h"

namespace drydock::sys {
namespace {

constexpr int kPatienceMs = 10000;

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Result<Addresses> look_up(const Url& url) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const std::string port = std::to_string(url.port_or_usual());
  const int status = ::getaddrinfo(url.host.c_str(), port.c_str(), &wanted, &list);
  if (status == 0) return Addresses(list, ::freeaddrinfo);
  return fail(environment_error(
      url.host, std::format("no address is known for that name ({})", ::gai_strerror(status)),
      "Check the name, or write the server's address in its place"));
}

// 0, or the errno for which there is no connection.
int try_to_connect(const addrinfo& address) {
  const io::Fd fd(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return errno;
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd done{fd.get(), POLLOUT, 0};
  int ready = 0;
  while ((ready = ::poll(&done, 1, kPatienceMs)) < 0 && errno == EINTR) continue;
  if (ready <= 0) return ready == 0 ? ETIMEDOUT : errno;
  int os = 0;
  socklen_t length = sizeof os;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &os, &length);
  return os;
}

std::string numbers(const addrinfo& address) {
  std::array<char, 128> text{};
  ::getnameinfo(address.ai_addr, address.ai_addrlen, text.data(), text.size(), nullptr, 0,
                NI_NUMERICHOST);
  return text.data();
}

Error unreachable(const Url& url, int os) {
  Error error =
      os == ECONNREFUSED
          ? os_error(os, url.server(),
                     std::format("is there, but offers no {}", scheme_name(url.scheme)),
                     "Switch that service on there, or check the port")
          : os_error(os, url.server(), "cannot be reached",
                     "Check that it is switched on, the cable, and the addresses of this computer "
                     "(ip addr)");
  error.code = Code::environment;
  return error;
}

}  // namespace

Result<std::string> reach(const Url& url) {
  const Addresses addresses = TRY(look_up(url));
  int os = 0;
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    const int failed = try_to_connect(*address);
    if (failed == 0) return numbers(*address);
    // A refusal says more than that another address leads nowhere.
    if (os != ECONNREFUSED) os = failed;
  }
  return fail(unreachable(url, os));
}

}  // namespace drydock::sys
