#pragma once

#include <string>
#include <string_view>

namespace drydock {

// What kind of failure an Error is. The exit status of the program follows from it (exit_status).
enum class Code {
  environment,  // the surroundings do not allow it: no such device, no space, no permission
  bad_input,    // what was given is damaged, foreign or contradictory
  bug,          // an invariant of our own is broken
  cancelled,    // the person stopped it
  unreadable,   // the medium did not give the bytes; the caller may split the range and go on
};

// Why something did not happen, as a value. `what` is one sentence without a full stop, written for
// the person at the screen; `hint` says what that person can do next and may be empty.
struct Error {
  Code code = Code::bug;
  int os = 0;         // errno, 0 where the kernel was not involved
  std::string where;  // the device, file or structure concerned
  std::string what;
  std::string hint;

  // "WHERE: WHAT (OS MESSAGE). HINT."
  std::string sentence() const;
};

// 0 is never returned: an Error is never success.
int exit_status(const Error& error);

// Maps an errno of a failed read, write or open. Errnos by which block drivers report a bad medium
// (EIO, ENODATA, EREMOTEIO, EILSEQ, ETIMEDOUT) become Code::unreadable, all others environment.
Code code_of_errno(int os);

Error os_error(int os, std::string_view where, std::string_view what, std::string_view hint = {});
Error bad_input(std::string_view where, std::string_view what, std::string_view hint = {});
Error environment_error(std::string_view where, std::string_view what, std::string_view hint = {});
Error our_bug(std::string_view where, std::string_view what);
Error cancelled(std::string_view what);

}  // namespace drydock
