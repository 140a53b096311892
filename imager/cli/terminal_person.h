#pragma once

#include <string>

#include "core/person.h"

namespace CLI {
class App;
}

namespace drydock::cli {

// Whoever sits at the terminal that the program was started from. A password comes from
// --password-file, else from DRYDOCK_PASSWORD in the environment, else it is asked for without
// showing what is typed.
class TerminalPerson : public Person {
 public:
  // Adds --password-file to a verb.
  void add_option(CLI::App& verb);

  Result<std::string> password(const std::string& of) override;
  Result<void> confirm_key(const std::string& server, const std::string& fingerprint) override;

 private:
  std::string password_file_;
};

// The first line of a file, without its end. At most 4 KiB.
Result<std::string> first_line_of(const std::string& path);

}  // namespace drydock::cli
