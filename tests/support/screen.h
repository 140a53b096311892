// What a person would see on a serial terminal: bytes in, a grid of characters out.
//
// Understands the part of ECMA-48 and of the VT100/xterm extensions that firmware, boot loaders,
// BusyBox and full-screen text programs send: cursor moves, erase, insert and delete, scroll
// regions, the alternate screen, UTF-8, the DEC line drawing set. Colours are dropped; reverse
// video is kept, as it marks what is selected. Every character is one cell wide. No I/O, no clock,
// one thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace drydock::test {

class Screen {
 public:
  explicit Screen(std::size_t columns = 80, std::size_t rows = 24);

  void feed(std::string_view bytes);  // may end in the middle of a sequence or a character

  std::size_t columns() const { return columns_; }
  std::size_t rows() const { return rows_; }
  std::size_t cursor_row() const { return row_; }
  std::size_t cursor_column() const { return column_; }

  std::string row(std::size_t index) const;  // UTF-8, without trailing blanks
  std::string text() const;                  // all rows, each ended by a newline
  bool shows(std::string_view text) const;   // in one row
  std::string reversed() const;  // the text in reverse video, a line per row that has any

  // What a terminal answers when asked for its cursor position or kind; to be sent back. Empties.
  std::string take_replies();

 private:
  struct Cell {
    char32_t character = U' ';
    bool reverse = false;
  };
  enum class State { kText, kEscape, kCharset, kSkipOne, kControl, kString, kStringEscape };

  void put(char32_t c);
  void byte(unsigned char c);
  void control_character(unsigned char c);
  void escape(unsigned char c);
  void control(unsigned char final);
  void mode(bool on);
  void graphics();
  void move_to(std::size_t row, std::size_t column);
  void move_by(long rows, long columns);
  void line_feed();
  void reverse_line_feed();
  void scroll(std::size_t top, long lines);  // > 0: up
  void erase_in_display(std::size_t what);
  void erase_in_line(std::size_t what);
  void blank(std::size_t row, std::size_t from, std::size_t to);
  void shift_in_row(long cells);  // > 0: insert at the cursor; < 0: delete
  void reset();
  std::size_t number(std::size_t index, std::size_t otherwise) const;
  Cell& at(std::size_t row, std::size_t column) { return cells_[row * columns_ + column]; }
  const Cell& at(std::size_t row, std::size_t column) const {
    return cells_[row * columns_ + column];
  }

  std::size_t columns_, rows_;
  std::vector<Cell> cells_, main_cells_;
  std::size_t row_ = 0, column_ = 0, saved_row_ = 0, saved_column_ = 0;
  std::size_t top_ = 0, bottom_;  // the scroll region, both included
  bool wrap_pending_ = false, autowrap_ = true, reverse_ = false, line_drawing_ = false,
       alternate_ = false;
  State state_ = State::kText;
  std::string parameters_;
  char32_t character_ = 0;  // the UTF-8 sequence being read
  int continuation_ = 0;
  std::string replies_;
};

// A line as far as something stands in it.
std::string without_last_blanks(std::string line);

// A code point as UTF-8.
std::string utf8(char32_t c);

}  // namespace drydock::test
