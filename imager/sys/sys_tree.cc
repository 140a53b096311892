#include "sys/sys_tree.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <tuple>

#include "base/text.h"
#include "io/fd.h"

namespace drydock::sys {
namespace {

namespace stdfs = std::filesystem;

// mountinfo of a container host is the largest thing read here.
constexpr std::size_t kLargest = 4 << 20;

std::optional<std::string> contents(const std::string& path) {
  const auto fd = io::open_path(path, O_RDONLY | O_NONBLOCK);
  if (!fd) return std::nullopt;
  std::string text;
  std::array<char, 16384> buffer;
  while (text.size() < kLargest) {
    const ssize_t n = ::read(fd->get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::nullopt;
    if (n == 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return text;
}

// Letters in front, the number behind them and the rest: "nvme" 0 "n1p2".
std::tuple<std::string_view, std::uint64_t, std::string_view> parts(std::string_view name) {
  const std::size_t digits = std::min(name.find_first_of("0123456789"), name.size());
  std::uint64_t number = 0;
  const char* end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data() + digits, end, number);
  return {name.substr(0, digits), number, {parsed.ptr, static_cast<std::size_t>(end - parsed.ptr)}};
}

}  // namespace

bool device_less(std::string_view a, std::string_view b) {
  while (true) {
    const auto [letters_a, number_a, rest_a] = parts(a);
    const auto [letters_b, number_b, rest_b] = parts(b);
    const bool both_sd = letters_a.starts_with("sd") && letters_b.starts_with("sd");
    if (both_sd && letters_a.size() != letters_b.size()) return letters_a.size() < letters_b.size();
    if (letters_a != letters_b) return letters_a < letters_b;
    if (number_a != number_b) return number_a < number_b;
    if (rest_a.empty() || rest_b.empty() || rest_a.size() == a.size()) return rest_a < rest_b;
    a = rest_a;
    b = rest_b;
  }
}

bool SysTree::exists(std::string_view path) const {
  std::error_code ignored;
  return stdfs::exists(real(path), ignored);
}

std::optional<std::string> SysTree::read(std::string_view path) const {
  const std::optional<std::string> text = contents(real(path));
  if (!text) return std::nullopt;
  return std::string(trimmed(*text));
}

std::string SysTree::raw(std::string_view path) const {
  return contents(real(path)).value_or(std::string());
}

std::uint64_t SysTree::number(std::string_view path, std::uint64_t otherwise) const {
  const std::string found = text(path);
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(found.data(), found.data() + found.size(), value);
  return parsed.ec == std::errc() ? value : otherwise;
}

std::vector<std::string> SysTree::names(std::string_view folder) const {
  std::vector<std::string> names;
  std::error_code error;
  stdfs::directory_iterator entry(real(folder), error);
  for (const stdfs::directory_iterator end; !error && entry != end; entry.increment(error))
    names.push_back(entry->path().filename().string());
  std::ranges::sort(names, device_less);
  return names;
}

std::string SysTree::resolved(std::string_view path) const {
  std::error_code error;
  const std::string found = stdfs::canonical(real(path), error).string();
  if (error) return {};
  const std::string base = root_.empty() ? root_ : stdfs::canonical(root_, error).string();
  return found.starts_with(base) ? found.substr(base.size()) : std::string();
}

}  // namespace drydock::sys
