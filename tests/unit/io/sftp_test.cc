// Against OpenSSH's own server of the protocol, without SSH around it.
#include "io/sftp.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "io/sftp_file.h"
#include "support/files.h"
#include "support/skip.h"
#include "support/temp_dir.h"
#include "sys/program.h"

namespace drydock::io {
namespace {

using Leftover = OutputFile::Leftover;

constexpr const char* kServer = "/usr/lib/openssh/sftp-server";

std::vector<std::byte> noise(std::size_t length) {
  std::vector<std::byte> bytes(length);
  std::uint32_t state = 1;
  for (std::byte& byte : bytes)
    byte = static_cast<std::byte>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

struct Server {
  test::TempDir dir;
  sys::Program program = *sys::Program::start({kServer});
  std::shared_ptr<Sftp> files = *Sftp::begin(program.output(), program.input(), "nas");

  std::string path(const std::string& name) const { return (dir.path() / name).string(); }
};

// A server that says `answer` to everything.
std::string greeting(const std::string& answer) {
  auto program = *sys::Program::start({"sh", "-c", "printf '" + answer + "'; cat >/dev/null"});
  const auto sftp = Sftp::begin(program.output(), program.input(), "nas");
  return sftp ? "taken" : sftp.error().sentence();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_sftp)

BOOST_AUTO_TEST_CASE(a_file_is_written_and_read_back) {
  if (const auto why = test::missing_program(kServer)) return test::skip(*why);
  Server server;
  // More than may be under way at once, and no multiple of a piece.
  const auto bytes = noise(5'000'001);
  auto file = create_sftp_file(server.files, server.path("x"), "ssh://nas/x", Leftover::refuse);
  BOOST_REQUIRE(file.has_value());
  BOOST_TEST((*file)->name() == "ssh://nas/x.part");
  BOOST_TEST((*file)->append(Bytes(bytes).first(3'000'000)).has_value());
  BOOST_TEST((*file)->append(Bytes(bytes).subspan(3'000'000)).has_value());
  BOOST_TEST(!std::filesystem::exists(server.path("x")));
  BOOST_TEST((*file)->finish().has_value());
  BOOST_TEST(!std::filesystem::exists(server.path("x.part")));
  const auto source = open_sftp_source(server.files, server.path("x"), "ssh://nas/x");
  BOOST_REQUIRE(source.has_value());
  BOOST_TEST((*source)->geometry().bytes == bytes.size());
  BOOST_TEST((*read_bytes(**source, 0, bytes.size()) == bytes));
  BOOST_TEST((*read_bytes(**source, 4'999'999, 2) ==
              std::vector<std::byte>(bytes.end() - 2, bytes.end())));
  BOOST_TEST(!read_bytes(**source, 5'000'000, 2).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_there_is_not_overwritten) {
  if (const auto why = test::missing_program(kServer)) return test::skip(*why);
  Server server;
  test::write_file(server.path("x"), "old");
  test::write_file(server.path("y.part"), "left");
  const auto refusal = [&](const char* name, Leftover leftover) {
    const auto file = create_sftp_file(server.files, server.path(name), name, leftover);
    return file ? "taken" : file.error().sentence();
  };
  BOOST_TEST(refusal("x", Leftover::replace).contains("exists already"));
  BOOST_TEST(refusal("y", Leftover::refuse).contains("4 B of an earlier run"));
  BOOST_TEST(refusal("y", Leftover::replace) == "taken");
  BOOST_TEST(refusal("no/z", Leftover::refuse).contains("no such file or folder on nas"));
  // Another run was faster.
  auto file = create_sftp_file(server.files, server.path("w"), "w", Leftover::refuse);
  test::write_file(server.path("w"), "theirs");
  BOOST_TEST(!(*file)->finish().has_value());
  BOOST_TEST(test::read_file(server.path("w")) == "theirs");
}

BOOST_AUTO_TEST_CASE(what_an_earlier_run_left_is_gone_on_with) {
  if (const auto why = test::missing_program(kServer)) return test::skip(*why);
  Server server;
  test::write_file(server.path("x.part"), "whole, torn");
  auto file = create_sftp_file(server.files, server.path("x"), "x", Leftover::keep);
  BOOST_REQUIRE(file.has_value());
  BOOST_REQUIRE((*file)->cut(7).has_value());
  BOOST_REQUIRE((*file)->append(as_bytes("and more")).has_value());
  BOOST_REQUIRE((*file)->finish().has_value());
  BOOST_TEST(test::read_file(server.path("x")) == "whole, and more");
  // Without a cut it goes on behind the end; without anything left it begins.
  test::write_file(server.path("y.part"), "all");
  BOOST_REQUIRE((*create_sftp_file(server.files, server.path("y"), "y", Leftover::keep))
                    ->append(as_bytes(" of it"))
                    .has_value());
  BOOST_TEST(test::read_file(server.path("y.part")).starts_with("all"));
  BOOST_TEST(create_sftp_file(server.files, server.path("z"), "z", Leftover::keep).has_value());
}

BOOST_AUTO_TEST_CASE(sizes_and_space) {
  if (const auto why = test::missing_program(kServer)) return test::skip(*why);
  Server server;
  test::write_file(server.path("x"), "four");
  BOOST_TEST(server.files->size(server.path("x"))->value() == 4u);
  BOOST_TEST(!server.files->size(server.path("none"))->has_value());
  const auto space = server.files->space(server.dir.path());
  BOOST_REQUIRE((space.has_value() && space->has_value()));
  BOOST_TEST((*space)->free > 0u);
  BOOST_TEST((*space)->total >= (*space)->free);
  BOOST_TEST(!(*space)->read_only);
}

BOOST_AUTO_TEST_CASE(a_folder_is_listed) {
  if (const auto why = test::missing_program(kServer)) return test::skip(*why);
  Server server;
  test::write_file(server.path("file"), "x");
  std::filesystem::create_directory(server.path("folder"));
  std::filesystem::create_symlink("folder", server.path("link"));
  std::filesystem::create_symlink("nowhere", server.path("broken"));
  // More than one answer holds.
  for (int i = 0; i < 300; ++i)
    test::write_file(server.path("folder/" + std::string(200, 'n') + std::to_string(i)), "");
  auto entries = server.files->list(server.dir.path());
  BOOST_REQUIRE(entries.has_value());
  std::ranges::sort(*entries, {}, &Sftp::Entry::name);
  BOOST_REQUIRE(entries->size() == 4u);
  BOOST_TEST((*entries)[0].name == "broken");
  BOOST_TEST((*entries)[0].mode == 0u);
  BOOST_TEST(S_ISREG((*entries)[1].mode));
  BOOST_TEST(S_ISDIR((*entries)[2].mode));
  BOOST_TEST(S_ISDIR((*entries)[3].mode));
  BOOST_TEST(server.files->list(server.path("folder"))->size() == 300u);
  BOOST_TEST(
      server.files->list(server.path("none")).error().what.contains("no such file or folder"));
  BOOST_TEST(!server.files->list(server.path("file")).has_value());
}

BOOST_AUTO_TEST_CASE(a_server_that_goes_is_told_of) {
  if (const auto why = test::missing_program(kServer)) return test::skip(*why);
  Server server;
  test::write_file(server.path("x"), std::string(100, 'x'));
  const auto source = open_sftp_source(server.files, server.path("x"), "x");
  BOOST_REQUIRE(source.has_value());
  server.program.close_input();
  server.program.wait();
  const auto bytes = read_bytes(**source, 0, 100);
  BOOST_REQUIRE(!bytes.has_value());
  BOOST_TEST(bytes.error().what == "the connection has ended");
}

BOOST_AUTO_TEST_CASE(odd_answers_to_the_greeting) {
  BOOST_TEST(
      greeting("Welcome to this server, please log in\\n").contains("not the file transfer"));
  BOOST_TEST(greeting("\\0\\0\\0\\5\\2\\0\\0\\0\\2").contains("offers no file transfer"));
  BOOST_TEST(greeting("\\377\\377\\377\\377\\2\\0\\0\\0\\3").contains("not the file transfer"));
  BOOST_TEST(greeting("\\0\\0\\0\\0\\2\\0\\0\\0\\3").contains("not the file transfer"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::io
