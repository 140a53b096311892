#pragma once

#include <expected>
#include <utility>

#include "base/error.h"

namespace drydock {

// Either a value or the reason why there is none. Ignoring one is a compile error.
template <class T = void>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
  Result(std::expected<T, Error> other) : std::expected<T, Error>(std::move(other)) {}
};

inline std::unexpected<Error> fail(Error error) {
  return std::unexpected(std::move(error));
}

}  // namespace drydock

// TRY(expr): the value of a Result expression; on failure returns its Error from the calling
// function. Uses the statement expressions of clang and gcc.
#define TRY(...)                                                                    \
  ({                                                                                \
    auto drydock_result = (__VA_ARGS__);                                            \
    if (!drydock_result) return ::drydock::fail(std::move(drydock_result.error())); \
    std::move(drydock_result).value();                                              \
  })
