// A save that ended early leaves a .part that nothing takes for an image and that --resume
// finishes.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <random>
#include <ranges>

#include "base/checked.h"
#include "base/units.h"
#include "image/reader.h"
#include "io/file_source.h"
#include "io/split_file.h"
#include "job/inspect.h"
#include "job/restore.h"
#include "job/save.h"
#include "job/verify.h"
#include "support/file_limit.h"
#include "support/files.h"
#include "support/sanitized.h"
#include "unit/job/computer.h"

namespace drydock::job {
namespace {

using drydock::test::FileLimit;
using drydock::test::read_file;
using drydock::test::write_file;

constexpr std::uint64_t kSector = 512;

std::string noise(std::size_t bytes) {
  std::mt19937_64 random(1);
  std::string text(bytes, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

// A drive with swap, of which most is free, and then data that is kept whole.
struct Interrupted : test::Computer {
  NullObserver nobody;
  const Stop never;
  std::string whole;                  // the image that an uninterrupted save makes
  std::vector<std::uint64_t> frames;  // where they begin in it
  std::uint64_t manifest_end = 0;

  Interrupted() {
    add_system_drive("/dev/sda", 16, 9);
    drydock::test::write_range(machine.content("/dev/sda"), 10 * kMiB + 300 * kKiB,
                               noise(2 * kMiB + 700 * kKiB));
    must_save({.source = "/dev/sda", .image = image(), .note = {}});
    whole = read_file(image());
    const auto source = io::open_file_source(image());
    const auto reader = image::ImageReader::open(**source);
    for (std::size_t i = 0; i < reader->index().size(); ++i)
      frames.push_back(reader->location(i).file);
    manifest_end = frames[0];
    std::filesystem::remove(image());
    machine.set_time("2026-11-26T09:00:00Z");
  }

  std::string image() const { return file("pc.img.zst"); }
  std::string part() const { return image() + ".part"; }

  SaveRequest to_resume(unsigned threads = 2) const {
    return {.source = "/dev/sda", .image = image(), .threads = threads, .note = {}, .resume = true};
  }

  Result<Report> save(const SaveRequest& request) {
    auto plan = TRY(plan_save(machine, request));
    return run(std::move(plan), nobody, never);
  }

  Report must_save(const SaveRequest& request) {
    auto report = save(request);
    if (!report) BOOST_FAIL(report.error().sentence());
    return std::move(*report);
  }

  Error refused(const SaveRequest& request) {
    const auto report = save(request);
    if (report) BOOST_FAIL("it was saved");
    return report.error();
  }

  // Every verb that reads an image says what this is and what to do.
  void check_unfinished(const std::string& name) {
    const auto check = [&](const auto& result) {
      BOOST_REQUIRE(!result.has_value());
      BOOST_TEST(exit_status(result.error()) == 2);
      BOOST_TEST(result.error().what.contains("did not finish"), result.error().sentence());
      BOOST_TEST(result.error().hint.contains("--resume"), result.error().sentence());
    };
    check(inspect(machine, name));
    check(verify(machine, {.image = name}, nobody, never));
    check(plan_restore(machine, {.image = name, .target = file("target")}));
  }

  void check_whole() {
    BOOST_TEST((read_file(image()) == whole));
    BOOST_TEST(!std::filesystem::exists(part()));
    std::filesystem::remove(image());
  }

  // Where frames and writes end, and sectors around it.
  std::vector<std::uint64_t> places() const {
    std::vector<std::uint64_t> all = frames;
    for (std::uint64_t at = 0; at < whole.size(); at += kMiB) all.push_back(at);
    for (const std::uint64_t at : std::vector(all)) {
      all.push_back(round_down(at, kSector) + kSector);
      all.push_back(round_down(at, kSector) + 7 * kSector);
    }
    for (const std::uint64_t back : {1, 9, 40, 100, 300}) all.push_back(whole.size() - back);
    std::ranges::sort(all);
    const auto [first, last] = std::ranges::unique(all);
    all.erase(first, last);
    std::erase_if(all, [&](std::uint64_t at) { return at >= whole.size(); });
    BOOST_TEST(all.size() > 20U);
    if (!drydock::test::kSanitized) return all;
    std::vector<std::uint64_t> some;
    for (std::size_t i = 0; i < all.size(); i += 8) some.push_back(all[i]);
    return some;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_resume, Interrupted)

BOOST_AUTO_TEST_CASE(cut_anywhere_and_gone_on_with) {
  for (const std::uint64_t at : places()) {
    BOOST_TEST_CONTEXT("cut at " << at) {
      {
        machine.set_time("2026-11-25T08:15:00Z");
        const FileLimit limit(at);
        const Error error =
            refused({.source = "/dev/sda", .image = image(), .threads = 1, .note = {}});
        BOOST_TEST(error.hint.contains("--resume"), error.sentence());
        machine.set_time("2026-11-26T09:00:00Z");
      }
      BOOST_TEST(!std::filesystem::exists(image()));
      BOOST_REQUIRE(std::filesystem::file_size(part()) == at);
      check_unfinished(part());
      check_unfinished(image());
      const std::string left = read_file(part());
      for (const unsigned threads : {1U, 4U}) {
        write_file(part(), left);
        // Without a manifest there is no time to be taken over.
        if (at < manifest_end) machine.set_time("2026-11-25T08:15:00Z");
        must_save(to_resume(threads));
        check_whole();
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_longer_than_what_reached_the_disk) {
  for (const std::uint64_t at : {std::uint64_t{0}, kMiB, 2 * kMiB + 7 * kSector}) {
    std::string left = whole.substr(0, at);
    left.resize(at + kMiB);
    write_file(part(), left);
    check_unfinished(part());
    if (at == 0) machine.set_time("2026-11-25T08:15:00Z");
    must_save(to_resume());
    check_whole();
    machine.set_time("2026-11-26T09:00:00Z");
  }
}

BOOST_AUTO_TEST_CASE(cut_before_it_got_its_name) {
  write_file(part(), whole);
  check_unfinished(part());
  check_unfinished(image());
  const Report report = must_save(to_resume());
  BOOST_TEST(report.lines[0].contains(human_bytes(whole.size())), report.lines[0]);
  check_whole();
}

BOOST_AUTO_TEST_CASE(pieces_cut_anywhere) {
  const std::uint64_t size = 700 * kKiB;
  const std::size_t count = div_ceil(whole.size(), size);
  BOOST_REQUIRE_GT(count, 3U);
  const auto piece = [&](std::size_t i) { return io::piece_name(image(), i); };
  const auto content = [&](std::size_t i) { return whole.substr(i * size, size); };
  SaveRequest request = to_resume();
  request.split = size;
  const auto check_pieces = [&] {
    for (std::size_t i = 0; i < count; ++i) {
      BOOST_TEST((read_file(piece(i)) == content(i)), "piece " << i);
      BOOST_TEST(!std::filesystem::exists(piece(i) + ".part"));
      std::filesystem::remove(piece(i));
    }
    BOOST_TEST(!std::filesystem::exists(piece(count)));
  };
  for (const std::uint64_t at : places()) {
    BOOST_TEST_CONTEXT("cut at " << at) {
      for (std::size_t i = 0; i * size <= at; ++i)
        write_file(piece(i) + ".part", whole.substr(i * size, std::min(size, at - i * size)));
      check_unfinished(image());
      check_unfinished(piece(0));
      check_unfinished(piece(0) + ".part");
      if (at < manifest_end) machine.set_time("2026-11-25T08:15:00Z");
      // More than one piece tells how large they are.
      SaveRequest without = request;
      if (at > size) without.split = 0;
      must_save(without);
      check_pieces();
      machine.set_time("2026-11-26T09:00:00Z");
    }
  }
  // All is stored and some pieces, the last ones first, have their names.
  for (std::size_t named = 0; named < count; ++named) {
    BOOST_TEST_CONTEXT(named << " pieces have their names") {
      for (std::size_t i = 0; i < count; ++i)
        write_file(piece(i) + (i >= count - named ? "" : ".part"), content(i));
      check_unfinished(image());
      must_save(to_resume());
      check_pieces();
    }
  }
}

BOOST_AUTO_TEST_CASE(pieces_that_do_not_hold_what_was_finished_are_not_touched) {
  const std::uint64_t size = 700 * kKiB;
  const std::size_t count = div_ceil(whole.size(), size);
  for (std::size_t i = 0; i < count; ++i)
    write_file(io::piece_name(image(), i) + (i + 1 == count ? "" : ".part"),
               whole.substr(i * size, size));
  drydock::test::write_range(io::piece_name(image(), 1) + ".part", 1000, std::string(600, '\0'));
  const Error error = refused(to_resume());
  BOOST_TEST(error.hint.contains("cannot be trusted"), error.sentence());
  BOOST_TEST(std::filesystem::file_size(io::piece_name(image(), 1) + ".part") == size);
}

BOOST_AUTO_TEST_CASE(one_piece_alone_does_not_tell_how_large_pieces_are) {
  write_file(io::piece_name(image(), 0) + ".part", whole.substr(0, 2 * kMiB));
  BOOST_TEST(refused(to_resume()).hint.contains("--split"));
  SaveRequest smaller = to_resume();
  smaller.split = kMiB;
  BOOST_TEST(refused(smaller).hint.contains("--split"));
}

BOOST_AUTO_TEST_CASE(a_part_in_one_file_is_not_cut_into_pieces) {
  write_file(part(), whole.substr(0, 2 * kMiB));
  SaveRequest split = to_resume();
  split.split = kMiB;
  BOOST_TEST(refused(split).what.contains("one file"));
}

BOOST_AUTO_TEST_CASE(without_anything_left_it_is_a_save) {
  machine.set_time("2026-11-25T08:15:00Z");
  const auto plan = plan_save(machine, to_resume());
  BOOST_REQUIRE(plan.has_value());
  BOOST_TEST(plan->summary().writes.back().contains("starts at the beginning"));
  must_save(to_resume());
  check_whole();
}

BOOST_AUTO_TEST_CASE(a_finished_image_is_not_overwritten) {
  write_file(image(), "precious");
  write_file(part(), whole.substr(0, kMiB));
  BOOST_TEST(refused(to_resume()).what.contains("exists already"));
  BOOST_TEST(read_file(image()) == "precious");
}

BOOST_AUTO_TEST_CASE(what_is_no_beginning_of_an_image_is_not_overwritten) {
  const std::string zeros_first = std::string(2 * kMiB, '\0') + "precious";
  std::string hurt = whole;
  hurt[40] = static_cast<char>(hurt[40] ^ 1);
  hurt.resize(8 * kMiB);
  for (const std::string& other : {std::string("precious"), zeros_first, hurt}) {
    write_file(part(), other);
    BOOST_TEST(refused(to_resume()).what.contains("no beginning of an image"));
    BOOST_TEST((read_file(part()) == other));
  }
}

BOOST_AUTO_TEST_CASE(choices_are_taken_over) {
  std::filesystem::remove(image());
  const SaveRequest chosen{.source = "/dev/sda",
                           .image = image(),
                           .level = 7,
                           .all = true,
                           .note = "before the new drive"};
  machine.set_time("2026-11-25T08:15:00Z");
  must_save(chosen);
  whole = read_file(image());
  std::filesystem::rename(image(), part());
  std::filesystem::resize_file(part(), whole.size() / 2);
  machine.set_time("2026-11-26T09:00:00Z");
  must_save(to_resume());
  check_whole();
}

BOOST_AUTO_TEST_CASE(another_source_is_refused_with_what_differs) {
  const std::string left = whole.substr(0, 2 * kMiB);
  write_file(part(), left);
  const auto check = [&](const SaveRequest& request, std::string_view words) {
    const Error error = refused(request);
    BOOST_TEST(exit_status(error) == 2);
    BOOST_TEST(error.what.contains(words), error.sentence());
    BOOST_TEST(error.hint.contains("another name"), error.sentence());
    BOOST_TEST((read_file(part()) == left));
  };
  SaveRequest level = to_resume();
  level.level = 9;
  check(level, "the level was 3 and is 9 now");
  SaveRequest note = to_resume();
  note.note = "another";
  check(note, "the note was nothing and is another now");
  SaveRequest all = to_resume();
  all.all = true;
  check(all, "the reason to keep all of partition 1");

  add_system_drive("/dev/sdb", 16, 9);
  SaveRequest other = to_resume();
  other.source = "/dev/sdb";
  check(other, "the serial number of the disk was S-sda and is S-sdb now");
  add_system_drive("/dev/sdc", 17, 9);
  other.source = "/dev/sdc";
  check(other, "the size of the disk");

  const std::string content = machine.content("/dev/sda");
  const std::string before = read_file(content);
  drydock::test::write_range(content, 440, "ABCD");
  check(to_resume(), "the partition table was MBR 12345678");
  write_file(content, before);
  drydock::test::write_range(content, kMiB + 1052, "a label");
  check(to_resume(), "the label of partition 1 was nothing and is a label now");
  write_file(content, before);
  drydock::test::write_range(content, 10 * kMiB + 400 * kKiB, "changed in place");
  check(to_resume(), "written to since");
}

BOOST_AUTO_TEST_CASE(a_file_that_was_changed_meanwhile) {
  SaveRequest request = to_resume();
  request.source = file("disk");
  write_file(request.source, noise(3 * kMiB));
  machine.set_time("2026-11-25T08:15:00Z");
  must_save(request);
  std::filesystem::rename(image(), part());
  std::filesystem::resize_file(part(), 2 * kMiB);
  machine.set_time("2026-11-26T09:00:00Z");
  BOOST_TEST(refused(request).what.contains("was changed at 2026-11-26T09:00:00Z"));
}

BOOST_AUTO_TEST_CASE(bad_sectors_are_listed_as_by_an_uninterrupted_run) {
  ExtentMap bad;
  bad.add({10 * kMiB + 512 * kKiB, 2 * kSector});
  bad.add({12 * kMiB, kSector});
  machine.break_drive("/dev/sda", {.unreadable = bad, .dies_after = {}, .full_at = {}});
  machine.set_time("2026-11-25T08:15:00Z");
  BOOST_TEST(must_save({.source = "/dev/sda", .image = image(), .note = {}}).exit_status() == 5);
  whole = read_file(image());
  std::filesystem::rename(image(), part());
  std::filesystem::resize_file(part(), whole.size() - 300 * kKiB);
  const Report report = must_save(to_resume());
  BOOST_TEST(report.exit_status() == 5);
  BOOST_TEST((report.unreadable == bad));
  check_whole();
}

BOOST_AUTO_TEST_CASE(space_that_is_taken_already_need_not_be_free) {
  machine.add_volume({.mount_point = {},
                      .filesystem = "ext4",
                      .device = "/dev/sdz1",
                      .disk = "/dev/sdz",
                      .free = whole.size() / 2,
                      .total = 16 * kMiB});
  const auto folder = machine.mount("/dev/sdz1", sys::Access::read_write);
  SaveRequest request = to_resume();
  request.image = *folder + "/pc.img.zst";
  BOOST_TEST(refused(request).what.contains("not enough space"));
  write_file(request.image + ".part", whole.substr(0, whole.size() - kMiB));
  must_save(request);
  BOOST_TEST((read_file(request.image) == whole));
}

BOOST_AUTO_TEST_CASE(standard_output_leaves_nothing) {
  SaveRequest request = to_resume();
  request.image = "-";
  BOOST_TEST(refused(request).where == "--resume");
}

BOOST_AUTO_TEST_CASE(the_command_of_the_plan_says_it) {
  write_file(part(), whole.substr(0, kMiB));
  const auto plan = plan_save(machine, to_resume());
  BOOST_REQUIRE(plan.has_value());
  BOOST_TEST(plan->summary().command.contains("--resume"));
  BOOST_TEST(plan->summary().writes.back().contains("1.0 MiB of an earlier run"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::job
