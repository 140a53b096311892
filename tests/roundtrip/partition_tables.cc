// Partition tables as the real tools write them, read by us and compared with what the tools say;
// fitted by us to other sizes and checked by the tools.
#include <boost/test/unit_test.hpp>
#include <charconv>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "disk/fit.h"
#include "disk/layout.h"
#include "io/file_source.h"
#include "support/files.h"
#include "support/loop_device.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kDisk = 64 * kMiB;

// ---- what others say
// -----------------------------------------------------------------------------

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

unsigned number_of(const std::string& node, const std::string& device) {
  std::string_view digits = std::string_view(node).substr(device.size());
  if (digits.starts_with('p')) digits.remove_prefix(1);
  unsigned number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// A disk without a signature has no identifiers to give.
std::string mbr_uuid(const std::string& signature, unsigned number) {
  return signature == "00000000" ? "" : std::format("{}-{:02x}", signature, number);
}

bool is_extended(const std::string& type) {
  return type == "5" || type == "f" || type == "85";
}

// One partition a line, so that a difference is easy to see.
std::string line(unsigned number, std::uint64_t offset, std::uint64_t length,
                 const std::string& type, const std::string& uuid, const std::string& name,
                 bool active) {
  return std::format("{}: {}+{} {} {} '{}'{}\n", number, offset, length, type, uuid, name,
                     active ? " active" : "");
}

// What sfdisk reads: "" when it sees no table.
std::string by_sfdisk(const std::filesystem::path& disk) {
  const Outcome outcome = run({.argv = {"sfdisk", "--json", disk.string()}});
  if (!outcome.ok()) return {};
  const json table = json::parse(outcome.out).at("partitiontable");
  const std::uint64_t sector = table.value("sectorsize", 512);
  const bool gpt = table.at("label") == "gpt";
  const std::string id = lower(table.at("id").get<std::string>());
  const std::string signature = id.starts_with("0x") ? id.substr(2) : id;
  std::map<std::uint64_t, std::string> sorted;
  for (const json& part : table.value("partitions", json::array())) {
    const std::string type = lower(part.at("type").get<std::string>());
    if (!gpt && is_extended(type)) continue;
    const unsigned number = number_of(part.at("node"), disk.string());
    const std::uint64_t start = part.at("start");
    const std::uint64_t size = part.at("size");
    sorted[start] = line(number, start * sector, size * sector,
                         gpt ? type : (type.size() == 1 ? "0x0" : "0x") + type,
                         gpt ? lower(part.at("uuid")) : mbr_uuid(signature, number),
                         part.value("name", ""), part.value("bootable", false));
  }
  std::string text = (gpt ? "GPT " : "MBR ") + signature + "\n";
  for (const auto& [start, partition] : sorted) text += partition;
  return text;
}

// ---- what we say
// ---------------------------------------------------------------------------------

Result<Layout> layout_of(const std::filesystem::path& disk) {
  const auto source = TRY(io::open_file_source(disk));
  return disk::read_layout(*source);
}

std::string by_us(const std::filesystem::path& disk) {
  const auto layout = layout_of(disk);
  if (!layout) return layout.error().sentence();
  if (layout->table == TableKind::none) return {};
  std::string text = std::string(table_name(layout->table)) + " " + layout->id + "\n";
  for (const Partition& part : layout->partitions)
    text += line(part.number, part.extent.offset, part.extent.length, part.type_id, part.uuid,
                 part.name, part.active);
  return text;
}

std::string notes_of(const std::filesystem::path& disk) {
  const auto layout = layout_of(disk);
  BOOST_REQUIRE(layout.has_value());
  std::string text;
  for (const std::string& note : layout->notes) text += note + "\n";
  return text;
}

// ---- disks
// ---------------------------------------------------------------------------------------

void sfdisk(const std::filesystem::path& disk, const std::string& script) {
  must_run({.argv = {"sfdisk", "--quiet", disk.string()}, .input = script});
}

void sgdisk(const std::filesystem::path& disk, std::vector<std::string> options) {
  std::vector<std::string> argv{"sgdisk"};
  argv.insert(argv.end(), options.begin(), options.end());
  argv.push_back(disk.string());
  must_run({.argv = std::move(argv)});
}

// An EFI partition, one without a name, one with a name that is not ASCII; free space at the end.
void make_gpt(const std::filesystem::path& disk) {
  make_sparse(disk, kDisk);
  sgdisk(disk, {"-n1:2048:+4M", "-t1:ef00", "-c1:EFI", "-n2:0:+20M", "-n5:0:+8M", "-t5:8200",
                "-c5:Größe"});
}

void make_mbr(const std::filesystem::path& disk) {
  make_sparse(disk, kDisk);
  sfdisk(disk,
         "label: dos\nlabel-id: 0xcafe0123\n"
         "start=2048, size=8192, type=7, bootable\n"
         "start=20480, size=81920, type=f\n"
         "start=104448, size=8192, type=c\n"
         "start=12288, size=4096, type=83\n"
         "start=22528, size=8192, type=83\n"
         "start=34816, size=4096, type=82\n"
         "start=57344, size=8192, type=8e\n");
}

bool is_sound(const std::filesystem::path& disk) {
  const Outcome outcome = run({.argv = {"sgdisk", "--verify", disk.string()}});
  BOOST_TEST_MESSAGE(outcome.out << outcome.err);
  return outcome.out.contains("No problems found") && !outcome.out.contains("Caution");
}

// As a restore would: the bytes, then the patches.
void restore_to(const std::filesystem::path& image, const std::filesystem::path& target,
                std::uint64_t bytes) {
  const auto source = io::open_file_source(image);
  BOOST_REQUIRE(source.has_value());
  const auto layout = disk::read_layout(**source);
  BOOST_REQUIRE(layout.has_value());
  const auto fit = disk::fit(**source, *layout, {bytes, 512, 512});
  if (!fit) BOOST_FAIL(fit.error().sentence());
  BOOST_REQUIRE(fit->bytes <= bytes);
  copy_sparse(image, target);
  std::filesystem::resize_file(target, bytes);
  for (const disk::Patch& patch : fit->patches)
    write_range(
        target, patch.offset,
        std::string_view(reinterpret_cast<const char*>(patch.bytes.data()), patch.bytes.size()));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roundtrip_partition_tables)

BOOST_AUTO_TEST_CASE(gpt_of_sgdisk) {
  if (const auto why = missing_programs({"sgdisk", "sfdisk"})) return skip(*why);
  const TempDir dir;
  make_gpt(dir / "disk");
  BOOST_TEST(by_us(dir / "disk") == by_sfdisk(dir / "disk"));
  BOOST_TEST(by_us(dir / "disk").contains("'Größe'"));
  BOOST_TEST(notes_of(dir / "disk") == "");
}

BOOST_AUTO_TEST_CASE(gpt_with_more_entries_or_entries_elsewhere) {
  if (const auto why = missing_programs({"sgdisk", "sfdisk"})) return skip(*why);
  const TempDir dir;
  make_gpt(dir / "more");
  sgdisk(dir / "more", {"--resize-table=512", "-n300:0:+1M"});
  BOOST_TEST(by_us(dir / "more") == by_sfdisk(dir / "more"));
  make_sparse(dir / "elsewhere", kDisk);
  sgdisk(dir / "elsewhere", {"--move-main-table=1000", "-n1:0:+4M"});
  BOOST_TEST(by_us(dir / "elsewhere") == by_sfdisk(dir / "elsewhere"));
  BOOST_TEST(layout_of(dir / "elsewhere")->table_areas.contains({1000 * 512, 32 * 512}));
}

BOOST_AUTO_TEST_CASE(gpt_of_parted_and_of_sfdisk) {
  if (const auto why = missing_programs({"parted", "sfdisk"})) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "parted", kDisk);
  must_run({.argv = {"parted", "--script", dir / "parted", "mklabel", "gpt", "mkpart", "first",
                     "ext4", "1MiB", "10MiB", "mkpart", "second", "fat32", "10MiB", "100%", "set",
                     "2", "esp", "on"}});
  BOOST_TEST(by_us(dir / "parted") == by_sfdisk(dir / "parted"));
  make_sparse(dir / "sfdisk", kDisk);
  sfdisk(dir / "sfdisk", "label: gpt\nsize=8MiB, type=U, name=esp\ntype=L\n");
  BOOST_TEST(by_us(dir / "sfdisk") == by_sfdisk(dir / "sfdisk"));
}

BOOST_AUTO_TEST_CASE(mbr_with_logical_partitions) {
  if (const auto why = missing_programs({"sfdisk"})) return skip(*why);
  const TempDir dir;
  make_mbr(dir / "disk");
  BOOST_TEST(by_us(dir / "disk") == by_sfdisk(dir / "disk"));
  BOOST_TEST(notes_of(dir / "disk") == "");
  // Without one in the middle the chain skips its record and the numbers behind it change.
  must_run({.argv = {"sfdisk", "--quiet", "--delete", dir / "disk", "6"}});
  BOOST_TEST(by_us(dir / "disk") == by_sfdisk(dir / "disk"));
}

BOOST_AUTO_TEST_CASE(mbr_whose_chain_is_not_in_the_order_of_the_disk) {
  if (const auto why = missing_programs({"sfdisk"})) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "disk", kDisk);
  sfdisk(dir / "disk",
         "label: dos\nstart=2048, size=100000, type=5\n"
         "start=65536, size=2048\nstart=4096, size=2048\nstart=32768, size=2048\n");
  BOOST_TEST(by_us(dir / "disk") == by_sfdisk(dir / "disk"));
}

BOOST_AUTO_TEST_CASE(mbr_of_parted) {
  if (const auto why = missing_programs({"parted", "sfdisk"})) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "disk", kDisk);
  must_run(
      {.argv = {"parted",     "--script", dir / "disk", "mklabel", "msdos",    "mkpart", "primary",
                "ntfs",       "1MiB",     "10MiB",      "mkpart",  "extended", "10MiB",  "100%",
                "mkpart",     "logical",  "ext4",       "11MiB",   "20MiB",    "mkpart", "logical",
                "linux-swap", "21MiB",    "30MiB",      "set",     "1",        "boot",   "on"}});
  BOOST_TEST(by_us(dir / "disk") == by_sfdisk(dir / "disk"));
}

BOOST_AUTO_TEST_CASE(apple_partition_map_of_parted) {
  if (const auto why = missing_programs({"parted"})) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "disk", kDisk);
  must_run({.argv = {"parted",  "--script", dir / "disk", "mklabel", "mac",  "mkpart", "primary",
                     "hfs+",    "1MiB",     "20MiB",      "name",    "2",    "Mac",    "mkpart",
                     "primary", "ext2",     "20MiB",      "40MiB",   "name", "3",      "Linux"}});
  const auto layout = layout_of(dir / "disk");
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST((layout->table == TableKind::apm));
  std::string ours;
  for (const Partition& part : layout->partitions)
    ours += std::format("{}:{}B:{}B:{}B:{}\n", part.number, part.extent.offset,
                        part.extent.end() - 1, part.extent.length, part.name);
  const std::string listing =
      must_run({.argv = {"parted", "--machine", "--script", dir / "disk", "unit", "B", "print"}});
  std::string theirs;
  for (const std::string_view row : split(listing, '\n')) {
    const auto fields = split(row, ':');
    // Number, start, end, size, filesystem, name; 1 is the map itself.
    if (fields.size() < 6 || fields[0] == "1" || fields[0].find_first_not_of("0123456789") == 0)
      continue;
    theirs +=
        std::format("{}:{}:{}:{}:{}\n", fields[0], fields[1], fields[2], fields[3], fields[5]);
  }
  BOOST_TEST(ours == theirs);
  BOOST_TEST(!ours.empty());
}

BOOST_AUTO_TEST_CASE(sectors_of_4096_bytes_on_a_device_and_in_its_file) {
  if (const auto why = missing_programs({"sfdisk"})) return skip(*why);
  if (const auto why = no_loop_device()) return skip(*why);
  const TempDir dir;
  for (const std::string label : {"gpt", "dos"}) {
    make_sparse(dir / label, kDisk);
    const LoopDevice device(dir / label, {"--sector-size", "4096"});
    sfdisk(device.path(), "label: " + label + "\nsize=2000\nsize=1000\n");
    const std::string expected = by_sfdisk(device.path());
    BOOST_TEST(!expected.empty());
    BOOST_TEST(by_us(device.path()) == expected);
    BOOST_TEST(notes_of(device.path()) == "");
    if (label == "dos") continue;
    BOOST_TEST(by_us(dir / label) == expected);
    BOOST_TEST(notes_of(dir / label).contains("sectors of 4096 bytes"));
  }
}

BOOST_AUTO_TEST_CASE(a_filesystem_on_the_whole_disk_has_no_table) {
  const std::map<std::string, std::vector<std::string>> makers{
      {"mkfs.fat", {"-F32"}},      {"mkfs.ntfs", {"-F", "-Q"}}, {"mkfs.exfat", {}},
      {"mkfs.ext4", {"-q", "-F"}}, {"mkfs.xfs", {"-q", "-f"}},  {"mkswap", {}}};
  unsigned made = 0;
  const TempDir dir;
  for (const auto& [tool, options] : makers) {
    if (missing_program(tool)) continue;
    ++made;
    make_sparse(dir / tool, 320 * kMiB);
    std::vector<std::string> argv{tool};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.push_back(dir / tool);
    must_run({.argv = argv});
    BOOST_TEST_CONTEXT(tool) {
      BOOST_TEST(by_us(dir / tool) == "");
      BOOST_TEST(notes_of(dir / tool) == "");
    }
  }
  if (made == 0) return skip("no mkfs tool is installed");
}

BOOST_AUTO_TEST_CASE(a_hybrid_iso_image) {
  if (const auto why = missing_programs({"xorriso", "sfdisk", "mkfs.fat"})) return skip(*why);
  const TempDir dir;
  make_sparse(dir / "efi", 2 * kMiB);
  must_run({.argv = {"mkfs.fat", dir / "efi"}});
  std::filesystem::create_directory(dir / "tree");
  write_file(dir / "tree" / "file", std::string(kMiB, 'x'));
  // A partition behind the ISO filesystem's, and both in the MBR.
  must_run({.argv = {"xorriso", "-as", "mkisofs", "-quiet", "-o", dir / "behind.iso",
                     "-partition_offset", "16", "-append_partition", "2", "0xef", dir / "efi",
                     dir / "tree"}});
  BOOST_TEST(by_us(dir / "behind.iso") == by_sfdisk(dir / "behind.iso"));
  BOOST_TEST(by_us(dir / "behind.iso").starts_with("MBR"));
}

BOOST_AUTO_TEST_CASE(gpt_fitted_to_other_sizes_satisfies_sgdisk) {
  if (const auto why = missing_programs({"sgdisk", "sfdisk"})) return skip(*why);
  const TempDir dir;
  make_gpt(dir / "image");
  BOOST_TEST(is_sound(dir / "image"));
  const std::string expected = by_sfdisk(dir / "image");
  for (const std::uint64_t bytes : {kDisk + 512, kDisk + 10 * 512, kDisk + kMiB, 3 * kDisk,
                                    std::uint64_t{4} << 40, kDisk - 512, kDisk - kMiB, 40 * kMiB}) {
    BOOST_TEST_CONTEXT(bytes) {
      restore_to(dir / "image", dir / "target", bytes);
      BOOST_TEST(is_sound(dir / "target"));
      BOOST_TEST(by_sfdisk(dir / "target") == expected);
      BOOST_TEST(by_us(dir / "target") == expected);
      BOOST_TEST(notes_of(dir / "target") == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(unusual_gpts_fitted_to_a_larger_disk_satisfy_sgdisk) {
  if (const auto why = missing_programs({"sgdisk", "sfdisk"})) return skip(*why);
  const TempDir dir;
  const std::map<std::string, std::vector<std::string>> kinds{
      {"more entries", {"--resize-table=512", "-n300:0:+1M"}},
      {"entries elsewhere", {"--move-main-table=1000", "-n1:0:+4M"}},
      {"hybrid MBR", {"-n1:0:+4M", "-n2:0:+4M", "--hybrid=2"}}};
  for (const auto& [kind, options] : kinds) {
    BOOST_TEST_CONTEXT(kind) {
      make_sparse(dir / "image", kDisk);
      sgdisk(dir / "image", options);
      restore_to(dir / "image", dir / "target", 2 * kDisk);
      BOOST_TEST(is_sound(dir / "target"));
      BOOST_TEST(by_sfdisk(dir / "target") == by_sfdisk(dir / "image"));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_damaged_copy_does_not_change_what_is_read) {
  if (const auto why = missing_programs({"sgdisk", "sfdisk"})) return skip(*why);
  const TempDir dir;
  make_gpt(dir / "disk");
  const std::string expected = by_sfdisk(dir / "disk");
  copy_sparse(dir / "disk", dir / "no-backup");
  write_range(dir / "no-backup", kDisk - 512, std::string(512, '\0'));
  BOOST_TEST(by_us(dir / "no-backup") == expected);
  BOOST_TEST(notes_of(dir / "no-backup").contains("the backup GPT is missing"));
  copy_sparse(dir / "disk", dir / "no-primary");
  write_range(dir / "no-primary", 512, std::string(512, '\0'));
  BOOST_TEST(by_us(dir / "no-primary") == expected);
  BOOST_TEST(notes_of(dir / "no-primary").contains("its backup was used"));
  // Both are as new on a larger disk.
  for (const char* name : {"no-backup", "no-primary"}) {
    restore_to(dir / name, dir / "target", 2 * kDisk);
    BOOST_TEST(is_sound(dir / "target"));
    BOOST_TEST(by_sfdisk(dir / "target") == expected);
  }
}

BOOST_AUTO_TEST_CASE(disks_of_the_corpus) {
  const char* told = std::getenv("DRYDOCK_CORPUS");
  const std::filesystem::path corpus = told != nullptr ? told : "../shared/corpus";
  if (!std::filesystem::is_directory(corpus))
    return skip("the corpus is not at " + corpus.string() + " (DRYDOCK_CORPUS tells where)");
  if (const auto why = missing_programs({"sfdisk", "zstd"})) return skip(*why);
  const TempDir dir;
  unsigned looked_at = 0;
  for (const char* folder : {"pt-gpt", "pt-mbr", "disk"}) {
    if (!std::filesystem::is_directory(corpus / folder)) continue;
    for (const auto& file : std::filesystem::directory_iterator(corpus / folder)) {
      if (file.path().extension() != ".zst") continue;
      const auto disk = dir / "disk";
      must_run({.argv = {"zstd", "-dqf", "--sparse", file.path(), "-o", disk}});
      ++looked_at;
      BOOST_TEST_CONTEXT(file.path()) {
        const auto layout = layout_of(disk);
        if (!layout) BOOST_TEST((layout.error().code == Code::bad_input));
        // sfdisk knows no Apple map, and lists partitions that lie behind the end of the disk.
        const bool compared = layout && layout->table != TableKind::apm && layout->notes.empty();
        if (compared) BOOST_TEST(by_us(disk) == by_sfdisk(disk));
      }
    }
  }
  if (looked_at == 0) return skip("the corpus has no disks");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
