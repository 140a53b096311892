// Rescues beside GNU ddrescue: the same damage, the same bytes, no more reads of bad sectors; and
// either goes on with the other's map.
#include <boost/test/unit_test.hpp>
#include <random>
#include <sstream>

#include "io/faulty.h"
#include "io/file_source.h"
#include "io/memory_disk.h"
#include "rescue/mapfile_store.h"
#include "rescue/passes.h"
#include "support/files.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

using rescue::AreaMap;
using rescue::Mapfile;
using rescue::Status;

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;

class Silent : public rescue::Watcher {
 public:
  void began(const rescue::Step&, std::size_t) override {}
  void moved(const Mapfile&, const rescue::Reads& reads) override {
    if (stop != nullptr && reads.all >= after) stop->request();
  }
  Result<void> keep(const Mapfile&) override { return {}; }

  Stop* stop = nullptr;
  std::uint64_t after = 0;
};

struct Damage {
  const char* name;
  std::uint64_t bytes;
  ExtentMap bad;
};

ExtentMap scattered(std::uint64_t bytes, unsigned areas, std::uint64_t most_sectors,
                    unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<Extent> bad;
  for (unsigned i = 0; i < areas; ++i) {
    const std::uint64_t first = random() % (bytes / 512);
    const std::uint64_t sectors = std::min(1 + random() % most_sectors, bytes / 512 - first);
    bad.push_back({first * 512, sectors * 512});
  }
  return ExtentMap::from(std::move(bad));
}

// A scratch over the tracks: a few sectors at a time, a track apart.
ExtentMap scratch(std::uint64_t from, unsigned tracks) {
  ExtentMap bad;
  for (unsigned i = 0; i < tracks; ++i) bad.add({from + i * 900 * kKiB / 512 * 512, 6 * 512});
  return bad;
}

std::vector<Damage> damages() {
  return {
      {"one sector", 64 * kMiB, ExtentMap::from({{20 * kMiB + 512, 512}})},
      {"single sectors", 64 * kMiB, scattered(64 * kMiB, 60, 1, 1)},
      {"small areas", 64 * kMiB, scattered(64 * kMiB, 40, 100, 2)},
      {"large areas", 64 * kMiB, scattered(64 * kMiB, 5, 6000, 3)},
      {"a scratch", 64 * kMiB, scratch(10 * kMiB, 40)},
      {"the beginning", 64 * kMiB, ExtentMap::from({{0, 700 * kKiB}})},
      // ddrescue takes the last good sector of a simulation for the end of the drive.
      {"near the end", 64 * kMiB, ExtentMap::from({{63 * kMiB + 512, kMiB - 1024}})},
      {"every second sector of a MiB", 8 * kMiB,
       [] {
         ExtentMap bad;
         for (std::uint64_t at = 0; at < kMiB; at += 1024) bad.add({4 * kMiB + at, 512});
         return bad;
       }()},
      {"all but the last sector", 4 * kMiB, ExtentMap::whole(4 * kMiB - 512)},
  };
}

struct Bench {
  TempDir folder;
  std::string source = (folder / "source").string();
  std::string theirs = (folder / "theirs").string();
  std::string their_map = (folder / "theirs.map").string();

  void make_source(std::uint64_t bytes) const {
    std::mt19937_64 random(5);
    std::string content(bytes, '\0');
    for (std::uint64_t at = 0; at < bytes; at += 64) content[at] = static_cast<char>(random());
    write_file(source, content);
  }

  // The damage as ddrescue's --test-mode wants it, in a file that we write.
  std::string damage_file(const Damage& damage) const {
    Mapfile mapfile;
    mapfile.map = AreaMap(damage.bytes);
    mapfile.map.set({0, damage.bytes}, Status::finished);
    for (const Extent& bad : damage.bad.extents()) mapfile.map.set(bad, Status::bad);
    const std::string path = (folder / "damage.map").string();
    BOOST_REQUIRE(store_mapfile(path, mapfile).has_value());
    return path;
  }

  rescue::Reads ddrescue(const Damage& damage, const std::vector<std::string>& more = {}) const {
    const std::string log = (folder / "reads").string();
    std::vector<std::string> argv = {"ddrescue", "-q", "-H", damage_file(damage),
                                     "--log-reads=" + log};
    argv.insert(argv.end(), more.begin(), more.end());
    argv.insert(argv.end(), {source, theirs, their_map});
    must_run({.argv = argv, .timeout = std::chrono::seconds(60)});
    return reads_in(read_file(log));
  }

  // Lines of "position size copied failed" between comments.
  static rescue::Reads reads_in(const std::string& log) {
    rescue::Reads reads;
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("0x")) continue;
      ++reads.all;
      reads.failed += line.ends_with("\t0") ? 0U : 1U;
    }
    return reads;
  }

  Mapfile their_state() const {
    auto loaded = rescue::load_mapfile(their_map);
    BOOST_REQUIRE(loaded.has_value() && loaded->has_value());
    return std::move(**loaded);
  }
};

// Ours, with a copy in memory.
struct Ours {
  Ours(const Bench& bench, const Damage& damage)
      : file(io::open_file_source(bench.source).value()),
        drive(*file, {.unreadable = damage.bad}),
        copy(damage.bytes) {
    state.map = AreaMap(damage.bytes);
  }

  Result<rescue::Reads> go(Silent& watcher, const Stop& stop) {
    const std::vector<ExtentMap> whole = {ExtentMap::whole(copy.geometry().bytes)};
    return rescue::run(drive, copy, state, whole, {}, watcher, stop);
  }

  rescue::Reads must_go() {
    Silent watcher;
    const Stop never;
    const auto done = go(watcher, never);
    if (!done) BOOST_FAIL(done.error().sentence());
    return *done;
  }

  void stop_after(std::uint64_t reads) {
    Stop stop;
    Silent watcher;
    watcher.stop = &stop;
    watcher.after = reads;
    BOOST_REQUIRE((go(watcher, stop).error().code == Code::cancelled));
  }

  std::string content() const {
    const Bytes bytes = copy.content();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  std::unique_ptr<io::BlockSource> file;
  io::FaultySource drive;
  io::MemoryDisk copy;
  Mapfile state;
};

BOOST_AUTO_TEST_SUITE(rescues)

BOOST_AUTO_TEST_CASE(the_same_bytes_as_ddrescue_and_no_more_reads_of_bad_sectors) {
  if (const auto why = missing_program("ddrescue")) return skip(*why);
  for (const Damage& damage : damages()) {
    const Bench bench;
    bench.make_source(damage.bytes);
    const rescue::Reads theirs = bench.ddrescue(damage);
    Ours ours(bench, damage);
    const rescue::Reads reads = ours.must_go();
    BOOST_TEST_MESSAGE(damage.name << ": " << reads.failed << " of " << reads.all
                                   << " reads failed, with ddrescue " << theirs.failed << " of "
                                   << theirs.all);
    BOOST_TEST_CONTEXT(damage.name) {
      BOOST_TEST((ours.state.map == bench.their_state().map));
      BOOST_TEST((ours.state.map.extents_of(Status::bad) == damage.bad));
      BOOST_TEST((ours.content() == read_file(bench.theirs)));
      BOOST_TEST(reads.failed <= theirs.failed);
      BOOST_TEST(reads.all <= theirs.all);
    }
  }
}

BOOST_AUTO_TEST_CASE(ddrescue_goes_on_with_our_map) {
  if (const auto why = missing_program("ddrescue")) return skip(*why);
  for (const std::uint64_t reads : {100U, 900U, 1100U, 1300U, 3000U}) {
    const Damage damage = damages()[3];
    const Bench bench;
    bench.make_source(damage.bytes);
    Ours ours(bench, damage);
    ours.stop_after(reads);
    write_file(bench.theirs, ours.content());
    BOOST_REQUIRE(store_mapfile(bench.their_map, ours.state).has_value());
    bench.ddrescue(damage);
    const AreaMap map = bench.their_state().map;
    BOOST_TEST((map.extents_of(Status::bad) == damage.bad));
    BOOST_TEST(map.bytes_of(Status::finished) == damage.bytes - damage.bad.bytes());
    ours.must_go();
    BOOST_TEST((ours.content() == read_file(bench.theirs)));
  }
}

BOOST_AUTO_TEST_CASE(we_go_on_with_ddrescues_map) {
  if (const auto why = missing_program("ddrescue")) return skip(*why);
  const std::vector<std::vector<std::string>> stages = {
      {"--cpass=1", "-N", "-n"}, {"--cpass=1,2", "-N", "-n"}, {"-N", "-n"},         {"-n"},
      {"-b2048", "-N", "-n"},    {"-i16Mi", "-s20Mi"},        {"-r2", "-c", "1000"}};
  for (const auto& stage : stages) {
    const Damage damage = damages()[2];
    const Bench bench;
    bench.make_source(damage.bytes);
    bench.ddrescue(damage, stage);
    Ours ours(bench, damage);
    ours.state = bench.their_state();
    if (ours.state.map.bytes() < damage.bytes)
      ours.state.map.append(damage.bytes - ours.state.map.bytes(), Status::non_tried);
    std::string begun = read_file(bench.theirs);
    begun.resize(damage.bytes);
    BOOST_REQUIRE(ours.copy.write_at(0, as_bytes(begun)).has_value());
    ours.must_go();
    Ours alone(bench, damage);
    alone.must_go();
    BOOST_TEST_CONTEXT(stage.front()) {
      BOOST_TEST((ours.state.map == alone.state.map));
      BOOST_TEST((ours.content() == alone.content()));
    }
  }
}

BOOST_AUTO_TEST_CASE(ddrescuelog_accepts_our_map) {
  if (const auto why = missing_program("ddrescuelog")) return skip(*why);
  const Bench bench;
  Mapfile mapfile;
  mapfile.notes = {"Mapfile. Created by a test", "Source: a # drive + 1"};
  mapfile.step = {rescue::Phase::scraping, 1, 4096};
  mapfile.map = AreaMap(std::uint64_t{1} << 45);
  mapfile.map.set({0, 4096}, Status::finished);
  mapfile.map.set({4096, 512}, Status::non_scraped);
  mapfile.map.set({std::uint64_t{1} << 44, 512}, Status::bad);
  BOOST_REQUIRE(store_mapfile(bench.their_map, mapfile).has_value());
  const Outcome shown = run({.argv = {"ddrescuelog", "-t", bench.their_map}});
  BOOST_TEST(shown.ok(), shown.describe());
  const std::string listed = must_run({.argv = {"ddrescuelog", "-l-", bench.their_map}});
  BOOST_TEST(listed == std::to_string((std::uint64_t{1} << 44) / 512) + "\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::test
