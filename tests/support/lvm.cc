#include "support/lvm.h"

#include <format>
#include <stdexcept>

#include "base/text.h"
#include "support/files.h"
#include "support/fs_oracle.h"
#include "support/process.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

// A group's text without indentation and comments.
std::string without_layout(const std::string& text) {
  std::string plain;
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view code = trimmed(line.substr(0, line.find('#')));
    if (!code.empty()) plain += std::string(code) + "\n";
  }
  return plain;
}

}  // namespace

Lvm::Lvm(const std::vector<stdfs::path>& volumes) {
  for (const stdfs::path& volume : volumes) loops_.push_back(std::make_unique<LoopDevice>(volume));
  std::string filter;
  for (const auto& loop : loops_) filter += std::format("\"a|^{}$|\",", loop->path());
  config_ = std::format(
      "devices{{filter=[{}\"r|.*|\"] use_devicesfile=0 scan_lvs=0}} "
      "global{{activation=0 use_lvmlockd=0 use_lvmpolld=0 event_activation=0}} "
      "backup{{backup=0 archive=0}} activation{{monitoring=0}}",
      filter);
}

std::string Lvm::run(Words words) const {
  words.insert(words.begin() + 1, {"--config", config_});
  const Outcome outcome =
      test::run({.argv = std::move(words), .env = {{"LVM_SUPPRESS_FD_WARNINGS", "1"}}});
  if (!outcome.ok()) throw std::runtime_error(outcome.describe() + outcome.out);
  return outcome.out;
}

void Lvm::make_group(const Words& pv_options, const Words& vg_options) const {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    Words words{"pvcreate", "-q", "-y"};
    words.insert(words.end(), pv_options.begin(), pv_options.end());
    words.push_back(device(i));
    run(words);
  }
  Words words{"vgcreate", "-q", "drydock"};
  words.insert(words.end(), vg_options.begin(), vg_options.end());
  for (std::size_t i = 0; i < loops_.size(); ++i) words.push_back(device(i));
  run(words);
}

void Lvm::make(const std::string& name, const std::string& size, const Words& options) const {
  Words words{"lvcreate", "-q", "-an", "-Zn", "-Wn", "-n", name, "-L", size};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back("drydock");
  if (!options.empty() && options.back().starts_with("/dev/"))
    std::swap(words.back(), words[words.size() - 2]);
  run(words);
}

void Lvm::edit(const std::filesystem::path& scratch, std::string_view what,
               std::string_view by) const {
  const std::string file = scratch.string();
  run({"vgcfgbackup", "-f", file, "drydock"});
  std::string text = without_layout(read_file(file));
  const std::size_t at = text.find(what);
  if (at == std::string::npos) throw std::runtime_error("not in the text: " + std::string(what));
  text.replace(at, what.size(), by);
  write_file(file, text);
  run({"vgcfgrestore", "--force", "-f", file, "drydock"});
}

std::uint64_t Lvm::number(const Words& words) const {
  return leading_number(trimmed(run(words)));
}

std::uint64_t Lvm::extent_bytes() const {
  return number({"vgs", "--noheadings", "--nosuffix", "--units", "b", "-o", "vg_extent_size"});
}

std::uint64_t Lvm::data_offset() const {
  return number({"pvs", "--noheadings", "--nosuffix", "--units", "b", "-o", "pe_start", device()});
}

ExtentMap Lvm::used(std::uint64_t bytes) const {
  const std::string said = run({"pvs", "--segments", "--noheadings", "--separator", " ", "-o",
                                "pvseg_start,pvseg_size,segtype", device()});
  const std::uint64_t unit = extent_bytes();
  const std::uint64_t start = data_offset();
  std::vector<Extent> free;
  for (const std::string_view line : split(said, '\n')) {
    const auto words = words_of(line);
    if (words.size() == 3 && words[2] == "free")
      free.push_back({start + leading_number(words[0]) * unit, leading_number(words[1]) * unit});
  }
  return ExtentMap::whole(bytes).subtracted(ExtentMap::from(free));
}

std::vector<LvmPiece> Lvm::pieces(const std::string& name) const {
  const std::string said =
      run({"lvs", "--segments", "--noheadings", "--nosuffix", "--units", "b", "--separator", ";",
           "-o", "seg_start_pe,seg_size_pe,stripe_size,seg_pe_ranges", "drydock/" + name});
  std::vector<LvmPiece> all;
  for (const std::string_view line : split(said, '\n')) {
    const auto fields = split(trimmed(line), ';');
    if (fields.size() == 4) add_pieces(all, fields);
  }
  return all;
}

void Lvm::add_pieces(std::vector<LvmPiece>& all,
                     const std::vector<std::string_view>& fields) const {
  const std::uint64_t unit = extent_bytes();
  std::vector<std::uint64_t> areas;
  for (const std::string_view range : words_of(fields[3]))
    areas.push_back(data_offset() + leading_number(range.substr(range.rfind(':') + 1)) * unit);
  const std::uint64_t start = leading_number(fields[0]) * unit;
  const std::uint64_t length = leading_number(fields[1]) * unit;
  const std::uint64_t stripe = areas.size() == 1 ? length : leading_number(fields[2]);
  for (std::uint64_t at = 0; at < length; at += stripe)
    all.push_back({start + at,
                   areas[at / stripe % areas.size()] + at / (stripe * areas.size()) * stripe,
                   stripe});
}

void put_into(const stdfs::path& volume, const std::vector<LvmPiece>& pieces,
              const stdfs::path& content) {
  for (const LvmPiece& piece : pieces)
    write_range(volume, piece.place, read_range(content, piece.start, piece.length));
}

void take_out(const stdfs::path& volume, const std::vector<LvmPiece>& pieces,
              const stdfs::path& content) {
  make_sparse(content, pieces.back().start + pieces.back().length);
  for (const LvmPiece& piece : pieces)
    write_range(content, piece.start, read_range(volume, piece.place, piece.length));
}

ExtentMap outwards(const ExtentMap& inner, const std::vector<LvmPiece>& pieces) {
  std::vector<Extent> places;
  for (const LvmPiece& piece : pieces)
    for (const Extent& extent : inner.clipped({piece.start, piece.length}).extents())
      places.push_back({extent.offset - piece.start + piece.place, extent.length});
  return ExtentMap::from(places);
}

}  // namespace drydock::test
