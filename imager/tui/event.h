#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "core/keyboard.h"
#include "core/network.h"
#include "job/destination.h"
#include "job/evaluation.h"
#include "job/inspect.h"
#include "job/observer.h"
#include "job/plan.h"
#include "job/verify.h"
#include "tui/key.h"

namespace drydock::tui {

// What happens to the menu. Everything but Key and Tick answers an Effect. Answers that carry a
// `ticket` are for a request that the person may have turned away from meanwhile.

struct Tick {};  // about once a second

struct WritableNow {
  std::vector<std::string> devices;
};

struct DrivesPolled {
  std::vector<Disk> drives;
};

struct DrivesListed {
  Result<job::Listing> drives;
};

struct DestinationsFound {
  unsigned ticket = 0;
  Result<std::vector<job::Destination>> destinations;
};

// What is in a folder of a destination, whose root is the folder `mount` of this machine. Or
// nothing was opened, as the server is new: `unknown_key` is the fingerprint that it shows.
struct FolderRead {
  std::string mount;
  std::vector<job::FolderEntry> entries;
  std::string unknown_key = {};
};

struct FolderOpened {
  unsigned ticket = 0;
  Result<FolderRead> folder;
};

// The file's name, or as in FolderRead.
struct KeptFile {
  std::string name;
  std::string unknown_key = {};
};

struct LogKept {
  unsigned ticket = 0;
  Result<KeptFile> file;
};

struct ReportKept {
  unsigned ticket = 0;
  Result<KeptFile> file;
};

struct NetworkTold {
  Network network;
};

struct AddressChosen {
  unsigned ticket = 0;
  Result<void> done;
};

struct KeyboardsTold {
  std::vector<KeyboardLayout> layouts;
};

struct KeyboardChosen {
  unsigned ticket = 0;
  std::string name;
  Result<void> done;
};

struct NameProposed {
  unsigned ticket = 0;
  std::string name;
};

struct ImageInspected {
  unsigned ticket = 0;
  Result<job::Inspection> image;
};

struct Planned {
  unsigned ticket = 0;
  Result<job::Summary> summary;
};

struct JobTold {
  job::Event event;
};

struct Ending {
  job::Report report = {};
  std::vector<job::Damage> damage = {};            // of a verify
  std::optional<job::Evaluation> evaluation = {};  // of an evaluate
};

struct JobEnded {
  Result<Ending> ending;
};

// Something that should have worked quietly did not: for the log.
struct Trouble {
  Error error;
};

using Event =
    std::variant<Key, Tick, WritableNow, DrivesPolled, DrivesListed, DestinationsFound,
                 FolderOpened, LogKept, ReportKept, NetworkTold, AddressChosen, KeyboardsTold,
                 KeyboardChosen, NameProposed, ImageInspected, Planned, JobTold, JobEnded, Trouble>;

}  // namespace drydock::tui
