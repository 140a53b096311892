#pragma once

#include <array>

#include "base/bytes.h"

namespace drydock {

// Cryptographic digests that filesystems use as checksums, 256 bits each. Whole messages only.
using Digest256 = std::array<std::byte, 32>;

// FIPS 180-4.
Digest256 sha256(Bytes message);

// BLAKE2b without key, cut to 256 bits by its parameter (RFC 7693), as `b2sum -l 256` prints it.
Digest256 blake2b_256(Bytes message);

}  // namespace drydock
