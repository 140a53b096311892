#pragma once

#include <cstdio>
#include <string>

#include "job/observer.h"

namespace drydock::cli {

// One line that is drawn over and over on a terminal: bar, percent, rate, remaining time. Sentences
// (bad areas, notices) go above it; without the bar only they are printed.
class BarProgress : public job::Observer {
 public:
  BarProgress(std::FILE* terminal, bool bar) : terminal_(terminal), bar_(bar) {}
  ~BarProgress() override { clear(); }

  void on(const job::Event& event) override;

 private:
  void draw(const job::Progress& progress);
  void clear();
  void say(const std::string& sentence);

  std::FILE* terminal_;
  bool bar_;
  bool drawn_ = false;
  std::string phase_;
};

// "save    [#######             ]  34 %  1.2 of 3.5 GiB, 412.0 MiB/s, 6 s left"
std::string bar_line(const std::string& phase, const job::Progress& progress);

// An event a line: {"event":"progress","done":…}.
class JsonProgress : public job::Observer {
 public:
  explicit JsonProgress(std::FILE* out) : out_(out) {}
  void on(const job::Event& event) override;

 private:
  std::FILE* out_;
};

}  // namespace drydock::cli
