// imager killed before each of its writes, syncs and renames, and gone on with: nothing that is
// there is taken for an image until it is one, and in the end it is the same image.
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>

#include "support/files.h"
#include "support/imager.h"
#include "support/killed_at.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kMiB = 1024 * 1024;

std::string noise(std::size_t bytes) {
  std::mt19937_64 random(1);
  std::string text(bytes, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

// By name, what was in a folder.
using Files = std::map<std::string, std::string>;

struct Killed {
  explicit Killed(Words options = {}) : options(std::move(options)) {
    make_sparse(disk, 12 * kMiB);
    write_range(disk, 5 * kMiB + 1000, noise(4 * kMiB));
    const Outcome outcome = imager(save(folder / "whole"));
    BOOST_REQUIRE_MESSAGE(outcome.ok(), outcome.describe());
    std::filesystem::create_directory(folder / "at");
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
      if (entry.path().filename().string().starts_with("whole"))
        whole["image" + entry.path().filename().string().substr(5)] = read_file(entry.path());
  }

  Words save(const std::filesystem::path& to, const Words& more = {}) const {
    Words words{"save", disk, to};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  Files found() const {
    Files files;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "at"))
      files[entry.path().filename()] = read_file(entry.path());
    return files;
  }

  void put(const Files& files) const {
    std::filesystem::remove_all(folder / "at");
    std::filesystem::create_directory(folder / "at");
    for (const auto& [name, content] : files) write_file(folder / "at" / name, content);
  }

  // All of the image, or something that no verb takes for one.
  void check_state(const Files& files) const {
    if (files == whole) {
      BOOST_TEST(imager({"verify", image}).status == 0);
      return;
    }
    if (files.empty()) return;  // not begun
    for (const Words& words : {Words{"verify", image}, Words{"inspect", image},
                               Words{"restore", image, folder / "target", "--yes"}}) {
      const Outcome outcome = imager(words);
      BOOST_TEST(outcome.status == 2, words[0] << ": " << outcome.describe());
      BOOST_TEST(outcome.err.contains("--resume"), words[0] << ": " << outcome.err);
    }
    BOOST_TEST(!std::filesystem::exists(folder / "target"));
  }

  void finish(const std::string& threads) const {
    if (found() == whole) return;
    const Outcome outcome = imager(save(image, {"--resume", "--threads", threads}));
    BOOST_TEST(outcome.status == 0, outcome.describe());
    BOOST_TEST((found() == whole));
  }

  // Every moment of a save, and of some resumes of what that left.
  void check_all() const {
    std::map<std::string, unsigned> calls;
    for (std::size_t n = 0;; ++n) {
      put({});
      const auto call = killed_at(imager_command(save(image, {"--threads", "1"})), n);
      if (!call) break;
      ++calls[*call];
      const Files left = found();
      BOOST_TEST_CONTEXT("killed before call " << n << ", " << *call) {
        check_state(left);
        finish("1");
        put(left);
        finish("3");
        if (n % 3 == 0) check_killed_again(left, n / 3);
      }
    }
    BOOST_TEST((found() == whole));
    for (const char* call : {"open", "write", "fsync", "renameat2"})
      BOOST_TEST(calls[call] > 0U, "no " << call << " was seen");
  }

  // At some of its calls, others with another `n`.
  void check_killed_again(const Files& left, std::size_t n) const {
    if (left == whole) return;
    for (std::size_t again = n % 6;; again += 6) {
      put(left);
      const Words words = save(image, {"--resume", "--threads", "2"});
      const auto call = killed_at(imager_command(words), again);
      BOOST_TEST_CONTEXT("and its resume before call " << again) {
        check_state(found());
        finish("2");
      }
      if (!call) return;
    }
  }

  TempDir folder;
  Words options;
  std::filesystem::path disk = folder / "disk";
  std::filesystem::path image = folder / "at" / "image";
  Files whole;
};

BOOST_AUTO_TEST_SUITE(killed)

BOOST_AUTO_TEST_CASE(one_file) {
  if (const auto why = no_tracing()) return skip(*why);
  Killed().check_all();
}

BOOST_AUTO_TEST_CASE(in_pieces) {
  if (const auto why = no_tracing()) return skip(*why);
  const Killed killed({"--split", "1500K"});
  BOOST_REQUIRE_GT(killed.whole.size(), 2U);
  killed.check_all();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::test
