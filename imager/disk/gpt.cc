#include "disk/gpt.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/hash.h"
#include "disk/local_fault.h"

namespace drydock::disk {
namespace {

constexpr std::uint64_t kPrimaryLba = 1;
// Where the entries of the primary copy begin unless a tool was told otherwise.
constexpr std::uint64_t kUsualEntriesLba = 2;

std::unexpected<Error> as_fault(const Error& error, std::string_view what) {
  if (!local_fault(error)) return fail(error);
  return fail(bad_input("GPT", error.code == Code::unreadable ? "cannot be read" : what));
}

class GptReader {
 public:
  GptReader(const io::BlockSource& disk, std::uint32_t sector) : disk_(disk) {
    gpt_.sector = sector;
    gpt_.sectors = disk.geometry().bytes / sector;
  }

  Result<Gpt> read() {
    if (gpt_.sectors < 2) {
      gpt_.primary_fault = gpt_.backup_fault = "is missing";
      return std::move(gpt_);
    }
    TRY(take(copy_at(kPrimaryLba), gpt_.primary, gpt_.primary_fault));
    TRY(find_backup());
    if (!gpt_.primary && gpt_.backup) TRY(look_at_primary_place());
    return std::move(gpt_);
  }

 private:
  Result<GptCopy> copy_at(std::uint64_t lba) const {
    if (lba >= gpt_.sectors) return fail(bad_input("GPT", "lies behind the end of the disk"));
    auto sector = io::read_bytes(disk_, lba * gpt_.sector, gpt_.sector);
    if (!sector) return as_fault(sector.error(), "is missing");
    const GptHeader header = TRY(parse_gpt_header(*sector, lba));
    if (header.entries_lba == 0 || header.entries_lba >= gpt_.sectors)
      return fail(bad_input("GPT", "has its entries behind the end of the disk"));
    auto entries = io::read_bytes(disk_, header.entries_lba * gpt_.sector, header.entries_bytes());
    if (!entries) return as_fault(entries.error(), "has its entries behind the end of the disk");
    if (crc32(*entries) != header.entries_crc)
      return fail(bad_input("GPT", "has entries that do not match their checksum"));
    return GptCopy{header, std::move(*sector), std::move(*entries)};
  }

  static Result<void> take(Result<GptCopy> copy, std::optional<GptCopy>& into, std::string& fault) {
    if (copy) {
      into = std::move(*copy);
      return {};
    }
    if (!local_fault(copy.error())) return fail(copy.error());
    fault = copy.error().what;
    return {};
  }

  // Where the primary says, else at the end of the disk: the two differ after a disk has grown.
  Result<void> find_backup() {
    const std::uint64_t last = gpt_.sectors - 1;
    gpt_.backup_lba = last;
    if (gpt_.primary && gpt_.primary->header.other_lba != last) {
      const std::uint64_t told = gpt_.primary->header.other_lba;
      TRY(take(copy_at(told), gpt_.backup, gpt_.backup_fault));
      if (gpt_.backup) {
        gpt_.backup_lba = told;
        return {};
      }
    }
    std::string fault;
    TRY(take(copy_at(last), gpt_.backup, fault));
    if (gpt_.backup_fault.empty()) gpt_.backup_fault = fault;
    return {};
  }

  // The primary is damaged. Its place may hold the same entries, nothing, or what cannot be read;
  // anything else may be the beginning of something that took the disk's place.
  Result<void> look_at_primary_place() {
    const GptCopy& backup = *gpt_.backup;
    const auto header = io::read_bytes(disk_, kPrimaryLba * gpt_.sector, gpt_.sector);
    const auto entries =
        io::read_bytes(disk_, kUsualEntriesLba * gpt_.sector, backup.entries.size());
    if (!header && !local_fault(header.error())) return fail(header.error());
    if (!entries && !local_fault(entries.error())) return fail(entries.error());
    const bool header_harmless = !header || has_gpt_signature(*header) || all_zero(*header);
    const bool entries_harmless =
        !entries || all_zero(*entries) || std::ranges::equal(*entries, backup.entries);
    gpt_.overwritten = !header_harmless || !entries_harmless;
    return {};
  }

  const io::BlockSource& disk_;
  Gpt gpt_;
};

}  // namespace

Result<Gpt> find_gpt(const io::BlockSource& disk) {
  const std::uint32_t own = disk.geometry().logical_sector;
  std::vector<std::uint32_t> sizes{512, 4096};
  if (std::has_single_bit(own) && own >= 512 && own <= 65536) {
    std::erase(sizes, own);
    sizes.insert(sizes.begin(), own);
  }
  std::vector<Gpt> found;
  for (const std::uint32_t size : sizes) {
    found.push_back(TRY(GptReader(disk, size).read()));
    if (found.back().primary) return std::move(found.back());
  }
  for (Gpt& gpt : found)
    if (gpt.backup) return std::move(gpt);
  return std::move(found.front());
}

}  // namespace drydock::disk
