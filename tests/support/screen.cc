#include "support/screen.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace drydock::test {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// The DEC special graphics set, 0x60 to 0x7E (VT100 user guide, table 3-9).
constexpr std::u32string_view kLineDrawing = U"◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";

}  // namespace

std::string without_last_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string utf8(char32_t c) {
  const auto unit = [](char32_t bits) {
    return static_cast<char>(static_cast<unsigned char>(bits));
  };
  const auto next = [&](int shift) { return unit(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) return {unit(c)};
  if (c < 0x800) return {unit(0xC0 | (c >> 6)), next(0)};
  if (c < 0x10000) return {unit(0xE0 | (c >> 12)), next(6), next(0)};
  return {unit(0xF0 | (c >> 18)), next(12), next(6), next(0)};
}

Screen::Screen(std::size_t columns, std::size_t rows)
    : columns_(columns), rows_(rows), cells_(columns * rows), bottom_(rows - 1) {}

void Screen::feed(std::string_view bytes) {
  for (const char c : bytes) byte(static_cast<unsigned char>(c));
}

std::string Screen::row(std::size_t index) const {
  std::string line;
  for (std::size_t c = 0; c < columns_; ++c) line += utf8(at(index, c).character);
  return without_last_blanks(std::move(line));
}

std::string Screen::text() const {
  std::string all;
  for (std::size_t r = 0; r < rows_; ++r) all += row(r) + "\n";
  return all;
}

bool Screen::shows(std::string_view text) const {
  for (std::size_t r = 0; r < rows_; ++r) {
    if (row(r).contains(text)) return true;
  }
  return false;
}

std::string Screen::reversed() const {
  std::string all;
  for (std::size_t r = 0; r < rows_; ++r) {
    std::string line;
    for (std::size_t c = 0; c < columns_; ++c) {
      if (at(r, c).reverse) line += utf8(at(r, c).character);
    }
    if (!line.empty()) all += without_last_blanks(std::move(line)) + "\n";
  }
  return all;
}

std::string Screen::take_replies() {
  return std::exchange(replies_, {});
}

// ---- the parser
// -------------------------------------------------------------------------------------

void Screen::byte(unsigned char c) {
  switch (state_) {
    case State::kString:  // operating system command and friends: skipped to BEL or ST
      if (c == 0x07) state_ = State::kText;
      if (c == 0x1B) state_ = State::kStringEscape;
      return;
    case State::kStringEscape:
      state_ = c == '\\' ? State::kText : State::kString;
      return;
    case State::kCharset:
      line_drawing_ = c == '0';
      state_ = State::kText;
      return;
    case State::kSkipOne:
      state_ = State::kText;
      return;
    case State::kEscape:
      state_ = State::kText;
      return escape(c);
    case State::kControl:
      if (c == 0x1B) {
        state_ = State::kEscape;
      } else if (c < 0x20) {
        control_character(c);
      } else if (c < 0x40) {
        parameters_ += static_cast<char>(c);
      } else {
        state_ = State::kText;
        control(c);
      }
      return;
    case State::kText:
      break;
  }
  if (continuation_ > 0 && (c & 0xC0) == 0x80) {
    character_ = (character_ << 6) | (c & 0x3F);
    if (--continuation_ == 0) put(character_);
    return;
  }
  if (std::exchange(continuation_, 0) > 0) put(kReplacement);
  if (c < 0x20 || c == 0x7F) return control_character(c);
  if (c < 0x80) {
    const bool drawn = line_drawing_ && c >= 0x60;
    return put(drawn ? kLineDrawing[c - 0x60u] : static_cast<char32_t>(c));
  }
  continuation_ = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;
  if (continuation_ == 0) return put(kReplacement);
  character_ = c & (0x3Fu >> continuation_);
}

void Screen::control_character(unsigned char c) {
  switch (c) {
    case '\b':
      return move_by(0, -1);
    case '\t':
      return move_to(row_, std::min((column_ / 8 + 1) * 8, columns_ - 1));
    case '\n':
    case 0x0B:
    case 0x0C:
      return line_feed();
    case '\r':
      return move_to(row_, 0);
    case 0x1B:
      state_ = State::kEscape;
      return;
    default:
      return;
  }
}

void Screen::escape(unsigned char c) {
  switch (c) {
    case '[':
      parameters_.clear();
      state_ = State::kControl;
      return;
    case ']':
    case 'P':
    case '^':
    case '_':
      state_ = State::kString;
      return;
    case '(':
      state_ = State::kCharset;
      return;
    case ')':
    case '*':
    case '+':
    case '#':
    case '%':
    case ' ':
      state_ = State::kSkipOne;
      return;
    case '7':
      saved_row_ = row_;
      saved_column_ = column_;
      return;
    case '8':
      return move_to(saved_row_, saved_column_);
    case 'D':
      return line_feed();
    case 'E':
      move_to(row_, 0);
      return line_feed();
    case 'M':
      return reverse_line_feed();
    case 'c':
      return reset();
    default:
      return;
  }
}

std::size_t Screen::number(std::size_t index, std::size_t otherwise) const {
  std::string_view rest = parameters_;
  if (!rest.empty() && (rest[0] == '?' || rest[0] == '>' || rest[0] == '=')) rest.remove_prefix(1);
  for (; index > 0; --index) {
    const auto semicolon = rest.find(';');
    if (semicolon == std::string_view::npos) return otherwise;
    rest.remove_prefix(semicolon + 1);
  }
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  return error == std::errc() ? value : otherwise;
}

void Screen::control(unsigned char final) {
  const std::size_t count = std::max<std::size_t>(number(0, 1), 1);
  const long n = static_cast<long>(std::min<std::size_t>(count, columns_ + rows_));
  switch (final) {
    case 'A':
      return move_by(-n, 0);
    case 'B':
    case 'e':
      return move_by(n, 0);
    case 'C':
    case 'a':
      return move_by(0, n);
    case 'D':
      return move_by(0, -n);
    case 'E':
      move_by(n, 0);
      return move_to(row_, 0);
    case 'F':
      move_by(-n, 0);
      return move_to(row_, 0);
    case 'G':
    case '`':
      return move_to(row_, count - 1);
    case 'd':
      return move_to(count - 1, column_);
    case 'H':
    case 'f':
      return move_to(count - 1, std::max<std::size_t>(number(1, 1), 1) - 1);
    case 'J':
      return erase_in_display(number(0, 0));
    case 'K':
      return erase_in_line(number(0, 0));
    case 'X':
      return blank(row_, column_, std::min(column_ + count, columns_));
    case '@':
      return shift_in_row(n);
    case 'P':
      return shift_in_row(-n);
    case 'L':
      if (row_ >= top_ && row_ <= bottom_) scroll(row_, -n);
      return;
    case 'M':
      if (row_ >= top_ && row_ <= bottom_) scroll(row_, n);
      return;
    case 'S':
      return scroll(top_, n);
    case 'T':
      return scroll(top_, -n);
    case 'r':
      top_ = std::min(count - 1, rows_ - 1);
      bottom_ = std::clamp(number(1, rows_), top_ + 1, rows_) - 1;
      return move_to(0, 0);
    case 's':
      saved_row_ = row_;
      saved_column_ = column_;
      return;
    case 'u':
      return move_to(saved_row_, saved_column_);
    case 'h':
    case 'l':
      return mode(final == 'h');
    case 'm':
      return graphics();
    case 'n':
      if (number(0, 0) == 5) replies_ += "\x1b[0n";
      if (number(0, 0) == 6) {
        replies_ += "\x1b[" + std::to_string(row_ + 1) + ";" + std::to_string(column_ + 1) + "R";
      }
      return;
    case 'c':
      if (parameters_.empty() || parameters_ == "0") replies_ += "\x1b[?6c";  // "I am a VT102"
      return;
    default:
      return;
  }
}

void Screen::mode(bool on) {
  if (!parameters_.starts_with('?')) return;
  for (std::size_t i = 0; i < 16; ++i) {
    const std::size_t which = number(i, 0);
    if (which == 7) autowrap_ = on;
    if ((which == 47 || which == 1047 || which == 1049) && on != alternate_) {
      alternate_ = on;
      std::swap(cells_, main_cells_);
      if (on) cells_.assign(columns_ * rows_, Cell{});
      if (which == 1049 && on) {
        saved_row_ = row_;
        saved_column_ = column_;
      } else if (which == 1049) {
        move_to(saved_row_, saved_column_);
      }
    }
  }
}

void Screen::graphics() {
  // 38 and 48 carry a colour in the numbers that follow; those must not be read as attributes.
  for (std::size_t i = 0; i < 32; ++i) {
    constexpr std::size_t kNone = 9999;
    const std::size_t which = number(i, i == 0 ? 0 : kNone);
    if (which == kNone) return;
    if (which == 38 || which == 48) i += number(i + 1, 0) == 5 ? 2 : 4;
    if (which == 0 || which == 27) reverse_ = false;
    if (which == 7) reverse_ = true;
  }
}

// ---- the grid
// ---------------------------------------------------------------------------------------

void Screen::put(char32_t c) {
  if (wrap_pending_ && autowrap_) {
    move_to(row_, 0);
    line_feed();
  }
  at(row_, column_) = {c, reverse_};
  if (column_ + 1 < columns_) {
    ++column_;
  } else {
    wrap_pending_ = true;  // the cursor rests on the last column until the next character (VT100)
  }
}

void Screen::move_to(std::size_t row, std::size_t column) {
  row_ = std::min(row, rows_ - 1);
  column_ = std::min(column, columns_ - 1);
  wrap_pending_ = false;
}

void Screen::move_by(long rows, long columns) {
  const auto moved = [](std::size_t from, long by) {
    return by < 0 && static_cast<std::size_t>(-by) > from ? 0 : from + static_cast<std::size_t>(by);
  };
  move_to(moved(row_, rows), moved(column_, columns));
}

void Screen::line_feed() {
  wrap_pending_ = false;
  if (row_ == bottom_) {
    scroll(top_, 1);
  } else if (row_ + 1 < rows_) {
    ++row_;
  }
}

void Screen::reverse_line_feed() {
  wrap_pending_ = false;
  if (row_ == top_) {
    scroll(top_, -1);
  } else if (row_ > 0) {
    --row_;
  }
}

void Screen::scroll(std::size_t top, long lines) {
  const auto first = cells_.begin() + static_cast<long>(top * columns_);
  const auto last = cells_.begin() + static_cast<long>((bottom_ + 1) * columns_);
  const long cells = std::min(std::abs(lines) * static_cast<long>(columns_), last - first);
  if (lines > 0) {
    std::fill(std::move(first + cells, last, first), last, Cell{});
  } else {
    std::fill(first, std::move_backward(first, last - cells, last), Cell{});
  }
}

void Screen::erase_in_display(std::size_t what) {
  const bool before = what != 0, after = what != 1;
  for (std::size_t r = 0; r < rows_; ++r) {
    if ((r < row_ && before) || (r > row_ && after) || what >= 2) blank(r, 0, columns_);
  }
  if (what < 2) erase_in_line(what);
}

void Screen::erase_in_line(std::size_t what) {
  blank(row_, what == 0 ? column_ : 0, what == 1 ? column_ + 1 : columns_);
}

void Screen::blank(std::size_t row, std::size_t from, std::size_t to) {
  for (std::size_t c = from; c < to; ++c) at(row, c) = Cell{};
}

void Screen::shift_in_row(long cells) {
  const auto here = cells_.begin() + static_cast<long>(row_ * columns_ + column_);
  const auto end = cells_.begin() + static_cast<long>((row_ + 1) * columns_);
  const long n = std::min(std::abs(cells), end - here);
  if (cells > 0) {
    std::fill(here, std::move_backward(here, end - n, end), Cell{});
  } else {
    std::fill(std::move(here + n, end, here), end, Cell{});
  }
}

void Screen::reset() {
  *this = Screen(columns_, rows_);
}

}  // namespace drydock::test
