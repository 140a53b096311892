// What is given wrongly gets a sentence, the right exit status, and loses nothing.
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <random>

#include "support/files.h"
#include "support/imager.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;

std::string noise(std::size_t bytes) {
  std::mt19937_64 random(1);
  std::string text(bytes, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

// What level 16 packs at a few MiB a second: a run that does not end before it is looked at.
std::string slow_to_pack(std::size_t bytes) {
  std::mt19937_64 random(1);
  std::string text(bytes, '\0');
  for (char& c : text) c = static_cast<char>('a' + random() % 4);
  return text;
}

struct Files {
  Files() : disk(folder / "disk"), image(folder / "image") { write_file(disk, noise(8 * kMiB)); }

  void save() const {
    const Outcome outcome = imager({"save", disk, image});
    BOOST_REQUIRE_MESSAGE(outcome.ok(), outcome.describe());
  }

  TempDir folder;
  std::filesystem::path disk, image;
};

void check_refused(const Outcome& outcome, int status, std::string_view words) {
  BOOST_TEST(outcome.status == status, outcome.describe());
  BOOST_TEST(outcome.err.find(words) != std::string::npos, outcome.err);
}

BOOST_AUTO_TEST_SUITE(bad_input)

BOOST_FIXTURE_TEST_CASE(no_such_device, Files) {
  check_refused(imager({"save", "/dev/no-such-disk", image}), 1, "/dev/no-such-disk");
  check_refused(imager({"inspect", "/dev/no-such-disk"}), 1, "/dev/no-such-disk");
  check_refused(imager({"verify", folder / "nothing"}), 1, "nothing");
  check_refused(imager({"save", "/dev/null", image}), 2, "/dev/null");
  BOOST_TEST(!std::filesystem::exists(image));
}

BOOST_FIXTURE_TEST_CASE(wrong_usage, Files) {
  BOOST_TEST(imager({}).status == 2);
  BOOST_TEST(imager({"save"}).status == 2);
  BOOST_TEST(imager({"save", disk, image, "--level", "99"}).status == 2);
  BOOST_TEST(imager({"frobnicate"}).status == 2);
  BOOST_TEST(imager({"--help"}).status == 0);
  BOOST_TEST(imager({"save", "--help"}).status == 0);
}

BOOST_FIXTURE_TEST_CASE(a_target_that_is_too_small, Files) {
  save();
  const auto target = folder / "target";
  write_file(target, std::string(kMiB, 'x'));
  const Outcome outcome = imager({"restore", image, target, "--yes"});
  BOOST_TEST(outcome.status == 2, outcome.describe());
  BOOST_TEST(outcome.err.find(std::to_string(7 * kMiB)) != std::string::npos, outcome.err);
  BOOST_TEST((read_file(target) == std::string(kMiB, 'x')));
}

BOOST_FIXTURE_TEST_CASE(an_image_that_exists_is_not_overwritten, Files) {
  write_file(image, "precious");
  check_refused(imager({"save", disk, image}), 1, "exists already");
  BOOST_TEST(read_file(image) == "precious");
}

BOOST_FIXTURE_TEST_CASE(an_unfinished_image_is_not_overwritten_unless_asked, Files) {
  write_file(image.string() + ".part", "half");
  check_refused(imager({"save", disk, image}), 1, "did not finish");
  BOOST_TEST(read_file(image.string() + ".part") == "half");
  BOOST_TEST(imager({"save", disk, image, "--force", "part"}).status == 0);
  BOOST_TEST(imager({"verify", image}).status == 0);
}

BOOST_FIXTURE_TEST_CASE(truncated_flipped_and_foreign_images, Files) {
  save();
  const std::string good = read_file(image);
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{10}, good.size() / 2, good.size() - 1}) {
    write_file(image, good.substr(0, length));
    BOOST_TEST(imager({"verify", image}).status == 2, "length " << length);
    if (length + 1 < good.size())
      BOOST_TEST(imager({"restore", image, folder / "t", "--yes"}).status == 2,
                 "length " << length);
  }
  std::string flipped = good;
  flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 1);
  write_file(image, flipped);
  const Outcome verified = imager({"verify", image});
  BOOST_TEST(verified.status == 2);
  BOOST_TEST(verified.err.find("of the disk are hurt") != std::string::npos, verified.err);
  check_refused(imager({"restore", image, folder / "u", "--yes"}), 2, "are lost");
  check_refused(imager({"verify", disk}), 2, "is not a Drydock image");
}

BOOST_FIXTURE_TEST_CASE(a_wrong_answer_overwrites_nothing, Files) {
  save();
  const auto target = folder / "target";
  write_file(target, std::string(8 * kMiB, 'x'));
  for (const char* answer : {"", "\n", "yes\n", "y\n", "8 GiB\n"}) {
    BOOST_TEST(imager({"restore", image, target}, answer).status == 4, "answer " << answer);
    BOOST_TEST((read_file(target) == std::string(8 * kMiB, 'x')));
  }
  BOOST_TEST(imager({"restore", image, target}, "8388608\n").status == 0);
  BOOST_TEST(same_contents(disk, target));
}

BOOST_FIXTURE_TEST_CASE(a_full_destination_keeps_the_part_and_says_so, Files) {
  // A limit on the size of files fails a write in the middle, as a full drive does.
  const Outcome outcome =
      run({.argv = {"sh", "-c", "ulimit -f 2048; exec \"$0\" save \"$1\" \"$2\"", imager_path(),
                    disk, image}});
  BOOST_TEST(outcome.status == 1, outcome.describe());
  BOOST_TEST(!std::filesystem::exists(image));
  BOOST_TEST(std::filesystem::exists(image.string() + ".part"));
  BOOST_TEST(outcome.err.find(".part") != std::string::npos, outcome.err);
  check_refused(imager({"verify", image.string() + ".part"}), 2, "did not finish");
}

BOOST_FIXTURE_TEST_CASE(a_full_standard_output, Files) {
  const Outcome outcome =
      run({.argv = {"sh", "-c", "\"$0\" save \"$1\" - >/dev/full", imager_path(), disk}});
  BOOST_TEST(outcome.status == 1, outcome.describe());
}

BOOST_FIXTURE_TEST_CASE(no_permission, Files) {
  if (const auto why = not_root()) return skip(*why);
  if (const auto why = missing_program("setpriv")) return skip(*why);
  std::filesystem::permissions(disk, std::filesystem::perms::owner_read);
  std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
  // The program may lie where another user cannot go.
  const auto program = folder / "imager";
  std::filesystem::copy_file(imager_path(), program);
  const Outcome outcome = run(
      {.argv = {"setpriv", "--reuid", "65534", "--clear-groups", program, "save", disk, image}});
  check_refused(outcome, 1, "ermission");
}

BOOST_FIXTURE_TEST_CASE(two_runs_on_the_same_target, Files) {
  const auto large = folder / "large";
  write_file(large, slow_to_pack(32 * kMiB));
  Process slow(imager_command({"save", large, image, "--level", "16", "--threads", "1"}));
  for (int i = 0; i < 600 && !std::filesystem::exists(image.string() + ".part"); ++i)
    slow.pump(std::chrono::milliseconds(50));
  BOOST_REQUIRE(slow.running());
  check_refused(imager({"save", disk, image}), 1, "another run");
  slow.send_signal(SIGINT);
  const auto ended = slow.wait(std::chrono::minutes(2));
  BOOST_REQUIRE(ended.has_value());
  BOOST_TEST(ended->status == 4, ended->describe());
  BOOST_TEST(!std::filesystem::exists(image));
  BOOST_TEST(std::filesystem::exists(image.string() + ".part"));
}

BOOST_FIXTURE_TEST_CASE(a_source_that_shrinks, Files) {
  const auto large = folder / "large";
  write_file(large, slow_to_pack(32 * kMiB));
  Process slow(imager_command({"save", large, image, "--level", "16", "--threads", "1"}));
  for (int i = 0; i < 600 && !std::filesystem::exists(image.string() + ".part"); ++i)
    slow.pump(std::chrono::milliseconds(50));
  std::filesystem::resize_file(large, 4 * kMiB);
  const auto ended = slow.wait(std::chrono::minutes(2));
  BOOST_REQUIRE(ended.has_value());
  BOOST_TEST(ended->status == 1, ended->describe());
  BOOST_TEST(!std::filesystem::exists(image));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::test
