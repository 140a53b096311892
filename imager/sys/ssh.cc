#include "sys/ssh.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <format>
#include <utility>
#include <vector>

#include "base/text.h"
#include "sys/program.h"
#include "sys/reach.h"

namespace drydock::sys {
namespace {

using Words = std::vector<std::string>;

constexpr std::string_view kQuestion = "(y/n) ";

// The program and what is spoken over its pipes, with one life.
struct Connection {
  Program program;
  std::unique_ptr<io::Sftp> files;
};

std::string user_of(const Url& url) {
  return url.user.empty() ? "root" : url.user;
}

Words command(const Url& url, const Words& options) {
  Words words{"dbclient"};
  words.insert(words.end(), options.begin(), options.end());
  // Three unanswered words of the kind sent every 15 s end a connection that is dead. A window of a
  // MiB keeps a fast network busy; the usual one is 24 KiB.
  words.insert(words.end(),
               {"-T", "-K", "15", "-W", "1048576", "-p", std::to_string(url.port_or_usual()), "-l",
                user_of(url), "-s", url.host, "sftp"});
  return words;
}

// What it says until it asks or ends.
std::string words_of(const Program& program) {
  std::string said;
  char buffer[1024];
  while (!said.ends_with(kQuestion)) {
    const ssize_t n = ::read(program.errors(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    said.append(buffer, static_cast<std::size_t>(n));
  }
  return said;
}

// "(ssh-ed25519 fingerprint SHA256:…)"
std::string fingerprint_in(const std::string& said) {
  const auto mark = said.find(" fingerprint ");
  const auto begin = said.rfind('(', mark);
  const auto end = said.find(')', mark);
  if (mark == said.npos || begin == said.npos || end == said.npos) return {};
  return printable(said.substr(begin + 1, end - begin - 1));
}

// A run of its own, without any password: the answer is read together with what follows it.
Result<void> make_known(const Url& url, Person& person) {
  Program program = TRY(Program::start(command(url, {})));
  const std::string said = words_of(program);
  if (!said.ends_with(kQuestion)) return {};
  TRY(person.confirm_key(url.server(), fingerprint_in(said)));
  [[maybe_unused]] const ssize_t n = ::write(program.input(), "y\n", 2);
  program.close_input();
  words_of(program);
  return {};
}

Error refusal(const Url& url, const std::string& said) {
  const auto about = [&](std::string_view what, std::string_view hint) {
    return environment_error(url.server(), what, hint);
  };
  if (said.contains("mismatch"))
    return about("shows another key than before: it may be another computer",
                 "If its key was changed on purpose, remove its line from ~/.ssh/known_hosts");
  if (said.contains("not in the trusted hosts file"))
    return about("its key was not kept", "Check that ~/.ssh can be written");
  // A wrong password is tried until the server has enough of it.
  if (said.contains("Remote closed") || said.contains("denied") || said.contains("auth") ||
      said.contains("BatchMode") || said.contains("Interrupted"))
    return about(std::format("does not take this password or key for {}", user_of(url)),
                 "Check user and password, and whether the server allows them");
  return about("no file transfer came about: " + printable(said), "Check the server");
}

Result<std::shared_ptr<Connection>> connect_once(const Url& url, const Words& environment) {
  auto connection = std::make_shared<Connection>(
      TRY(Program::start(command(url, {"-o", "BatchMode=yes"}), environment)), nullptr);
  const Program& program = connection->program;
  auto files = io::Sftp::begin(program.output(), program.input(), url.server());
  if (!files) {
    connection->program.close_input();
    return fail(refusal(url, words_of(program)));
  }
  connection->files = std::move(*files);
  return connection;
}

bool have_key() {
  const char* home = std::getenv("HOME");
  return home != nullptr && ::access((std::string(home) + "/.ssh/id_dropbear").c_str(), R_OK) == 0;
}

Result<std::shared_ptr<Connection>> connect(const Url& url, Person& person) {
  TRY(reach(url));
  TRY(make_known(url, person));
  if (have_key())
    if (auto connected = connect_once(url, {})) return connected;
  const std::string password =
      TRY(person.password(std::format("{} on {}", user_of(url), url.server())));
  return connect_once(url, {"DROPBEAR_PASSWORD=" + password});
}

// "/~/x" lies in the user's home, where relative paths begin.
std::string path_of(const Url& url) {
  if (url.path == "/~") return ".";
  return url.path.starts_with("/~/") ? url.path.substr(3) : url.path;
}

Result<void> prove_writable(io::Sftp& files, const Url& url, const std::string& folder) {
  const std::string probe = std::format("{}/.drydock-{}", folder, ::getpid());
  const auto handle = files.open(probe, io::Sftp::Open::new_file);
  if (!handle)
    return fail(environment_error(url.server(),
                                  std::format("lets {} only be read, not written", url.path),
                                  "Allow writing on the server, or choose another place"));
  TRY(files.close(*handle));
  return files.remove(probe);
}

}  // namespace

Result<SshFolder> open_ssh_folder(const Url& url, Person& person, Access access) {
  const std::shared_ptr<Connection> connection = TRY(connect(url, person));
  SshFolder folder{.files = {connection, connection->files.get()}, .path = path_of(url)};
  if (!TRY(folder.files->size(folder.path)))
    return fail(environment_error(url.server(), "has no such place: the folder " + url.path,
                                  "Check its name on the server, or create it there"));
  if (access == Access::read_write) TRY(prove_writable(*folder.files, url, folder.path));
  return folder;
}

}  // namespace drydock::sys
