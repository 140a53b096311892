#include "support/xfs_volume.h"

#include <algorithm>
#include <format>
#include <map>
#include <stdexcept>

#include "base/text.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/loop_device.h"
#include "support/process.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

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
    if (words.size() == 3 && words[1] == "=")
      values[std::string(words[0])] = leading_number(words[2]);
  }
  return values;
}

void format(const stdfs::path& volume, std::uint64_t bytes, const std::vector<std::string>& options,
            const std::map<std::string, std::string>& env) {
  format_volume(volume, bytes, {"mkfs.xfs", "-q", "-f", "-L", "drydock"}, options, env);
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
    : volume_(volume),
      mounted_({"mount", "-t", "xfs", "-o", "loop," + options, volume, place}, place) {}

void XfsMount::grow_to(std::uint64_t bytes) const {
  std::string device = must_run({.argv = {"findmnt", "-n", "-o", "SOURCE", mounted_.path()}});
  device.erase(device.find_last_not_of('\n') + 1);
  stdfs::resize_file(volume_, bytes);
  must_run({.argv = {"losetup", "--set-capacity", device}});
  must_run({.argv = {"xfs_growfs", mounted_.path()}});
}

void XfsMount::shut_down() const {
  must_run({.argv = {"xfs_io", "-x", "-c", "shutdown -f", mounted_.path()}});
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
  dump.log_start = leading_number(log.substr(log.find('(') + 1));

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
    free.push_back(
        {(leading_number(words[0]) * super.at("agblocks") + leading_number(words[1])) * block,
         leading_number(words[2]) * block});
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
  log.head = leading_number(text.substr(head + 6));
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
