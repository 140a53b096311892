#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/consent.h"
#include "core/disk_id.h"
#include "job/destination.h"

namespace drydock::tui {

// Text in columns of a terminal: widths are in cells, a wide character takes two.
int width_of(std::string_view utf8);
// At most `width` cells; what is cut ends in '~'.
std::string cut(std::string_view utf8, int width);
// The same from the front: "~end of the text".
std::string cut_front(std::string_view utf8, int width);
// Exactly `width` cells, cut or filled with spaces behind (before).
std::string left(std::string_view utf8, int width);
std::string right(std::string_view utf8, int width);
// Lines of at most `width` cells, broken at spaces, and within a word only where it is too long.
std::vector<std::string> wrap(std::string_view utf8, int width);

// "Samsung SSD 970 (S4EWNX0M), 500 GB, /dev/sda": all that tells one drive from another.
std::string drive_words(const Disk& disk);
std::string target_words(const Target& target);
// "sdb1 \"Backup\" on SanDisk Extreme (4C530001)".
std::string destination_words(const job::Destination& destination);
// "read-only" or "WRITABLE"; nothing for a drive without a medium.
std::string lock_word(const Disk& disk);

}  // namespace drydock::tui
