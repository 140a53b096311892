#include "base/error.h"

#include <cerrno>
#include <cstring>

namespace drydock {

std::string Error::sentence() const {
  std::string text;
  if (!where.empty()) text += where + ": ";
  text += what;
  if (os != 0) text += std::string(" (") + std::strerror(os) + ")";
  text += ".";
  if (!hint.empty()) text += " " + hint + ".";
  return text;
}

int exit_status(const Error& error) {
  switch (error.code) {
    case Code::environment:
    case Code::unreadable:
      return 1;
    case Code::bad_input:
      return 2;
    case Code::bug:
      return 3;
    case Code::cancelled:
      return 4;
  }
  return 3;
}

Code code_of_errno(int os) {
  switch (os) {
    case EIO:
    case ENODATA:
    case EREMOTEIO:
    case EILSEQ:
    case ETIMEDOUT:
      return Code::unreadable;
    default:
      return Code::environment;
  }
}

Error os_error(int os, std::string_view where, std::string_view what, std::string_view hint) {
  return {code_of_errno(os), os, std::string(where), std::string(what), std::string(hint)};
}

Error bad_input(std::string_view where, std::string_view what, std::string_view hint) {
  return {Code::bad_input, 0, std::string(where), std::string(what), std::string(hint)};
}

Error environment_error(std::string_view where, std::string_view what, std::string_view hint) {
  return {Code::environment, 0, std::string(where), std::string(what), std::string(hint)};
}

Error our_bug(std::string_view where, std::string_view what) {
  return {Code::bug, 0, std::string(where), std::string(what),
          "This is a defect of Drydock, please report it"};
}

Error cancelled(std::string_view what) {
  return {Code::cancelled, 0, {}, std::string(what), {}};
}

}  // namespace drydock
