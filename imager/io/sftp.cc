#include "io/sftp.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "io/sftp_packet.h"

namespace drydock::io {
namespace {

constexpr std::uint32_t kVersionThree = 3;
// Every server takes and gives that much in a packet (section 3).
constexpr std::size_t kPiece = 32 * kKiB;
// Enough on their way to fill a fast network for some milliseconds.
constexpr std::size_t kMostOpen = 64;
constexpr std::uint32_t kLargestReply = 256 * kKiB;

constexpr std::string_view kSync = "fsync@openssh.com";
constexpr std::string_view kSpace = "statvfs@openssh.com";

constexpr std::size_t kMostEntries = 100'000;

// Reads attributes (section 5) to their end.
std::uint32_t mode_in(SftpFields& fields) {
  const std::uint32_t has = fields.number();
  if ((has & sftp::kHasSize) != 0) fields.large();
  if ((has & sftp::kHasOwner) != 0) fields.large();
  const std::uint32_t mode = (has & sftp::kHasMode) != 0 ? fields.number() : 0;
  if ((has & sftp::kHasTimes) != 0) fields.large();
  if ((has & sftp::kHasMore) == 0) return mode;
  for (std::uint32_t left = fields.number(); left != 0 && fields.ok(); --left) {
    fields.text();
    fields.text();
  }
  return mode;
}

struct Piece {
  std::uint32_t id;
  std::uint64_t offset;
  MutableBytes into;
};

}  // namespace

Error Sftp::broken(std::string_view what) const {
  return environment_error(server_, what, "Check the server and the network, then start again");
}

Result<void> Sftp::send(std::uint8_t type, std::uint32_t id, Bytes body) {
  SftpBody packet;
  packet.number(static_cast<std::uint32_t>(1 + sizeof id + body.size()));
  std::vector<std::byte> all(Bytes(packet).begin(), Bytes(packet).end());
  all.push_back(std::byte{type});
  SftpBody number;
  number.number(id);
  const Bytes raw = number;
  all.insert(all.end(), raw.begin(), raw.end());
  all.insert(all.end(), body.begin(), body.end());
  for (Bytes rest = all; !rest.empty();) {
    const ssize_t n = ::write(to_, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail(broken("the connection has ended"));
    rest = rest.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

Result<Sftp::Reply> Sftp::receive() {
  const auto fill = [this](MutableBytes into) -> Result<void> {
    while (!into.empty()) {
      const ssize_t n = ::read(from_, into.data(), into.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return fail(broken("the connection has ended"));
      into = into.subspan(static_cast<std::size_t>(n));
    }
    return {};
  };
  constexpr std::size_t kHead = 9;  // length, type, id
  std::array<std::byte, kHead> head{};
  TRY(fill(head));
  const auto length = load_be<std::uint32_t>(head.data());
  if (length < kHead - sizeof length || length > kLargestReply)
    return fail(broken("answers something that is not the file transfer of SSH"));
  Reply reply{.type = static_cast<std::uint8_t>(head[4]),
              .id = load_be<std::uint32_t>(&head[5]),
              .body = std::vector<std::byte>(length + sizeof length - kHead)};
  TRY(fill(reply.body));
  return reply;
}

Result<std::unique_ptr<Sftp>> Sftp::begin(int from, int to, std::string server) {
  std::unique_ptr<Sftp> sftp(new Sftp(from, to, std::move(server)));
  TRY(sftp->greet());
  return sftp;
}

// Where other packets have an id, these two have the version (section 4).
Result<void> Sftp::greet() {
  TRY(send(sftp::kInit, kVersionThree, {}));
  const Reply reply = TRY(receive());
  if (reply.type != sftp::kVersion || reply.id < kVersionThree)
    return fail(broken("offers no file transfer (SFTP) that Drydock knows"));
  SftpFields fields(reply.body);
  while (!fields.at_end()) {
    extensions_.push_back(fields.text());
    fields.text();  // its version
  }
  return {};
}

bool Sftp::offers(std::string_view extension) const {
  return std::ranges::contains(extensions_, extension);
}

bool Sftp::is_status(const Reply& reply, std::uint32_t code) {
  return reply.type == sftp::kStatus && SftpFields(reply.body).number() == code;
}

Result<void> Sftp::check(const Reply& reply, const std::string& about) const {
  if (reply.type != sftp::kStatus) return {};
  SftpFields fields(reply.body);
  const std::uint32_t code = fields.number();
  const std::string said = printable(fields.text());
  if (code == sftp::kOk) return {};
  if (code == sftp::kNoSuchFile)
    return fail(environment_error(about, "there is no such file or folder on " + server_,
                                  "Create the folder first, or check the name"));
  if (code == sftp::kDenied)
    return fail(environment_error(about, server_ + " does not permit it",
                                  "Check who may read and write there"));
  return fail(environment_error(about, std::format("{} says: {}", server_, said),
                                "Check the space and the permissions there"));
}

// One question, one answer; those of writes come before it.
Result<Sftp::Reply> Sftp::exchange(std::uint8_t type, Bytes body) {
  TRY(settle(0));
  const std::uint32_t id = next_id_++;
  TRY(send(type, id, body));
  Reply reply = TRY(receive());
  if (reply.id != id) return fail(broken("answers a question that was not asked"));
  return reply;
}

Result<Sftp::Reply> Sftp::ask(std::uint8_t type, Bytes body, const std::string& about) {
  Reply reply = TRY(exchange(type, body));
  TRY(check(reply, about));
  return reply;
}

Result<void> Sftp::settle(std::size_t most_open) {
  while (open_writes_ > most_open) {
    const Reply reply = TRY(receive());
    --open_writes_;
    TRY(check(reply, written_));
  }
  return {};
}

Result<std::string> Sftp::open(const std::string& path, Open how) {
  const std::lock_guard lock(mutex_);
  std::uint32_t flags = sftp::kForReading;
  if (how == Open::new_file) flags = sftp::kForWriting | sftp::kCreate | sftp::kExclusive;
  if (how == Open::emptied) flags = sftp::kForWriting | sftp::kCreate | sftp::kTruncate;
  if (how == Open::as_it_is) flags = sftp::kForWriting;
  const Reply reply = TRY(ask(sftp::kOpen, SftpBody().text(path).number(flags).number(0), path));
  if (how != Open::for_reading) written_ = path;
  if (reply.type != sftp::kHandle) return fail(broken("answers an open with something else"));
  return SftpFields(reply.body).text();
}

Result<void> Sftp::close(const std::string& handle) {
  const std::lock_guard lock(mutex_);
  TRY(ask(sftp::kClose, SftpBody().text(handle), written_));
  return {};
}

Result<std::optional<std::uint64_t>> Sftp::size(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const Reply reply = TRY(exchange(sftp::kStat, SftpBody().text(path)));
  SftpFields fields(reply.body);
  if (is_status(reply, sftp::kNoSuchFile)) return std::nullopt;
  TRY(check(reply, path));
  if (reply.type != sftp::kAttributes || (fields.number() & sftp::kHasSize) == 0)
    return fail(broken("does not tell the size of a file"));
  return fields.large();
}

Result<std::uint32_t> Sftp::mode(const std::string& path) {
  const Reply reply = TRY(ask(sftp::kStat, SftpBody().text(path), path));
  if (reply.type != sftp::kAttributes) return fail(broken("does not tell what a file is"));
  SftpFields fields(reply.body);
  return mode_in(fields);
}

Result<std::vector<Sftp::Entry>> Sftp::read_folder(const std::string& handle,
                                                   const std::string& folder) {
  std::vector<Entry> entries;
  while (true) {
    const Reply reply = TRY(exchange(sftp::kReadFolder, SftpBody().text(handle)));
    if (is_status(reply, sftp::kEof)) return entries;
    TRY(check(reply, folder));
    if (reply.type != sftp::kName) return fail(broken("answers a folder with something else"));
    SftpFields fields(reply.body);
    for (std::uint32_t left = fields.number(); left != 0 && fields.ok(); --left) {
      Entry entry{.name = fields.text()};
      fields.text();  // the same with all else, as ls(1) writes it
      entry.mode = mode_in(fields);
      if (entry.name != "." && entry.name != "..") entries.push_back(std::move(entry));
    }
    if (!fields.ok()) return fail(broken("answers a folder with something else"));
    if (entries.size() > kMostEntries)
      return fail(environment_error(folder, "there are too many files in it to list them",
                                    "Choose another folder"));
  }
}

Result<std::vector<Sftp::Entry>> Sftp::list(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  const Reply opened = TRY(ask(sftp::kOpenFolder, SftpBody().text(folder), folder));
  if (opened.type != sftp::kHandle) return fail(broken("answers a folder with something else"));
  const std::string handle = SftpFields(opened.body).text();
  std::vector<Entry> entries = TRY(read_folder(handle, folder));
  TRY(ask(sftp::kClose, SftpBody().text(handle), folder));
  for (Entry& entry : entries)
    if (S_ISLNK(entry.mode)) entry.mode = mode(folder + "/" + entry.name).value_or(0);
  return entries;
}

// f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail, f_fsid, f_flag,
// f_namemax (OpenSSH's PROTOCOL, section 4.4).
Result<std::optional<Sftp::Space>> Sftp::space(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  if (!offers(kSpace)) return std::nullopt;
  const Reply reply = TRY(ask(sftp::kExtended, SftpBody().text(kSpace).text(folder), folder));
  SftpFields fields(reply.body);
  std::array<std::uint64_t, 11> values{};
  for (std::uint64_t& value : values) value = fields.large();
  if (reply.type != sftp::kExtendedReply || !fields.ok()) return std::nullopt;
  constexpr std::uint64_t kReadOnly = 1;
  return Space{.free = values[4] * values[1],
               .total = values[2] * values[1],
               .read_only = (values[9] & kReadOnly) != 0};
}

Result<void> Sftp::read(const std::string& handle, std::uint64_t offset, MutableBytes into) {
  const std::lock_guard lock(mutex_);
  TRY(settle(0));
  std::deque<Piece> open;
  const auto request = [&](std::uint64_t at, MutableBytes bytes) -> Result<void> {
    open.push_back({next_id_++, at, bytes});
    return send(sftp::kRead, open.back().id,
                SftpBody().text(handle).large(at).number(static_cast<std::uint32_t>(bytes.size())));
  };
  while (!into.empty() || !open.empty()) {
    while (!into.empty() && open.size() < kMostOpen) {
      const MutableBytes part = into.first(std::min(into.size(), kPiece));
      TRY(request(offset, part));
      offset += part.size();
      into = into.subspan(part.size());
    }
    const Reply reply = TRY(receive());
    const auto piece = std::ranges::find(open, reply.id, &Piece::id);
    if (piece == open.end()) return fail(broken("answers a question that was not asked"));
    const Piece asked = *piece;
    open.erase(piece);
    TRY(check(reply, server_));
    const Bytes data = SftpFields(reply.body).data();
    if (reply.type != sftp::kData || data.empty() || data.size() > asked.into.size())
      return fail(broken("gave other bytes of a file than were asked for"));
    std::ranges::copy(data, asked.into.begin());
    // A server may give less than was asked for.
    if (data.size() < asked.into.size())
      TRY(request(asked.offset + data.size(), asked.into.subspan(data.size())));
  }
  return {};
}

Result<void> Sftp::write(const std::string& handle, std::uint64_t offset, Bytes bytes) {
  const std::lock_guard lock(mutex_);
  while (!bytes.empty()) {
    const Bytes part = bytes.first(std::min(bytes.size(), kPiece));
    TRY(settle(kMostOpen - 1));
    TRY(send(sftp::kWrite, next_id_++, SftpBody().text(handle).large(offset).data(part)));
    ++open_writes_;
    offset += part.size();
    bytes = bytes.subspan(part.size());
  }
  return {};
}

Result<void> Sftp::sync(const std::string& handle) {
  const std::lock_guard lock(mutex_);
  TRY(settle(0));
  if (offers(kSync)) TRY(ask(sftp::kExtended, SftpBody().text(kSync).text(handle), server_));
  return {};
}

Result<void> Sftp::truncate(const std::string& handle, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  TRY(ask(sftp::kSetOpenStat, SftpBody().text(handle).number(sftp::kHasSize).large(bytes),
          written_));
  return {};
}

Result<void> Sftp::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY(ask(sftp::kRemove, SftpBody().text(path), path));
  return {};
}

Result<void> Sftp::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  TRY(ask(sftp::kRename, SftpBody().text(from).text(to), to));
  return {};
}

}  // namespace drydock::io
