#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "job/evaluation.h"

namespace drydock::job {

// A report in the form that the end of its file's name asks for: ".html", ".json", ".txt".
Result<void> check_report_name(const std::string& file);  // bad_input for any other
std::string report_text(const Evaluation& evaluation, const std::string& file);

// As docs/manual/json.md has it; many lines.
std::string evaluation_json(const Evaluation& evaluation);

// The verdict first, then its reasons, then what was found out, with graphs of plain characters; no
// line is longer than 100 characters, but for sentences.
std::vector<std::string> evaluation_lines(const Evaluation& evaluation);

// One file that needs no other: graphs are SVG inside, there are no scripts. Whatever a drive calls
// itself is text in it and never markup.
std::string evaluation_html(const Evaluation& evaluation);

// What the reports share. Each is a list of names and values in words.
struct Fact {
  std::string name;
  std::string value;
};
std::vector<Fact> drive_facts_of(const Evaluation& evaluation);    // who it is, how it is connected
std::vector<Fact> health_facts_of(const Evaluation& evaluation);   // what it says of itself
std::vector<Fact> surface_facts_of(const Evaluation& evaluation);  // what reading it showed
std::vector<Fact> speed_facts_of(const Evaluation& evaluation);

// Graphs of plain characters, 73 wide but for the title above them; no lines where nothing is
// known.
std::vector<std::string> surface_graph(const Evaluation& evaluation);  // the slowest reads
std::vector<std::string> speed_graph(const Evaluation& evaluation);
// Where it is bad or slow: the first twenty places, and how many more there are.
std::vector<std::string> area_lines(const Evaluation& evaluation);

// The files that are hit: the first twenty, and how many more there are.
std::vector<std::string> file_lines(const Evaluation& evaluation);

std::string area_line(const Area& area);            // "bytes 4096 to 8192 cannot be read: …"
std::string weight_word(evaluate::Verdict weight);  // of a finding: "note", "watch", "replace", …
std::string milliseconds(std::chrono::nanoseconds time);  // "0.082 ms", "8.1 ms", "1230 ms"
std::string rate_of(double bytes_per_second);             // "120 MB/s", as vendors count

}  // namespace drydock::job
