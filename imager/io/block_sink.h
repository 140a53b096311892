#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "core/geometry.h"

namespace drydock::io {

// Anything that can be written like a disk. One thread writes at a time.
class BlockSink {
 public:
  virtual ~BlockSink() = default;

  virtual const Geometry& geometry() const = 0;
  virtual std::string name() const = 0;

  // All of `bytes` at `offset`, or an Error. The range must lie inside the sink.
  virtual Result<void> write_at(std::uint64_t offset, Bytes bytes) = 0;

  // Makes the range read as zeros, by the cheapest way the sink has (a hole, a command of the
  // device, written zeros).
  virtual Result<void> zero_at(std::uint64_t offset, std::uint64_t length) = 0;

  // When it returns, everything written before is on stable storage.
  virtual Result<void> flush() = 0;
};

Result<void> check_range(const BlockSink& sink, std::uint64_t offset, std::uint64_t length);

}  // namespace drydock::io
