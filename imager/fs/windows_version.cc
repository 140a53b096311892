#include "fs/windows_version.h"

#include <charconv>
#include <format>

#include "base/text.h"
#include "fs/registry.h"

namespace drydock::fs {
namespace {

class Facts {
 public:
  Facts(Registry& registry, std::uint32_t key) : registry_(registry), key_(key) {}

  // The first of these values that is there and says something.
  Result<std::string> text(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
      const auto value = TRY(registry_.value(key_, name));
      std::string text = value ? printable(value->text()) : std::string();
      if (!text.empty()) return text;
    }
    return std::string();
  }

  Result<std::optional<std::uint32_t>> number(std::string_view name) {
    const auto value = TRY(registry_.value(key_, name));
    return value ? value->number() : std::nullopt;
  }

 private:
  Registry& registry_;
  std::uint32_t key_;
};

// Windows 11 still calls itself "Windows 10" here.
std::string corrected(std::string product, std::string_view build) {
  constexpr std::string_view kTen = "Windows 10";
  constexpr unsigned kFirstOfEleven = 22000;
  unsigned number = 0;
  std::from_chars(build.data(), build.data() + build.size(), number);
  if (number >= kFirstOfEleven && product.starts_with(kTen))
    product.replace(0, kTen.size(), "Windows 11");
  return product;
}

Result<std::string> name_in(Files& files, const FileNode& hive) {
  Registry registry = TRY(Registry::open(files, hive));
  const auto key = TRY(registry.find_key("Microsoft\\Windows NT\\CurrentVersion"));
  if (!key) return std::string();
  Facts facts(registry, *key);
  std::string build = TRY(facts.text({"CurrentBuild", "CurrentBuildNumber"}));
  std::string name = corrected(TRY(facts.text({"ProductName"})), build);
  if (name.empty()) return name;
  // A release ("22H2", before that "1909"), or of older ones the service pack.
  const std::string release = TRY(facts.text({"DisplayVersion", "ReleaseId", "CSDVersion"}));
  if (!release.empty()) name += " " + release;
  if (const auto update = TRY(facts.number("UBR")); update && !build.empty())
    build += std::format(".{}", *update);
  if (!build.empty()) name += std::format(" (build {})", build);
  return shortened(std::move(name), kLongestSystemName);
}

}  // namespace

Result<std::string> windows_system(Files& files, const FileNode& root) {
  for (const std::string_view path :
       {"Windows/System32/config/SOFTWARE", "WINNT/system32/config/software"}) {
    const auto hive = TRY(look_up(files, root, path));
    if (!hive || hive->kind != FileNode::Kind::file) continue;
    return name_in(files, *hive);
  }
  return std::string();
}

}  // namespace drydock::fs
