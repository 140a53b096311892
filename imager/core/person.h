#pragma once

#include <string>

#include "base/result.h"

namespace drydock {

// Whoever can answer what a server wants to know. Asked only when it matters.
class Person {
 public:
  virtual ~Person() = default;

  // `of` completes "Password of …": "jo on nas". Never kept, shown or logged by who asks.
  virtual Result<std::string> password(const std::string& of) = 0;

  // Is this key the right one for a server that is seen for the first time?
  virtual Result<void> confirm_key(const std::string& server, const std::string& fingerprint) = 0;
};

// Nobody is there: servers that want to know anything are refused.
class Nobody : public Person {
 public:
  Result<std::string> password(const std::string& of) override {
    return fail(environment_error(of, "needs a password, and nobody can be asked",
                                  "Give it with --password-file"));
  }
  Result<void> confirm_key(const std::string& server, const std::string&) override {
    return fail(environment_error(server, "is not known yet, and nobody can be asked",
                                  "Connect to it once from a terminal"));
  }
};

}  // namespace drydock
