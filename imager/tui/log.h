#pragma once

#include <deque>
#include <string>

namespace drydock::tui {

// What happened since the menu started: notices and results of jobs, with the time of day.
class Log {
 public:
  struct Entry {
    std::string clock;  // "02:41:07"
    std::string text;
  };

  // Only the newest kKept are kept.
  void add(std::string clock, std::string text);
  // A line an entry, for a file.
  std::string text() const;
  const std::deque<Entry>& entries() const { return entries_; }

 private:
  static constexpr std::size_t kKept = 2000;

  std::deque<Entry> entries_;
};

}  // namespace drydock::tui
