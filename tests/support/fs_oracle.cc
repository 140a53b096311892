#include "support/fs_oracle.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <format>
#include <fstream>
#include <stdexcept>

#include "base/text.h"
#include "fs/driver.h"
#include "io/file_source.h"
#include "support/files.h"
#include "support/process.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size())
    throw std::runtime_error("not a number: " + std::string(text));
  return value;
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15 + 1) {}
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  std::uint64_t state_;
};

}  // namespace

Volume survey_volume(const stdfs::path& path) {
  auto source = io::open_file_source(path);
  if (!source) throw std::runtime_error(source.error().sentence());
  drydock::Partition partition;
  partition.extent = {0, (*source)->geometry().bytes};
  return fs::survey(**source, partition);
}

void make_tree(const stdfs::path& root, unsigned seed, unsigned files) {
  Random random(seed);
  for (unsigned i = 0; i < files; ++i) {
    stdfs::path folder = root;
    for (unsigned depth = i % 4; depth > 0; --depth)
      folder /= std::format("folder {}", (i / 4 + depth) % 5);
    stdfs::create_directories(folder);
    constexpr std::size_t kSizes[] = {0, 1, 100, 700, 1024, 4096, 5000, 20'000, 65'536, 300'000};
    const std::size_t size = kSizes[random.next() % std::size(kSizes)];
    const std::string name = std::format("{} file {} {}", i % 3 == 0 ? "gone" : "kept", i,
                                         std::string(1 + random.next() % 60, 'n'));
    write_file(folder / name, noise(seed * 1000 + i, size));
  }
}

void delete_gone(const stdfs::path& root) {
  std::vector<stdfs::path> gone;
  for (const auto& entry : stdfs::recursive_directory_iterator(root))
    if (entry.is_regular_file() && entry.path().filename().string().starts_with("gone"))
      gone.push_back(entry.path());
  for (const stdfs::path& file : gone) stdfs::remove(file);
}

void format_volume(const stdfs::path& volume, std::uint64_t bytes, std::vector<std::string> command,
                   const std::vector<std::string>& options,
                   const std::map<std::string, std::string>& env) {
  make_sparse(volume, bytes);
  command.insert(command.end(), options.begin(), options.end());
  command.push_back(volume);
  must_run({.argv = std::move(command), .env = env});
}

std::string noise(std::uint64_t seed, std::size_t bytes) {
  Random random(seed);
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; i += 8) {
    const std::uint64_t word = random.next();
    std::memcpy(text.data() + i, &word, std::min<std::size_t>(8, bytes - i));
  }
  return text;
}

void restore_onto_noise(const stdfs::path& volume, const ExtentMap& used,
                        const stdfs::path& target) {
  constexpr std::uint64_t kPiece = 1 << 20;
  const std::string filler = noise(7, kPiece);
  const std::uint64_t size = stdfs::file_size(volume);
  std::ofstream out(target, std::ios::binary | std::ios::trunc);
  std::ifstream in(volume, std::ios::binary);
  for (std::uint64_t at = 0; at < size; at += kPiece)
    out.write(filler.data(), static_cast<std::streamsize>(std::min(kPiece, size - at)));
  std::string buffer(kPiece, '\0');
  for (const Extent& extent : used.extents()) {
    in.seekg(static_cast<std::streamoff>(extent.offset));
    out.seekp(static_cast<std::streamoff>(extent.offset));
    for (std::uint64_t done = 0; done < extent.length; done += kPiece) {
      const auto length = static_cast<std::streamsize>(std::min(kPiece, extent.length - done));
      in.read(buffer.data(), length);
      out.write(buffer.data(), length);
    }
  }
  if (!in || !out) throw std::runtime_error("cannot restore to " + target.string());
}

ExtentMap parse_mapfile(std::string_view text) {
  ExtentMap map;
  for (const std::string_view line : split(text, '\n')) {
    const auto words = words_of(line);
    if (words.size() == 3 && words[2] == "+") map.add({number(words[0]), number(words[1])});
  }
  return map;
}

ExtentMap partclone_map(std::string_view kind, const stdfs::path& volume,
                        const stdfs::path& scratch) {
  must_run({.argv = {"partclone." + std::string(kind), "-D", "-s", volume, "-o", scratch, "-L",
                     scratch.string() + ".log"}});
  return parse_mapfile(read_file(scratch));
}

std::uint64_t leading_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) throw std::runtime_error("not a number: " + std::string(text));
  return value;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(line, ' '))
    if (!word.empty()) words.push_back(word);
  return words;
}

std::optional<std::uint64_t> number_after(std::string_view text, std::string_view key) {
  for (const std::string_view line : split(text, '\n'))
    if (line.starts_with(key)) return parse_ranges(line.substr(key.size())).at(0).offset;
  return std::nullopt;
}

std::vector<Extent> parse_ranges(std::string_view text) {
  std::vector<Extent> ranges;
  for (std::string_view part : split(text, ',')) {
    part = trimmed(part);
    if (part.empty()) continue;
    const std::size_t dash = part.find('-');
    const std::uint64_t first = number(part.substr(0, dash));
    const std::uint64_t last =
        dash == std::string_view::npos ? first : number(part.substr(dash + 1));
    ranges.push_back({first, last - first + 1});
  }
  return ranges;
}

std::string difference(const ExtentMap& a, const ExtentMap& b) {
  const auto first = [](const ExtentMap& map) {
    return map.empty() ? std::string("nothing")
                       : std::format("{} to {} ({} bytes in all)", map.extents()[0].offset,
                                     map.extents()[0].end(), map.bytes());
  };
  return std::format("only in the first: {}; only in the second: {}", first(a.subtracted(b)),
                     first(b.subtracted(a)));
}

}  // namespace drydock::test
