#include "io/sftp_file.h"

#include <format>

#include "base/units.h"

namespace drydock::io {
namespace {

class SftpSource : public BlockSource {
 public:
  SftpSource(std::shared_ptr<Sftp> server, std::string handle, std::string shown,
             std::uint64_t bytes)
      : server_(std::move(server)), handle_(std::move(handle)), shown_(std::move(shown)) {
    geometry_.bytes = bytes;
  }
  ~SftpSource() override { [[maybe_unused]] const auto ignored = server_->close(handle_); }

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return shown_; }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override {
    TRY(check_range(*this, offset, into.size()));
    return server_->read(handle_, offset, into);
  }

 private:
  std::shared_ptr<Sftp> server_;
  std::string handle_;
  std::string shown_;
  Geometry geometry_;
};

// Where an error leaves it, the .part stays; the handle goes with the connection.
class SftpOutput : public ByteSink {
 public:
  SftpOutput(std::shared_ptr<Sftp> server, std::string handle, std::string path, std::string shown,
             std::uint64_t bytes)
      : server_(std::move(server)),
        handle_(std::move(handle)),
        path_(std::move(path)),
        shown_(std::move(shown)),
        written_(bytes) {}

  std::string name() const override { return shown_ + ".part"; }

  Result<void> cut(std::uint64_t bytes) override {
    TRY(server_->truncate(handle_, bytes));
    written_ = bytes;
    return {};
  }

  Result<void> append(Bytes bytes) override {
    TRY(told(server_->write(handle_, written_, bytes)));
    written_ += bytes.size();
    return {};
  }

  Result<void> finish() override {
    TRY(told(server_->sync(handle_)));
    TRY(told(server_->close(handle_)));
    return told(server_->rename(path_ + ".part", path_));
  }

 private:
  Result<void> told(Result<void> done) const {
    if (!done)
      done.error().hint +=
          std::format(". {} stays, it is incomplete after {}", name(), human_bytes(written_));
    return done;
  }

  std::shared_ptr<Sftp> server_;
  std::string handle_;
  std::string path_;
  std::string shown_;
  std::uint64_t written_;
};

}  // namespace

Result<std::unique_ptr<BlockSource>> open_sftp_source(std::shared_ptr<Sftp> server,
                                                      const std::string& path,
                                                      const std::string& shown) {
  const auto bytes = TRY(server->size(path));
  if (!bytes)
    return fail(environment_error(shown, "there is no such file", "Check the name on the server"));
  std::string handle = TRY(server->open(path, Sftp::Open::for_reading));
  return std::make_unique<SftpSource>(std::move(server), std::move(handle), shown, *bytes);
}

Result<void> check_sftp_free(Sftp& server, const std::string& path, const std::string& shown) {
  if (!TRY(server.size(path))) return {};
  return fail(environment_error(shown, "exists already and is not overwritten",
                                "Choose another name, or delete it first"));
}

Result<std::unique_ptr<ByteSink>> create_sftp_file(std::shared_ptr<Sftp> server,
                                                   const std::string& path,
                                                   const std::string& shown,
                                                   OutputFile::Leftover leftover) {
  TRY(check_sftp_free(*server, path, shown));
  const std::string part = path + ".part";
  const auto left = TRY(server->size(part));
  if (left && *left > 0 && leftover == OutputFile::Leftover::refuse)
    return fail(OutputFile::unfinished(shown + ".part", *left));
  const bool keeps = left && leftover == OutputFile::Leftover::keep;
  const Sftp::Open how = keeps  ? Sftp::Open::as_it_is
                         : left ? Sftp::Open::emptied
                                : Sftp::Open::new_file;
  std::string handle = TRY(server->open(part, how));
  return std::make_unique<SftpOutput>(std::move(server), std::move(handle), path, shown,
                                      keeps ? *left : 0);
}

}  // namespace drydock::io
