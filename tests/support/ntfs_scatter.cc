#include "support/ntfs_scatter.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "fs/ntfs_volume.h"
#include "fs/used_map.h"
#include "io/file_source.h"
#include "support/files.h"
#include "support/ntfs_maker.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

using fs::NtfsAttribute;
using fs::NtfsRun;
using fs::NtfsVolume;

constexpr std::size_t kInBase = 15;  // runs that have room beside the other attributes

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().sentence());
  return std::move(*result);
}

std::vector<Bytes> attributes_in(Bytes record) {
  std::vector<Bytes> all;
  const ByteReader f(record);
  for (std::size_t at = f.le16(0x14); f.le32(at) != 0xFFFFFFFF; at += f.le32(at + 4))
    all.push_back(f.bytes(at, f.le32(at + 4)));
  return all;
}

std::uint32_t type_of(Bytes attribute) {
  return load_le<std::uint32_t>(attribute.data());
}

struct Listed {
  std::uint32_t type;
  std::uint64_t first_vcn;
  std::uint64_t reference;
  std::uint16_t instance;
};

std::vector<std::byte> attribute_list(const std::vector<Listed>& all) {
  constexpr std::size_t kEntry = 32;
  std::vector<std::byte> list(all.size() * kEntry);
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::byte* const entry = list.data() + i * kEntry;
    store_le(entry, all[i].type);
    store_le<std::uint16_t>(entry + 4, kEntry);
    entry[7] = std::byte{26};
    store_le(entry + 8, all[i].first_vcn);
    store_le(entry + 16, all[i].reference);
    store_le(entry + 24, all[i].instance);
  }
  return list;
}

class Scatter {
 public:
  Scatter(const stdfs::path& path, std::uint64_t number)
      : path_(path),
        source_(need(io::open_file_source(path))),
        volume_(need(NtfsVolume::open(*source_))),
        number_(number),
        contents_(need(volume_.stream(number, NtfsAttribute::kData))),
        bitmap_(need(volume_.stream(NtfsVolume::kBitmap, NtfsAttribute::kData))),
        in_use_(need(volume_.read(bitmap_, 0, bitmap_.size))),
        next_(volume_.boot().clusters() / 2) {}

  Scattered run(std::uint64_t keep, std::size_t runs_each);

 private:
  std::uint64_t cluster() const { return volume_.boot().cluster_bytes; }
  std::uint64_t place_of(const std::vector<NtfsRun>& runs, std::uint64_t offset) const;
  void write(const std::vector<NtfsRun>& runs, std::uint64_t offset, Bytes bytes) const;
  void mark(std::uint64_t cluster, bool used);
  std::uint64_t take_cluster();

  void move(std::uint64_t keep);
  std::vector<std::byte> record_bytes(std::uint64_t number) const;
  std::uint64_t take_record();
  void put_record(std::uint64_t number, const NtfsRecordMaker& record) const;
  void add_runs(NtfsRecordMaker& record, std::size_t first, std::size_t count) const;
  void put_list(NtfsRecordMaker& base, Bytes list);
  std::vector<Listed> put_pieces(std::size_t runs_each);
  void put_base(std::vector<Listed> pieces);

  stdfs::path path_;
  std::unique_ptr<io::BlockSource> source_;
  NtfsVolume volume_;
  std::uint64_t number_;
  fs::NtfsStream contents_;
  fs::NtfsStream bitmap_;
  std::vector<std::byte> in_use_;
  std::uint64_t next_;
  std::uint64_t next_record_ = 16;
  std::vector<NtfsRun> runs_;
  Scattered done_;
};

std::uint64_t Scatter::place_of(const std::vector<NtfsRun>& runs, std::uint64_t offset) const {
  const std::uint64_t vcn = offset / cluster();
  for (const NtfsRun& run : runs)
    if (vcn >= run.vcn && vcn - run.vcn < run.length)
      return (run.lcn + vcn - run.vcn) * cluster() + offset % cluster();
  throw std::runtime_error("an NTFS file is too short");
}

void Scatter::write(const std::vector<NtfsRun>& runs, std::uint64_t offset, Bytes bytes) const {
  while (!bytes.empty()) {
    const std::size_t count = std::min<std::uint64_t>(bytes.size(), cluster() - offset % cluster());
    write_range(path_, place_of(runs, offset), text_of(bytes.first(count)));
    bytes = bytes.subspan(count);
    offset += count;
  }
}

void Scatter::mark(std::uint64_t cluster, bool used) {
  const std::byte bit = std::byte{1} << cluster % 8;
  std::byte& byte = in_use_[cluster / 8];
  byte = used ? byte | bit : byte & ~bit;
}

std::uint64_t Scatter::take_cluster() {
  while (next_ < volume_.boot().clusters() && fs::bit_at(in_use_, next_)) ++next_;
  if (next_ >= volume_.boot().clusters()) throw std::runtime_error("the NTFS volume is full");
  mark(next_, true);
  const std::uint64_t taken = next_;
  next_ += 2;
  return taken;
}

void Scatter::move(std::uint64_t keep) {
  for (const NtfsRun& run : contents_.runs) {
    for (std::uint64_t i = 0; i < run.length; ++i) {
      const std::uint64_t vcn = run.vcn + i;
      const std::uint64_t from = run.lcn + i;
      if (vcn < keep) {
        if (vcn == 0 || i == 0) runs_.push_back({.vcn = vcn, .lcn = from, .length = 0});
        ++runs_.back().length;
        continue;
      }
      const std::uint64_t to = take_cluster();
      write_range(path_, to * cluster(), read_range(path_, from * cluster(), cluster()));
      mark(from, false);
      runs_.push_back({.vcn = vcn, .lcn = to, .length = 1});
    }
  }
  done_.runs = runs_.size();
}

std::vector<std::byte> Scatter::record_bytes(std::uint64_t number) const {
  const std::size_t bytes = volume_.boot().record_bytes;
  auto record = need(volume_.read(volume_.mft(), number * bytes, bytes));
  static_cast<void>(fs::apply_fixups(record, "FILE"));
  return record;
}

// Records 16 to 23 are the master file table's.
std::uint64_t Scatter::take_record() {
  if (number_ != NtfsVolume::kMft) next_record_ = std::max<std::uint64_t>(next_record_, 24);
  while (fs::is_in_use(record_bytes(next_record_))) ++next_record_;
  if (number_ == NtfsVolume::kMft && next_record_ >= 24)
    throw std::runtime_error("the master file table has too many pieces");
  const auto map = need(volume_.stream(NtfsVolume::kMft, NtfsAttribute::kBitmap));
  const auto bits = need(volume_.read(map, next_record_ / 8, 1));
  const std::byte with = bits[0] | std::byte{1} << next_record_ % 8;
  write(map.runs, next_record_ / 8, Bytes(&with, 1));
  ++done_.records;
  return next_record_++;
}

void Scatter::put_record(std::uint64_t number, const NtfsRecordMaker& record) const {
  const auto bytes = record.sealed();
  const std::uint64_t offset = number * bytes.size();
  write(volume_.mft().runs, offset, bytes);
  const std::uint64_t mirror = volume_.boot().mft_mirror * cluster();
  if (number < 4) write_range(path_, mirror + offset, text_of(bytes));
}

void Scatter::add_runs(NtfsRecordMaker& record, std::size_t first, std::size_t count) const {
  const auto begin = runs_.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = begin + static_cast<std::ptrdiff_t>(std::min(count, runs_.size() - first));
  const std::size_t at = record.end();
  record.runs(NtfsAttribute::kData, {begin, end}, contents_.size);
  if (first == 0)
    store_le(record.bytes().data() + at + 40, (runs_.back().vcn + runs_.back().length) * cluster());
}

// The records with all runs but the first ones, which are the base record's.
std::vector<Listed> Scatter::put_pieces(std::size_t runs_each) {
  const auto base = record_bytes(number_);
  const std::uint16_t sequence = ByteReader(base).le16(0x10);
  std::vector<Listed> pieces;
  for (std::size_t first = kInBase; first < runs_.size(); first += runs_each) {
    const std::uint64_t number = take_record();
    NtfsRecordMaker record(volume_.boot().record_bytes);
    record.base(number_);
    store_le(record.bytes().data() + 0x20, fs::NtfsReference{number_, sequence}.packed());
    store_le(record.bytes().data() + 0x2C, static_cast<std::uint32_t>(number));
    add_runs(record, first, runs_each);
    put_record(number, record);
    pieces.push_back(
        {NtfsAttribute::kData, runs_[first].vcn, fs::NtfsReference{number, 1}.packed(), 0});
  }
  return pieces;
}

void Scatter::put_list(NtfsRecordMaker& base, Bytes list) {
  constexpr std::size_t kMostInside = 300;
  if (list.size() <= kMostInside) {
    base.resident(NtfsAttribute::kAttributeList, list);
    return;
  }
  done_.list_outside = true;
  NtfsRuns runs;
  const std::uint64_t count = (list.size() + cluster() - 1) / cluster();
  for (std::uint64_t vcn = 0; vcn < count; ++vcn)
    runs.push_back({.vcn = vcn, .lcn = take_cluster(), .length = 1});
  write(runs, 0, list);
  const std::size_t at = base.end();
  base.runs(NtfsAttribute::kAttributeList, runs, list.size());
  store_le(base.bytes().data() + at + 40, count * cluster());
}

void Scatter::put_base(std::vector<Listed> pieces) {
  const auto old = record_bytes(number_);
  const std::uint64_t reference = fs::NtfsReference{number_, ByteReader(old).le16(0x10)}.packed();
  // The list has every attribute but itself, sorted by kind and place, so its length is known
  // before the instances are: they are numbers in order.
  std::vector<Listed> listed;
  std::uint16_t instance = 0;
  for (const Bytes attribute : attributes_in(old)) {
    const std::uint32_t type = type_of(attribute);
    if (type > NtfsAttribute::kAttributeList && instance == 1) ++instance;  // the list's own
    listed.push_back({type, 0, reference, instance++});
    if (type == NtfsAttribute::kData) listed.append_range(pieces);
  }
  NtfsRecordMaker base = NtfsRecordMaker::like(old);
  for (const Bytes attribute : attributes_in(old)) {
    const std::uint32_t type = type_of(attribute);
    if (type > NtfsAttribute::kAttributeList && base.next_instance() == 1)
      put_list(base, attribute_list(listed));
    if (type == NtfsAttribute::kData)
      add_runs(base, 0, kInBase);
    else
      base.copy(attribute);
  }
  put_record(number_, base);
}

Scattered Scatter::run(std::uint64_t keep, std::size_t runs_each) {
  move(keep);
  put_base(put_pieces(runs_each));
  write(number_ == NtfsVolume::kBitmap ? runs_ : bitmap_.runs, 0, in_use_);
  return done_;
}

}  // namespace

Scattered scatter_ntfs(const stdfs::path& volume, std::uint64_t number, std::uint64_t keep,
                       std::size_t runs_each) {
  return Scatter(volume, number).run(keep, runs_each);
}

}  // namespace drydock::test
