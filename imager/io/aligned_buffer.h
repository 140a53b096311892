#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "base/bytes.h"
#include "base/result.h"

namespace drydock::io {

// What satisfies every device's demands on memory for direct I/O.
inline constexpr std::size_t kBufferAlignment = 4096;

// Uninitialised memory at a multiple of kBufferAlignment.
class AlignedBuffer {
 public:
  explicit AlignedBuffer(std::size_t size)
      : bytes_(static_cast<std::byte*>(::operator new(size, std::align_val_t{kBufferAlignment}))),
        size_(size) {}

  // For buffers so large that the machine may not have them.
  static Result<AlignedBuffer> make(std::size_t size) {
    void* memory = ::operator new(size, std::align_val_t{kBufferAlignment}, std::nothrow);
    if (memory == nullptr)
      return fail(environment_error("", "there is not enough memory for the buffers",
                                    "Use fewer --threads"));
    return AlignedBuffer(static_cast<std::byte*>(memory), size);
  }

  MutableBytes bytes() { return {bytes_.get(), size_}; }
  std::byte* data() { return bytes_.get(); }
  std::size_t size() const { return size_; }

 private:
  AlignedBuffer(std::byte* bytes, std::size_t size) : bytes_(bytes), size_(size) {}

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
