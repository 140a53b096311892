#include "rescue/mapfile.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>
#include <optional>

#include "base/text.h"

namespace drydock::rescue {
namespace {

constexpr std::uint64_t kMaxNumber = (std::uint64_t{1} << 63) - 1;
constexpr std::size_t kMaxNotes = 32;
constexpr std::size_t kMaxNoteBytes = 400;

constexpr std::string_view kBlank = " \t\r\f\v";

// The words of a line in front of its comment; more than any line has is told by `count`.
struct Words {
  std::array<std::string_view, 4> word;
  std::size_t count = 0;
};

Words words_of(std::string_view line) {
  Words words;
  while (words.count < words.word.size()) {
    const std::size_t start = line.find_first_not_of(kBlank);
    if (start == std::string_view::npos || line[start] == '#') break;
    line.remove_prefix(start);
    const std::size_t end = std::min(line.find_first_of(kBlank), line.size());
    words.word[words.count++] = line.substr(0, end);
    line.remove_prefix(end);
  }
  return words;
}

// As an integer constant of C++: 0x hexadecimal, 0 octal, else decimal.
std::optional<std::uint64_t> number(std::string_view word) {
  int base = 10;
  if (word.starts_with("0x") || word.starts_with("0X")) {
    base = 16;
    word.remove_prefix(2);
  } else if (word.size() > 1 && word[0] == '0') {
    base = 8;
    word.remove_prefix(1);
  }
  std::uint64_t value = 0;
  const auto [end, wrong] = std::from_chars(word.data(), word.data() + word.size(), value, base);
  if (wrong != std::errc() || end != word.data() + word.size() || value > kMaxNumber)
    return std::nullopt;
  return value;
}

std::optional<Status> status_of(std::string_view word) {
  for (const Status status : kStatuses)
    if (word.size() == 1 && word[0] == static_cast<char>(status)) return status;
  return std::nullopt;
}

std::optional<Step> step_of(const Words& words) {
  // Versions before 1.20 knew no pass.
  if (words.count != 2 && words.count != 3) return std::nullopt;
  const auto position = number(words.word[0]);
  if (!position || words.word[1].size() != 1) return std::nullopt;
  unsigned pass = 1;
  if (words.count == 3) {
    const std::string_view text = words.word[2];
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), pass);
    if (wrong != std::errc() || end != text.data() + text.size() || pass == 0) return std::nullopt;
  }
  switch (words.word[1][0]) {
    case '?':
    case '*':
    case '/':
    case '-':
    case '+':
      return Step{static_cast<Phase>(words.word[1][0]), pass, *position};
    case 'F':  // filling and generating are no steps of a rescue: it begins at the beginning
    case 'G':
      return Step{};
    default:
      return std::nullopt;
  }
}

class Parser {
 public:
  explicit Parser(std::string_view name) : name_(name) {}

  Result<void> line(std::string_view line) {
    ++number_;
    const Words words = words_of(line);
    if (words.count == 0) {
      if (!has_step_) add_note(line);
      return {};
    }
    return has_step_ ? block(words) : status_line(words);
  }

  Result<Mapfile> end() {
    if (!has_step_) return wrong("holds no status line");
    if (mapfile_.map.bytes() == 0) return wrong("holds no blocks");
    return std::move(mapfile_);
  }

 private:
  std::unexpected<Error> wrong(std::string_view what) const {
    return fail(bad_input(name_, std::format("is no complete mapfile: line {} {}", number_, what),
                          "Take an older copy of it, or start the rescue anew"));
  }

  void add_note(std::string_view line) {
    const std::size_t mark = line.find('#');
    if (mark == std::string_view::npos || mapfile_.notes.size() == kMaxNotes) return;
    mapfile_.notes.push_back(shortened(printable(line.substr(mark + 1)), kMaxNoteBytes));
  }

  Result<void> status_line(const Words& words) {
    const auto step = step_of(words);
    if (!step) return wrong("is no status line (position, status, pass)");
    mapfile_.step = *step;
    has_step_ = true;
    return {};
  }

  Result<void> block(const Words& words) {
    const auto offset = words.count == 3 ? number(words.word[0]) : std::nullopt;
    const auto length = words.count == 3 ? number(words.word[1]) : std::nullopt;
    const auto status = words.count == 3 ? status_of(words.word[2]) : std::nullopt;
    if (!offset || !length || !status || *length == 0)
      return wrong("is no block (position, size, status)");
    if (*length > kMaxNumber - *offset) return wrong("ends beyond any disk");
    if (mapfile_.map.bytes() == 0)
      mapfile_.map.append(*offset, Status::non_tried);
    else if (*offset != mapfile_.map.bytes())
      return wrong("does not begin where the block before it ends");
    mapfile_.map.append(*length, *status);
    if (mapfile_.map.size() > AreaMap::kMaxAreas) return wrong("is one block too many");
    return {};
  }

  std::string_view name_;
  std::size_t number_ = 0;
  bool has_step_ = false;
  Mapfile mapfile_;
};

}  // namespace

bool runs_forwards(const Step& step) {
  const bool turns = step.phase == Phase::copying || step.phase == Phase::retrying;
  return !turns || step.pass % 2 == 1;
}

std::string describe(const Step& step) {
  const char* direction = runs_forwards(step) ? "forwards" : "backwards";
  switch (step.phase) {
    case Phase::copying:
      return std::format("Copying, pass {} ({})", step.pass, direction);
    case Phase::trimming:
      return "Trimming";
    case Phase::scraping:
      return "Scraping";
    case Phase::retrying:
      return std::format("Retrying, pass {} ({})", step.pass, direction);
    case Phase::finished:
      return "Finished";
  }
  return {};
}

Result<Mapfile> parse_mapfile(std::string_view text, std::string_view name) {
  if (text.size() > kMaxMapfileBytes)
    return fail(bad_input(name, "is too large for a mapfile", "Give the mapfile of this rescue"));
  Parser parser(name);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    // A file that was cut off inside a line must not pass for a shorter one.
    TRY(parser.line(text.substr(0, end)));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parser.end();
}

std::string mapfile_text(const Mapfile& mapfile) {
  std::string text;
  for (const std::string& note : mapfile.notes)
    text += "# " + shortened(printable(note), kMaxNoteBytes) + "\n";
  text +=
      std::format("# {}\n# current_pos  current_status  current_pass\n", describe(mapfile.step));
  text +=
      std::format("0x{:08X}     {}               {}\n#      pos        size  status\n",
                  mapfile.step.position, static_cast<char>(mapfile.step.phase), mapfile.step.pass);
  for (std::size_t i = 0; i < mapfile.map.size(); ++i) {
    const Area area = mapfile.map.area(i);
    text += std::format("0x{:08X}  0x{:08X}  {}\n", area.extent.offset, area.extent.length,
                        static_cast<char>(area.status));
  }
  return text;
}

}  // namespace drydock::rescue
