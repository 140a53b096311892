#include "support/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "support/process.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

[[noreturn]] void failed(const stdfs::path& path, const std::string& what) {
  throw_errno(path.string() + ": " + what);
}

class File {
 public:
  File(const stdfs::path& path, int flags)
      : path_(path), fd_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    if (fd_ < 0) failed(path, "open");
  }
  ~File() { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int fd() const { return fd_; }

  // As many bytes as there are, at most `size`.
  std::string read_at(std::uint64_t offset, std::uint64_t size) const {
    std::string bytes(size, '\0');
    std::uint64_t done = 0;
    while (done < size) {
      const ssize_t n =
          pread(fd_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
      if (n < 0) failed(path_, "read");
      if (n == 0) break;
      done += static_cast<std::uint64_t>(n);
    }
    bytes.resize(done);
    return bytes;
  }

  void write_at(std::uint64_t offset, std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (n < 0) failed(path_, "write");
      offset += static_cast<std::uint64_t>(n);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }

 private:
  stdfs::path path_;
  int fd_;
};

constexpr std::uint64_t kStep = 1 << 20;

std::string first_word(const std::string& line) {
  return line.substr(0, line.find(' '));
}

std::string result_of(Process& sum) {
  sum.close_input();
  const auto outcome = sum.wait(std::chrono::minutes(10));
  if (!outcome || !outcome->ok()) throw std::runtime_error("sha256sum failed");
  return first_word(outcome->out);
}

}  // namespace

std::string read_file(const stdfs::path& path) {
  const File file(path, O_RDONLY);
  std::string all;
  while (true) {
    const std::string part = file.read_at(all.size(), kStep);
    if (part.empty()) return all;
    all += part;
  }
}

void write_file(const stdfs::path& path, std::string_view contents) {
  File(path, O_WRONLY | O_CREAT | O_TRUNC).write_at(0, contents);
}

void make_sparse(const stdfs::path& path, std::uint64_t size) {
  const File file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (ftruncate(file.fd(), static_cast<off_t>(size)) != 0) failed(path, "truncate");
}

std::string read_range(const stdfs::path& path, std::uint64_t offset, std::uint64_t size) {
  std::string bytes = File(path, O_RDONLY).read_at(offset, size);
  if (bytes.size() != size)
    throw std::runtime_error(path.string() + ": shorter than the range asked for");
  return bytes;
}

void write_range(const stdfs::path& path, std::uint64_t offset, std::string_view bytes) {
  File(path, O_WRONLY).write_at(offset, bytes);
}

std::uint64_t allocated(const stdfs::path& path) {
  struct stat st;
  if (stat(path.c_str(), &st) != 0) failed(path, "stat");
  return static_cast<std::uint64_t>(st.st_blocks) *
         512;  // st_blocks counts 512 bytes whatever the filesystem
}

void copy_sparse(const stdfs::path& from, const stdfs::path& to) {
  must_run({.argv = {"cp", "--sparse=always", from.string(), to.string()}});
}

std::string sha256(const stdfs::path& path) {
  return first_word(must_run({.argv = {"sha256sum", "-b", path.string()}}));
}

std::string sha256_sparse(const stdfs::path& path) {
  const File file(path, O_RDONLY);
  const std::string zeros(kStep, '\0');
  Process sum({.argv = {"sha256sum", "-b"}});
  std::uint64_t offset = 0;
  while (true) {
    const off_t data = lseek(file.fd(), static_cast<off_t>(offset), SEEK_DATA);
    if (data < 0) break;  // ENXIO: a hole up to the end
    offset = static_cast<std::uint64_t>(data) / kStep * kStep;
    const std::string part = file.read_at(offset, kStep);
    if (part != std::string_view(zeros).substr(0, part.size())) {
      sum.write(std::to_string(offset) + ":");
      sum.write(part);
    }
    offset += kStep;
  }
  sum.write(std::to_string(stdfs::file_size(path)));
  return result_of(sum);
}

std::string sha256(const stdfs::path& path, std::span<const Range> ranges) {
  const File file(path, O_RDONLY);
  Process sum({.argv = {"sha256sum", "-b"}});
  for (const Range& range : ranges) {
    for (std::uint64_t done = 0; done < range.size;) {
      const std::string part =
          file.read_at(range.offset + done, std::min(kStep, range.size - done));
      if (part.empty())
        throw std::runtime_error(path.string() + ": shorter than the range asked for");
      sum.write(part);
      done += part.size();
    }
  }
  return result_of(sum);
}

bool same_contents(const stdfs::path& a, const stdfs::path& b) {
  const Outcome outcome = run({.argv = {"cmp", "--silent", a.string(), b.string()}});
  if (outcome.status > 1) throw std::runtime_error("cmp: " + outcome.describe());
  return outcome.status == 0;
}

}  // namespace drydock::test
