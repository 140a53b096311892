#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "base/bytes.h"

namespace drydock::io {

// What satisfies every device's demands on memory for direct I/O.
inline constexpr std::size_t kBufferAlignment = 4096;

// Uninitialised memory at a multiple of kBufferAlignment.
class AlignedBuffer {
 public:
  explicit AlignedBuffer(std::size_t size)
      : bytes_(static_cast<std::byte*>(::operator new(size, std::align_val_t{kBufferAlignment}))),
        size_(size) {}

  MutableBytes bytes() { return {bytes_.get(), size_}; }
  std::byte* data() { return bytes_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(std::byte* p) const {
      ::operator delete(p, std::align_val_t{kBufferAlignment});
    }
  };
  std::unique_ptr<std::byte, Free> bytes_;
  std::size_t size_;
};

inline bool is_aligned(const std::byte* p, std::size_t unit) {
  return reinterpret_cast<std::uintptr_t>(p) % unit == 0;
}

}  // namespace drydock::io
