// The QEMU machine protocol over a unix socket: one command, one answer. Events are skipped.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace drydock::test {

class Qmp {
 public:
  // Connects and leaves negotiation mode. Throws std::runtime_error if nobody answers within a
  // minute.
  explicit Qmp(const std::filesystem::path& socket);
  ~Qmp();
  Qmp(Qmp&& other) noexcept;
  Qmp& operator=(Qmp&&) = delete;

  // Returns the value of "return"; an "error" or a closed connection throws std::runtime_error.
  nlohmann::json execute(std::string_view command, const nlohmann::json& arguments = {});

  // A line for the human monitor (what QMP has no command for), and its text.
  std::string monitor(std::string_view line);

 private:
  nlohmann::json next_message();

  int fd_ = -1;
  std::string buffer_;
};

}  // namespace drydock::test
