#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/result.h"
#include "base/units.h"

// Constants and records of the native image, docs/format.md version 1.
namespace drydock::image {

inline constexpr std::uint32_t kZstdMagic = 0xFD2FB528;
inline constexpr std::uint32_t kDrydockMagic = 0x184D2A5D;    // a skippable frame, RFC 8878 §3.1.2
inline constexpr std::uint32_t kSeekTableMagic = 0x184D2A5E;  // the seekable format's
inline constexpr std::uint32_t kSeekFooterMagic = 0x8F92EAB1;

inline constexpr std::size_t kSkippableHeader = 8;
inline constexpr std::size_t kSeekEntry = 8;
inline constexpr std::size_t kSeekFooter = 9;

inline constexpr std::uint64_t kChunkBytes = 2 * kMiB;
// The seek table counts in 32 bits; one zero frame covers at most this much.
inline constexpr std::uint64_t kLongestZeroRun = kGiB;

// The most bytes that a frame of the disk takes (docs/format.md §4), of data or of zeros.
std::size_t largest_frame(std::uint64_t chunk_bytes);

// The kinds of Drydock's own skippable frames.
inline constexpr std::string_view kManifestKind = "MANIFEST";
inline constexpr std::string_view kMapsKind = "MAPS    ";
inline constexpr std::string_view kIndexKind = "INDEX   ";
inline constexpr std::size_t kKindBytes = 8;

// An own frame with no body: header, signature, kind, digest.
inline constexpr std::size_t kEmptyOwnFrame = kSkippableHeader + 8 + kKindBytes + 16;
// More than any honest manifest; keeps a damaged size from asking for memory.
inline constexpr std::uint64_t kLargestManifest = 16 * kMiB;

// Wraps `body` as a skippable frame with signature, kind and digest (docs/format.md §2).
std::vector<std::byte> own_frame(std::string_view kind, Bytes body);

// The body of an own frame; Code::bad_input names the frame when anything about it is wrong.
Result<Bytes> open_own_frame(std::string_view kind, Bytes frame);

}  // namespace drydock::image
