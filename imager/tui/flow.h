#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "job/destination.h"
#include "job/inspect.h"
#include "job/observer.h"
#include "job/plan.h"
#include "job/verify.h"
#include "tui/cursor.h"
#include "tui/effect.h"
#include "tui/event.h"
#include "tui/text_field.h"

namespace drydock::tui {

enum class Verb { save, restore, clone, verify, evaluate, rescue, keep_log, keep_report };
inline constexpr std::size_t kVerbs = 8;

// Its place is written to.
inline bool writes(Verb verb) {
  return verb == Verb::save || verb == Verb::rescue || verb == Verb::keep_log ||
         verb == Verb::keep_report;
}

// How far a running job is, from its events.
struct Run {
  std::chrono::seconds started{0};  // by Model::now
  std::chrono::seconds heard{0};    // when it last told something
  std::string phase;
  job::Progress progress;
  bool stopping = false;
  std::uint64_t unreadable = 0;  // bytes
  std::uint64_t unreadable_areas = 0;
  std::vector<std::string> notices;
  std::optional<job::Rescued> rescued;  // of a rescue
};

// Everything a person has chosen and learnt on the way through one verb. Pages fill it step by
// step; going back forgets nothing.
struct Flow {
  std::string source;            // save, clone, evaluate, rescue: the disk that is read
  std::string target;            // restore, clone: the disk to be overwritten
  std::uint64_t source_end = 0;  // clone: of its last volume, in bytes; the target must have that
  Cursor drive;                  // of the list of drives on the page that chooses source or target

  Cursor depth{0};  // evaluate: quick, full

  std::optional<std::vector<job::Destination>> destinations;
  Cursor place;
  std::optional<job::Destination> destination;

  // The place on the network as it is typed, and what its server asked.
  TextField server_url{"smb://"};
  TextField server_password;
  int server_field = 0;
  std::string offered_key;   // a fingerprint that the person is asked about
  std::string accepted_key;  // or has agreed to

  std::string mount;                // where the destination's root is while it is open
  std::vector<std::string> folder;  // below it
  std::vector<std::string> wanted;  // the folder that was asked for and not yet read
  std::optional<std::vector<job::FolderEntry>> entries;
  Cursor entry;

  std::string image;  // restore, verify: its path
  std::optional<job::Inspection> inspection;

  TextField name;
  std::string named_for;     // the source whose name was proposed
  unsigned name_ticket = 0;  // of that request
  std::string proposed;      // the name that was
  TextField note;
  int field = 0;  // which of the fields on the page has the keys
  bool verify = false;
  bool used_first = true;  // rescue

  std::string kept;  // evaluate: where the report was saved

  std::optional<job::Summary> summary;
  TextField answer;

  std::optional<Error> problem;  // why the last step led nowhere

  Run run;
  std::optional<Result<Ending>> ending;
  int scroll = 0;  // of the page that shows the ending
};

// To be given along when the destination is opened.
Answers answers_of(const Flow& flow);

// "backups/2026", empty for the root.
std::string folder_text(const std::vector<std::string>& folder);

}  // namespace drydock::tui
