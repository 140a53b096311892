#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rescue/area_map.h"

namespace drydock::rescue {

enum class Phase : char {
  copying = '?',
  trimming = '*',
  scraping = '/',
  retrying = '-',
  finished = '+',
};

// Where a rescue is, so that it goes on there.
struct Step {
  Phase phase = Phase::copying;
  unsigned pass = 1;           // of that phase
  std::uint64_t position = 0;  // forwards: where the next read begins; backwards: where it ends

  bool operator==(const Step&) const = default;
};

// What GNU ddrescue keeps about a rescue (manual of version 1.27, "Mapfile structure"): either
// program goes on with what the other one left.
struct Mapfile {
  std::vector<std::string> notes;  // the lines of comment at the top, without "# "
  Step step;
  AreaMap map;  // from byte 0 on, whatever the file's first block is
};

// No mapfile that is read or written is larger.
inline constexpr std::size_t kMaxMapfileBytes = std::size_t{64} << 20;

// Strict: blocks that do not follow each other, unknown characters, numbers beyond 2^63 - 1 and
// more than AreaMap::kMaxAreas runs are Code::bad_input, whose sentence names the line. `name`
// is for that sentence. Time and memory are linear in the text.
Result<Mapfile> parse_mapfile(std::string_view text, std::string_view name);

// The notes come first, each a line and shortened to 400 bytes, then the step in words.
std::string mapfile_text(const Mapfile& mapfile);

// "Copying, pass 1 (forwards)", "Trimming", "Finished".
std::string describe(const Step& step);

// Copying and retrying turn around after every pass; everything else runs forwards.
bool runs_forwards(const Step& step);

}  // namespace drydock::rescue
