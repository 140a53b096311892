#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tui/model.h"

namespace drydock::tui {

// "Save", "Restore", "Verify".
std::string_view verb_word(Verb verb);

// Puts an event into the state of the run; sentences for the log come back.
std::vector<std::string> take_in(Run& run, const job::Event& event);

// How a job ended, to stand behind the verb: "done", "stopped", "the image is damaged" …
std::string ending_title(Verb verb, const Result<Ending>& ending);
// The same for the log, with all sentences of the report.
std::vector<std::string> ending_words(Verb verb, const Result<Ending>& ending);

// What stopping now would leave behind.
std::string_view cancel_words(Verb verb);

// "Nothing was heard of it for 35 s: …" when a job has been silent for long; else empty.
std::string silence_words(const Model& model);

// What the command line would be, as far as things have been chosen.
std::string command_words(const Model& model);

}  // namespace drydock::tui
