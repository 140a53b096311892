#include "support/xfs_volume.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <format>
#include <map>
#include <stdexcept>
#include <thread>

#include "base/text.h"
#include "support/files.h"
#include "support/loop_device.h"
#include "support/process.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(line, ' '))
    if (!word.empty()) words.push_back(word);
  return words;
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) throw std::runtime_error("not a number: " + std::string(text));
  return value;
}

std::string db(const stdfs::path& volume, const std::vector<std::string>& commands,
               bool write = false) {
  std::vector<std::string> argv{"xfs_db", write ? "-x" : "-r"};
  for (const std::string& command : commands) argv.insert(argv.end(), {"-c", command});
  argv.push_back(volume.string());
  return must_run({.argv = argv});
}

// "name = value" lines.
std::map<std::string, std::uint64_t> fields(const std::string& text) {
  std::map<std::string, std::uint64_t> values;
  for (const std::string_view line : split(text, '\n')) {
    const auto words = words_of(line);
    if (words.size() == 3 && words[1] == "=") values[std::string(words[0])] = number(words[2]);
  }
  return values;
}

void format(const stdfs::path& volume, std::uint64_t bytes, const std::vector<std::string>& options,
            const std::map<std::string, std::string>& env) {
  make_sparse(volume, bytes);
  std::vector<std::string> argv{"mkfs.xfs", "-q", "-f", "-L", "drydock"};
  argv.insert(argv.end(), options.begin(), options.end());
  argv.push_back(volume.string());
  must_run({.argv = argv, .env = env});
}

}  // namespace

std::optional<std::string> why_no_xfs_mount() {
  if (auto why = no_loop_device()) return why;
  run({.argv = {"modprobe", "xfs"}});
  if (!read_file("/proc/filesystems").contains("\txfs\n")) return "this kernel has no XFS";
  return std::nullopt;
}

void make_xfs(const stdfs::path& volume, std::uint64_t bytes,
              const std::vector<std::string>& options) {
  format(volume, bytes, options, {});
}

void make_small_xfs(const stdfs::path& volume, std::uint64_t bytes,
                    const std::vector<std::string>& options) {
  // As its own tests ask for it.
  format(volume, bytes, options, {{"TEST_DIR", "1"}, {"TEST_DEV", "1"}, {"QA_CHECK_FS", "1"}});
}

XfsMount::XfsMount(const stdfs::path& volume, const stdfs::path& place, const std::string& options)
    : volume_(volume), place_(place) {
  stdfs::create_directories(place);
  must_run({.argv = {"mount", "-t", "xfs", "-o", "loop," + options, volume, place}});
}

XfsMount::~XfsMount() {
  // Whoever looks at all mounts of the machine keeps this one busy for a moment.
  for (int attempt = 0; attempt < 50; ++attempt) {
    if (run({.argv = {"umount", place_}}).ok()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

void XfsMount::grow_to(std::uint64_t bytes) const {
  std::string device = must_run({.argv = {"findmnt", "-n", "-o", "SOURCE", place_}});
  device.erase(device.find_last_not_of('\n') + 1);
  stdfs::resize_file(volume_, bytes);
  must_run({.argv = {"losetup", "--set-capacity", device}});
  must_run({.argv = {"xfs_growfs", place_}});
}

void XfsMount::shut_down() const {
  must_run({.argv = {"xfs_io", "-x", "-c", "shutdown -f", place_}});
}

XfsDump xfs_db_dump(const stdfs::path& volume) {
  auto super = fields(db(volume, {"sb 0", "p blocksize dblocks agcount agblocks logblocks"}));
  const std::uint64_t block = super.at("blocksize");
  XfsDump dump;
  dump.bytes = super.at("dblocks") * block;
  dump.log_bytes = super.at("logblocks") * block;
  const std::string start = db(volume, {"sb 0", "p logstart"});
  const std::string log =
      db(volume, {"convert fsblock " + start.substr(11, start.find('\n') - 11) + " byte"});
  dump.log_start = number(log.substr(log.find('(') + 1));

  for (std::uint64_t group = 0; group < super.at("agcount"); ++group) {
    const auto agf = fields(db(volume, {std::format("agf {}", group), "p flcount bnolevel"}));
    dump.set_aside += agf.at("flcount") * block;
    dump.most_levels = std::max(dump.most_levels, agf.at("bnolevel"));
  }
  std::vector<Extent> free;
  for (const std::string_view line : split(db(volume, {"freesp -d"}), '\n')) {
    const auto words = words_of(line);
    if (words.size() != 3 || words[0].find_first_not_of("0123456789") != std::string_view::npos)
      continue;
    free.push_back({(number(words[0]) * super.at("agblocks") + number(words[1])) * block,
                    number(words[2]) * block});
  }
  dump.free = ExtentMap::from(free);
  return dump;
}

XfsLog xfs_log(const stdfs::path& volume) {
  const LoopDevice device(volume, {"--read-only"});
  const std::string text = must_run({.argv = {"xfs_logprint", "-t", device.path()}});
  XfsLog log;
  log.clean = text.contains("<CLEAN>");
  const std::size_t head = text.find("head: ");
  if (head == std::string::npos) throw std::runtime_error("xfs_logprint: " + text);
  log.head = number(text.substr(head + 6));
  return log;
}

void free_one_block_more(const stdfs::path& volume) {
  const std::string root[] = {"bnoroot", "cntroot"};
  const auto group = fields(db(volume, {"agf 0", "p freeblks longest"}));
  std::uint64_t longest = 0;
  for (const std::string& tree : root) {
    const std::uint64_t count =
        fields(db(volume, {"agf 0", "addr " + tree, "p numrecs"})).at("numrecs");
    const auto field = [&](std::string_view name) {
      const std::string path = std::format("recs[{}].{}", count, name);
      return std::pair(path, fields(db(volume, {"agf 0", "addr " + tree, "p " + path})).at(path));
    };
    const auto start = field("startblock");
    const auto length = field("blockcount");
    longest = std::max(longest, length.second + 1);
    db(volume,
       {"agf 0", "addr " + tree, std::format("write {} {}", start.first, start.second - 1),
        std::format("write {} {}", length.first, length.second + 1)},
       true);
  }
  const std::uint64_t free = fields(db(volume, {"sb 0", "p fdblocks"})).at("fdblocks");
  db(volume,
     {"agf 0", std::format("write freeblks {}", group.at("freeblks") + 1),
      std::format("write longest {}", std::max(longest, group.at("longest"))), "sb 0",
      std::format("write fdblocks {}", free + 1)},
     true);
}

}  // namespace drydock::test
