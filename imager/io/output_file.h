#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "io/aligned_buffer.h"
#include "io/byte_sink.h"
#include "io/fd.h"

namespace drydock::io {

// A file that is written from front to end under the name PATH.part and gets its own name only once
// all of it is on stable storage. Whatever goes wrong, also a power cut, PATH is either absent or
// complete, and the .part stays. "-" stands for standard output, which has neither name nor .part.
//
// One thread writes. The program must ignore SIGPIPE and SIGXFSZ: both come as errors here.
class OutputFile : public ByteSink {
 public:
  // What becomes of an incomplete file of an earlier run. It may hold the last readable copy of a
  // drive that has died since: ask the person before it is replaced.
  enum class Leftover { refuse, replace, keep };

  struct Options {
    // How large the file will become, as far as known; only for telling how much space is missing.
    std::uint64_t expected_bytes = 0;
    // keep: it goes on behind what is there, or after cut() before that.
    Leftover leftover = Leftover::refuse;
  };

  // Refuses (Code::environment) an existing PATH, a .part that another run is writing, a .part of
  // an earlier run where told so, and a terminal as standard output.
  static Result<std::unique_ptr<OutputFile>> create(const std::string& path, Options options);

  // The refusal of a `part` that holds that much of an earlier run.
  static Error unfinished(const std::string& part, std::uint64_t bytes);

  // The refusals that are known before anything is written: an existing PATH.
  static Result<void> check_free(const std::string& path);

  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // Where the bytes stand until finish(): PATH.part, or "standard output".
  std::string name() const override { return name_; }
  // Bytes in it so far.
  std::uint64_t size() const { return written_ + filled_; }

  // Small pieces are gathered into large aligned writes. After an error nothing more is accepted.
  Result<void> append(Bytes bytes) override;

  Result<void> cut(std::uint64_t bytes) override;

  // Not called: the .part stays as it is.
  Result<void> finish() override;

  // The two halves of finish(), for files that belong together: everything on stable storage, still
  // as PATH.part; then the name.
  Result<void> seal();
  Result<void> publish();

 private:
  OutputFile(std::string path, std::string name, Fd fd, Options options);

  Result<void> write_out(Bytes bytes);
  Result<void> drain();
  Result<void> age_cache();
  Error failure(int os, std::size_t unwritten) const;
  bool is_standard_output() const { return path_.empty(); }

  std::string path_;  // empty for standard output
  std::string name_;
  Fd fd_;
  Options options_;
  AlignedBuffer buffer_;
  std::size_t filled_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t aged_ = 0;  // up to here writing to the medium has been started
  bool failed_ = false;
};

}  // namespace drydock::io
