#include "support/qmp.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace drydock::test {
namespace {

using Clock = std::chrono::steady_clock;

int connect_to(const std::filesystem::path& socket_path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket_path.string();
  if (path.size() >= sizeof address.sun_path)
    throw std::runtime_error("socket path too long: " + path);
  std::memcpy(address.sun_path, path.data(), path.size());
  const auto deadline = Clock::now() + std::chrono::minutes(1);
  while (true) {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
      return fd;
    const int why = errno;
    if (fd >= 0) close(fd);
    if (Clock::now() > deadline) {
      throw std::runtime_error("QMP: " + std::generic_category().message(why));
    }
    poll(nullptr, 0, 50);
  }
}

}  // namespace

Qmp::Qmp(const std::filesystem::path& socket) : fd_(connect_to(socket)) {
  next_message();  // the greeting
  execute("qmp_capabilities");
}

Qmp::Qmp(Qmp&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)) {}

Qmp::~Qmp() {
  if (fd_ >= 0) close(fd_);
}

nlohmann::json Qmp::next_message() {
  constexpr int kMinutes = 5;  // an emulated machine under load may hold QEMU's lock for long
  while (true) {
    const auto end = buffer_.find('\n');
    if (end != std::string::npos) {
      auto message = nlohmann::json::parse(buffer_.substr(0, end));
      buffer_.erase(0, end + 1);
      return message;
    }
    pollfd readable{fd_, POLLIN, 0};
    if (poll(&readable, 1, kMinutes * 60 * 1000) == 0) throw std::runtime_error("QMP: no answer");
    std::array<char, 4096> bytes;
    const ssize_t n = read(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw std::runtime_error("QMP: QEMU closed the connection");
    buffer_.append(bytes.data(), static_cast<std::size_t>(n));
  }
}

nlohmann::json Qmp::execute(std::string_view command, const nlohmann::json& arguments) {
  nlohmann::json request{{"execute", command}};
  if (!arguments.is_null()) request["arguments"] = arguments;
  const std::string line = request.dump() + "\n";
  if (send(fd_, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) {
    throw std::runtime_error("QMP: cannot send " + std::string(command));
  }
  while (true) {
    const auto message = next_message();
    if (message.contains("return")) return message["return"];
    if (message.contains("error")) {
      throw std::runtime_error("QMP " + std::string(command) + ": " + message["error"].dump());
    }
  }
}

std::string Qmp::monitor(std::string_view line) {
  return execute("human-monitor-command", {{"command-line", line}}).get<std::string>();
}

}  // namespace drydock::test
