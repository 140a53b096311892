#include "support/hive_maker.h"

#include "base/bytes.h"
#include "support/files.h"
#include "support/process.h"

namespace drydock::test {
namespace {

constexpr std::size_t kBase = 4096;
constexpr std::size_t kBinHeader = 32;
constexpr std::size_t kKeyHeader = 76;
constexpr std::size_t kParent = 16;  // its place in a key
constexpr std::uint32_t kNoCell = 0xFFFFFFFF;

void put16(std::string& bytes, std::size_t at, std::uint16_t value) {
  store_le(reinterpret_cast<std::byte*>(bytes.data()) + at, value);
}
void put32(std::string& bytes, std::size_t at, std::uint32_t value) {
  store_le(reinterpret_cast<std::byte*>(bytes.data()) + at, value);
}

std::string wide(std::string_view text) {
  std::string bytes;
  for (const char c : text) bytes += {c, '\0'};
  return bytes;
}

class Writer {
 public:
  Writer() : bin_(kBinHeader, '\0') { security_ = add("sk" + std::string(38, '\0')); }

  std::uint32_t key(const HiveKey& key, bool root);
  std::string hive(std::uint32_t root);

 private:
  // Returns its place, which counts from the first bin.
  std::uint32_t add(const std::string& content);
  std::uint32_t value(const HiveValue& value, bool is_wide);
  std::uint32_t numbers(const std::vector<std::uint32_t>& places);
  std::uint32_t list(const HiveKey& key, const std::vector<std::uint32_t>& places);

  std::string bin_;
  std::uint32_t security_ = 0;
};

std::uint32_t Writer::add(const std::string& content) {
  const auto place = static_cast<std::uint32_t>(bin_.size());
  const std::size_t bytes = (4 + content.size() + 7) / 8 * 8;
  bin_.resize(place + bytes);
  put32(bin_, place, static_cast<std::uint32_t>(-static_cast<std::int32_t>(bytes)));
  bin_.replace(place + 4, content.size(), content);
  return place;
}

std::uint32_t Writer::value(const HiveValue& value, bool is_wide) {
  const std::string name = is_wide ? wide(value.name) : value.name;
  const auto length = static_cast<std::uint32_t>(value.bytes.size());
  const bool inside = length <= 4;
  std::string cell = "vk" + std::string(18, '\0') + name;
  put16(cell, 2, static_cast<std::uint16_t>(name.size()));
  put32(cell, 4, inside ? length | 0x80000000 : length);
  if (inside)
    cell.replace(8, length, value.bytes);
  else
    put32(cell, 8, add(value.bytes));
  put32(cell, 12, value.type);
  put16(cell, 16, is_wide ? 0 : 1);
  return add(cell);
}

std::uint32_t Writer::numbers(const std::vector<std::uint32_t>& places) {
  std::string cell(places.size() * 4, '\0');
  for (std::size_t i = 0; i < places.size(); ++i) put32(cell, i * 4, places[i]);
  return add(cell);
}

std::uint32_t Writer::list(const HiveKey& key, const std::vector<std::uint32_t>& places) {
  const std::size_t stride = key.list == "lh" || key.list == "lf" ? 8 : 4;
  std::string cell = std::string(key.list == "ri" ? "li" : key.list) + std::string(2, '\0');
  put16(cell, 2, static_cast<std::uint16_t>(places.size()));
  cell.resize(4 + places.size() * stride);
  for (std::size_t i = 0; i < places.size(); ++i) {
    put32(cell, 4 + i * stride, places[i]);
    std::uint32_t hash = 0;
    for (const char c : key.keys[i].name)
      hash = hash * 37 + static_cast<std::uint32_t>(c >= 'a' && c <= 'z' ? c - 32 : c);
    if (key.list == "lh") put32(cell, 8 + i * stride, hash);
  }
  if (key.list != "ri") return add(cell);
  std::string lists("ri\1\0\0\0\0\0", 8);
  put32(lists, 4, add(cell));
  return add(lists);
}

std::uint32_t Writer::key(const HiveKey& key, bool root) {
  std::vector<std::uint32_t> keys;
  std::vector<std::uint32_t> values;
  for (const HiveKey& below : key.keys) keys.push_back(this->key(below, false));
  for (const HiveValue& one : key.values) values.push_back(value(one, key.wide));
  const std::string name = key.wide ? wide(key.name) : key.name;
  std::string cell = "nk" + std::string(kKeyHeader - 2, '\0') + name;
  put16(cell, 2, static_cast<std::uint16_t>((root ? 0xC : 0) | (key.wide ? 0 : 0x20)));
  put32(cell, 20, static_cast<std::uint32_t>(keys.size()));
  put32(cell, 28, keys.empty() ? kNoCell : list(key, keys));
  put32(cell, 32, kNoCell);
  put32(cell, 36, static_cast<std::uint32_t>(values.size()));
  put32(cell, 40, values.empty() ? kNoCell : numbers(values));
  put32(cell, 44, security_);
  put32(cell, 48, kNoCell);
  put16(cell, 72, static_cast<std::uint16_t>(name.size()));
  const std::uint32_t place = add(cell);
  for (const std::uint32_t below : keys) put32(bin_, below + 4 + kParent, place);
  return place;
}

std::string Writer::hive(std::uint32_t root) {
  const std::size_t used = bin_.size();
  bin_.resize((used + 8 + 4095) / 4096 * 4096);
  put32(bin_, used, static_cast<std::uint32_t>(bin_.size() - used));  // free
  bin_.replace(0, 4, "hbin");
  put32(bin_, 8, static_cast<std::uint32_t>(bin_.size()));
  put32(bin_, security_ + 8, security_);
  put32(bin_, security_ + 12, security_);
  put32(bin_, security_ + 16, 1);
  put32(bin_, security_ + 20, 20);

  std::string base(kBase, '\0');
  base.replace(0, 4, "regf");
  put32(base, 4, 1);
  put32(base, 8, 1);
  put32(base, 20, 1);
  put32(base, 24, 5);
  put32(base, 32, 1);
  put32(base, 36, root);
  put32(base, 40, static_cast<std::uint32_t>(bin_.size()));
  put32(base, 44, 1);
  seal_hive(base);
  return base + bin_;
}

}  // namespace

HiveValue hive_text(const std::string& name, std::string_view text) {
  return {name, 1, wide(text) + std::string(2, '\0')};
}

HiveValue hive_number(const std::string& name, std::uint32_t number) {
  std::string bytes(4, '\0');
  put32(bytes, 0, number);
  return {name, 4, bytes};
}

std::string make_hive(const HiveKey& root) {
  Writer writer;
  return writer.hive(writer.key(root, true));
}

void seal_hive(std::string& hive) {
  std::uint32_t sum = 0;
  const ByteReader f(as_bytes(hive));
  for (std::size_t i = 0; i < 508; i += 4) sum ^= f.le32(i);
  put32(hive, 508, sum);
}

HiveKey software_key(std::vector<HiveValue> version) {
  const HiveKey current{"CurrentVersion", std::move(version)};
  const HiveKey nt{"Windows NT", {}, {current}};
  const HiveKey other{"Windows", {}, {{"CurrentVersion"}}};
  return {"ROOT", {}, {{"Classes"}, {"Microsoft", {}, {other, nt}}}};
}

void write_hive_by_hivexsh(const std::filesystem::path& file,
                           const std::vector<std::string>& names_and_values) {
  write_file(file, make_hive({"ROOT"}));
  std::string script;
  for (const char* key : {"Microsoft", "Windows NT", "CurrentVersion"})
    script += std::string("add ") + key + "\ncd " + key + "\n";
  script += "setval " + std::to_string(names_and_values.size() / 2) + "\n";
  for (const std::string& line : names_and_values) script += line + "\n";
  must_run({.argv = {"hivexsh", "-w", file}, .input = script + "commit\n"});
}

}  // namespace drydock::test
