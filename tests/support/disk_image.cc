#include "support/disk_image.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "support/process.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::uint64_t kSector = 512;

std::uint64_t little_endian(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i > 0; --i)
    value = value << 8 | static_cast<unsigned char>(bytes.at(at + i - 1));
  return value;
}

// The number after "Label:" in dumpe2fs's summary.
std::uint64_t figure(const std::string& listing, const std::string& label) {
  const auto at = listing.find("\n" + label + ":");
  if (at == std::string::npos) throw std::runtime_error("dumpe2fs does not tell " + label);
  return std::stoull(listing.substr(at + label.size() + 2));
}

struct Run {
  std::uint64_t first, last;  // both included
};

// "  Free blocks: 9-12, 40, 77-80" of every group.
std::vector<Run> free_runs(const std::string& listing) {
  std::vector<Run> runs;
  std::istringstream lines(listing);
  for (std::string line; std::getline(lines, line);) {
    const std::string label = "  Free blocks: ";
    if (!line.starts_with(label)) continue;
    std::istringstream list(line.substr(label.size()));
    for (std::string item; std::getline(list, item, ',');) {
      const auto dash = item.find('-', 1);
      const std::uint64_t first = std::stoull(item);
      runs.push_back(
          {first, dash == std::string::npos ? first : std::stoull(item.substr(dash + 1))});
    }
  }
  std::ranges::sort(runs, {}, &Run::first);
  return runs;
}

}  // namespace

std::vector<Partition> partitions(const stdfs::path& disk) {
  const auto dump = nlohmann::json::parse(must_run({.argv = {"sfdisk", "--json", disk.string()}}));
  const auto& table = dump.at("partitiontable");
  const std::uint64_t sector = table.value("sectorsize", kSector);
  std::vector<Partition> all;
  for (const auto& p : table.at("partitions")) {
    all.push_back({.name = p.value("name", ""),
                   .type = p.at("type"),
                   .range = {p.at("start").get<std::uint64_t>() * sector,
                             p.at("size").get<std::uint64_t>() * sector}});
  }
  return all;
}

Partition partition_named(const stdfs::path& disk, const std::string& name) {
  for (const auto& partition : partitions(disk)) {
    if (partition.name == name) return partition;
  }
  throw std::runtime_error(disk.string() + " has no partition named " + name);
}

std::vector<Range> ext_used(const stdfs::path& disk, const Range& volume) {
  const std::string listing =
      must_run({.argv = {"dumpe2fs", disk.string() + "?offset=" + std::to_string(volume.offset)}});
  const std::uint64_t block = figure(listing, "Block size"), count = figure(listing, "Block count");
  std::vector<Range> used;
  std::uint64_t next = 0;
  const auto add_up_to = [&](std::uint64_t end) {
    if (end > next) used.push_back({volume.offset + next * block, (end - next) * block});
  };
  for (const Run& run : free_runs(listing)) {
    add_up_to(run.first);
    next = run.last + 1;
  }
  add_up_to(count);
  return used;
}

std::vector<Range> fat32_used(const stdfs::path& disk, const Range& volume) {
  const std::string boot = read_range(disk, volume.offset, kSector);
  const std::uint64_t sector = little_endian(boot, 11, 2),
                      cluster = little_endian(boot, 13, 1) * sector;
  const std::uint64_t reserved = little_endian(boot, 14, 2) * sector,
                      fats = little_endian(boot, 16, 1);
  const std::uint64_t fat_size = little_endian(boot, 36, 4) * sector;
  if (little_endian(boot, 22, 2) != 0 || fat_size == 0) throw std::runtime_error("not FAT32");
  const std::string fat = read_range(disk, volume.offset + reserved, fat_size);
  const std::uint64_t data = reserved + fats * fat_size;
  const std::uint64_t clusters = (little_endian(boot, 32, 4) * sector - data) / cluster;
  std::vector<Range> used{{volume.offset, data}};
  for (std::uint64_t i = 0; i < clusters; ++i) {
    const bool is_free =
        (little_endian(fat, (i + 2) * 4, 4) & 0x0FFFFFFF) == 0;  // the top four bits are reserved
    if (!is_free) used.push_back({volume.offset + data + i * cluster, cluster});
  }
  return used;
}

std::vector<Range> swap_used(const Range& volume) {
  return {{volume.offset, 4096}};
}

std::vector<Range> gpt_areas(const stdfs::path& disk) {
  // UEFI 2.10, 5.3: 16 KiB of entries, one sector of header; in front the protective MBR as well.
  constexpr std::uint64_t kTable = 33 * kSector;
  const std::uint64_t size = stdfs::file_size(disk);
  return {{0, kSector + kTable}, {size - kTable, kTable}};
}

}  // namespace drydock::test
