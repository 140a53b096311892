#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace drydock::io {

// Where a stream of bytes goes, in order: an image file, a pipe, memory.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual std::string name() const = 0;
  // All of `bytes`, or an Error.
  virtual Result<void> append(Bytes bytes) = 0;
  // Only of a sink that keeps what an earlier run left (OutputFile::Leftover::keep), before the
  // first append(): drops what stands behind `bytes`.
  virtual Result<void> cut(std::uint64_t) { return fail(our_bug(name(), "cannot be cut")); }
  // Nothing follows. When it returns, everything is on stable storage under its final name.
  virtual Result<void> finish() = 0;
};

class MemorySink : public ByteSink {
 public:
  std::string name() const override { return "memory"; }
  Result<void> append(Bytes bytes) override {
    content_.insert(content_.end(), bytes.begin(), bytes.end());
    return {};
  }
  Result<void> finish() override { return {}; }
  const std::vector<std::byte>& content() const { return content_; }

 private:
  std::vector<std::byte> content_;
};

}  // namespace drydock::io
