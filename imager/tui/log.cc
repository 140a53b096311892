#include "tui/log.h"

namespace drydock::tui {

void Log::add(std::string clock, std::string text) {
  entries_.push_back({std::move(clock), std::move(text)});
  if (entries_.size() > kKept) entries_.pop_front();
}

std::string Log::text() const {
  std::string all;
  for (const Entry& entry : entries_) all += entry.clock + "  " + entry.text + "\n";
  return all;
}

}  // namespace drydock::tui
