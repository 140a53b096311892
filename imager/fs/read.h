#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/units.h"
#include "io/block_source.h"

namespace drydock::fs {

// `length` bytes from `offset`, zeros where the volume ends before: no magic number is zero, so a
// probe need not know how large the volume is. The caller has bounded `length`.
Result<std::vector<std::byte>> read_padded(const io::BlockSource& volume, std::uint64_t offset,
                                           std::size_t length);

// Reads of small neighbouring structures, fetched in larger pieces. For one thread; the volume must
// outlive it.
class Window {
 public:
  explicit Window(const io::BlockSource& volume, std::size_t bytes = 256 * kKiB)
      : volume_(volume), most_(bytes) {}

  // Valid until the next call. A length above the window's own is read as it is; the caller has
  // bounded it.
  Result<Bytes> at(std::uint64_t offset, std::size_t length);

  const io::BlockSource& volume() const { return volume_; }

 private:
  const io::BlockSource& volume_;
  std::size_t most_;
  std::uint64_t start_ = 0;
  std::vector<std::byte> held_;
};

// A failure that is told as a reason: "WHAT cannot be read (…)" or "WHAT: …". `what` is a phrase
// such as "the bitmap of block group 3".
Error naming(Error error, std::string_view what);

template <class T>
Result<T> naming(Result<T> result, std::string_view what) {
  if (result) return result;
  return fail(naming(std::move(result.error()), what));
}

// The volume contradicts itself or holds what Drydock does not know: keep it whole, for `reason`.
Error doubt(std::string_view reason);

}  // namespace drydock::fs
