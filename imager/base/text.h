#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace drydock {

// UTF-16LE up to the first NUL as UTF-8; lone surrogates become U+FFFD.
std::string utf16le_to_utf8(Bytes bytes);

// Text from a disk made safe to show: invalid UTF-8 and control characters become '?', spaces at
// both ends are cut.
std::string printable(std::string_view text);

// Cut to at most `most` bytes, between characters of UTF-8.
std::string shortened(std::string text, std::size_t most);

std::string_view trimmed(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);

// Sixteen bytes as 8-4-4-4-12 hex digits in the order they stand (DCE, ext4, XFS …).
std::string uuid_text(Bytes sixteen);

// The same with the first three fields little-endian (GPT GUIDs, UEFI 2.10 appendix A).
std::string guid_text(Bytes sixteen);

// Numbers as words of an error sentence: bytes as hex, no prefix.
std::string hex(Bytes bytes);

}  // namespace drydock
