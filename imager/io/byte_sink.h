#pragma once

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
};

class MemorySink : public ByteSink {
 public:
  std::string name() const override { return "memory"; }
  Result<void> append(Bytes bytes) override {
    content_.insert(content_.end(), bytes.begin(), bytes.end());
    return {};
  }
  const std::vector<std::byte>& content() const { return content_; }

 private:
  std::vector<std::byte> content_;
};

}  // namespace drydock::io
