#pragma once

#include <concepts>
#include <optional>

namespace drydock {

// Arithmetic for sizes that come from a disk: nothing when the result does not fit.
template <std::unsigned_integral T>
[[nodiscard]] constexpr std::optional<T> checked_add(T a, T b) {
  T sum;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

template <std::unsigned_integral T>
[[nodiscard]] constexpr std::optional<T> checked_mul(T a, T b) {
  T product;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

template <std::unsigned_integral T>
[[nodiscard]] constexpr T div_ceil(T a, T b) {
  return a / b + (a % b != 0 ? 1 : 0);
}

// `unit` need not be a power of two. round_up must not be used near the end of T's range.
template <std::unsigned_integral T>
[[nodiscard]] constexpr T round_down(T a, T unit) {
  return a - a % unit;
}

template <std::unsigned_integral T>
[[nodiscard]] constexpr T round_up(T a, T unit) {
  return round_down(a + unit - 1, unit);
}

}  // namespace drydock
