#include "base/units.h"

#include <array>
#include <charconv>
#include <format>

#include "base/checked.h"

namespace drydock {
namespace {

struct Scaled {
  double value = 0;
  std::size_t unit = 0;
};

// In the largest unit in which the number is not below 1. `rounding` is by how much printing may
// round up: 1023.95 would print as 1024.0, so the next unit starts where rounding would reach it.
Scaled scaled(std::uint64_t bytes, double step, double rounding, std::size_t units) {
  Scaled result{static_cast<double>(bytes), 0};
  while (result.value >= step - rounding && result.unit + 1 < units) {
    result.value /= step;
    ++result.unit;
  }
  return result;
}

std::optional<std::uint64_t> factor_of(std::string_view suffix) {
  if (suffix.empty() || suffix == "B") return 1;
  const std::size_t power = std::string_view("KMGTP").find(suffix[0] == 'k' ? 'K' : suffix[0]);
  if (power == std::string_view::npos) return std::nullopt;
  const std::string_view rest = suffix.substr(1);
  std::uint64_t base = 0;
  if (rest.empty() || rest == "iB") base = 1024;
  if (rest == "B") base = 1000;
  if (base == 0) return std::nullopt;
  std::uint64_t factor = 1;
  for (std::size_t i = 0; i <= power; ++i) factor *= base;
  return factor;
}

}  // namespace

std::string human_bytes(std::uint64_t bytes) {
  static constexpr std::array kNames{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  const auto [value, unit] = scaled(bytes, 1024, 0.05, kNames.size());
  return std::format("{:.{}f} {}", value, unit == 0 ? 0 : 1, kNames[unit]);
}

std::string vendor_bytes(std::uint64_t bytes) {
  static constexpr std::array kNames{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  const auto [value, unit] = scaled(bytes, 1000, 0.5, kNames.size());
  return std::format("{:.{}f} {}", value, unit == 0 || value >= 99.95 ? 0 : 1, kNames[unit]);
}

std::string human_duration(std::chrono::seconds duration) {
  const auto s = duration.count();
  if (s < 60) return std::format("{} s", s);
  if (s < 3600) return std::format("{} min {:02} s", s / 60, s % 60);
  return std::format("{} h {:02} min", s / 3600, s % 3600 / 60);
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, status] = std::from_chars(text.data(), end, number);
  if (status != std::errc{} || rest == text.data()) return std::nullopt;
  std::string_view suffix(rest, end);
  if (suffix.starts_with(' ')) suffix.remove_prefix(1);
  const auto factor = factor_of(suffix);
  if (!factor) return std::nullopt;
  return checked_mul(number, *factor);
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return std::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace drydock
