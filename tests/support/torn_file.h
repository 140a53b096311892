// A file in memory that is cut off while it is written, as by a kill or a power cut.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "io/byte_sink.h"

namespace drydock::test {

class TornFile : public io::ByteSink {
 public:
  // What an earlier run left in it; the write that would go beyond `limit` bytes fails there.
  explicit TornFile(std::vector<std::byte> left = {},
                    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max())
      : content_(std::move(left)), limit_(limit) {}

  std::string name() const override { return "a torn file"; }

  Result<void> append(Bytes bytes) override {
    const std::uint64_t room = limit_ - std::min<std::uint64_t>(limit_, content_.size());
    const Bytes part = bytes.first(std::min<std::uint64_t>(room, bytes.size()));
    content_.insert(content_.end(), part.begin(), part.end());
    if (part.size() < bytes.size()) return fail(environment_error(name(), "torn"));
    ends_.push_back(content_.size());
    return {};
  }

  Result<void> cut(std::uint64_t bytes) override {
    if (bytes > content_.size()) return fail(our_bug(name(), "cut behind its end"));
    content_.resize(bytes);
    cuts_.push_back(bytes);
    return {};
  }

  Result<void> finish() override { return {}; }

  const std::vector<std::byte>& content() const { return content_; }
  // Where each write ended, and where the file was cut.
  const std::vector<std::uint64_t>& ends() const { return ends_; }
  const std::vector<std::uint64_t>& cuts() const { return cuts_; }

 private:
  std::vector<std::byte> content_;
  std::uint64_t limit_;
  std::vector<std::uint64_t> ends_;
  std::vector<std::uint64_t> cuts_;
};

}  // namespace drydock::test
