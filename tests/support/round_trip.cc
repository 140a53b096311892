#include "support/round_trip.h"

#include "base/units.h"
#include "support/file_tree.h"
#include "support/process.h"
#include "support/sample_disk.h"

namespace drydock::test {

namespace stdfs = std::filesystem;

void copy_sample_disk(const stdfs::path& to) {
  copy_sparse(sample_disk().image, to);
  stdfs::permissions(to, stdfs::perms::owner_read | stdfs::perms::owner_write);
}

void make_store(const stdfs::path& disk, std::uint64_t bytes) {
  constexpr std::uint64_t kAround = 2 * kMiB;  // the table and its backup
  make_sparse(disk, bytes);
  must_run(
      {.argv = {"sfdisk", "-q", disk.string()}, .input = "label: gpt\nstart=1MiB, name=images\n"});
  must_run({.argv = {"mkfs.ext4", "-q", "-L", "IMAGES", "-E", "offset=1048576", disk.string(),
                     std::to_string((bytes - kAround) / kMiB) + "M"}});
}

void wipe(const stdfs::path& disk) {
  const std::uint64_t size = stdfs::file_size(disk);
  make_sparse(disk, size);
  const std::string noise(1 << 20, '\xA5');
  for (std::uint64_t at = 0; at < size; at += 64 * noise.size()) write_range(disk, at, noise);
}

std::vector<Range> sample_used_areas() {
  const stdfs::path& disk = sample_disk().image;
  std::vector<Range> all = gpt_areas(disk);
  const auto append = [&all](const std::vector<Range>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  append(fat32_used(disk, partition_named(disk, kSampleEsp).range));
  append(swap_used(partition_named(disk, kSampleSwap).range));
  append(ext_used(disk, partition_named(disk, kSampleRoot).range));
  return all;
}

std::vector<std::string> differences_from_sample(const stdfs::path& restored) {
  const stdfs::path& sample = sample_disk().image;
  std::vector<std::string> found;
  const auto used = sample_used_areas();
  if (sha256(restored, used) != sha256(sample, used))
    found.emplace_back("the SHA-256 of the used areas differs");
  const Range root = partition_named(sample, kSampleRoot).range,
              esp = partition_named(sample, kSampleEsp).range;
  const std::string files = difference(ext_tree(sample, root), ext_tree(restored, root));
  if (files != "same") found.push_back("the files of the root: " + files);
  const std::string boot_files = difference(fat_tree(sample, esp), fat_tree(restored, esp));
  if (boot_files != "same") found.push_back("the files of the EFI system partition: " + boot_files);
  const Outcome check = run(
      {.argv = {"e2fsck", "-fn", restored.string() + "?offset=" + std::to_string(root.offset)}});
  if (!check.ok()) found.push_back("e2fsck: " + check.describe());
  return found;
}

}  // namespace drydock::test
