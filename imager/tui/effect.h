#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/consent.h"
#include "core/network.h"
#include "job/destination.h"
#include "job/evaluation.h"

namespace drydock::tui {

// What the menu wants done. Values: update() returns them, a Runner carries them out one after the
// other and answers with Events. None is carried out while the screen waits, except Shell and Quit,
// which the main loop sees to.

struct PollDrives {};
struct ListDrives {};

struct FindDestinations {
  unsigned ticket = 0;
  std::string without_disk;
};

// What a server may want to know.
struct Answers {
  std::string password;
  std::string accepted_key;  // the fingerprint that the person has agreed to; empty: none
};

// Opens the destination for reading unless it is open, and reads a folder below its root ("": the
// root itself).
struct OpenFolder {
  unsigned ticket = 0;
  job::Destination destination;
  Answers answers;
  std::string folder;
};

// Opens the destination for writing, puts a file into its root and closes it again.
struct KeepLog {
  unsigned ticket = 0;
  job::Destination destination;
  Answers answers;
  std::string text;
};

// The same with what an evaluation found.
struct KeepReport {
  unsigned ticket = 0;
  job::Destination destination;
  Answers answers;
  job::Evaluation evaluation;
};

struct CloseDestination {};

struct AskNetwork {};

struct ChooseAddress {
  unsigned ticket = 0;
  AddressChoice choice;
};

struct AskKeyboards {};

struct ChooseKeyboard {
  unsigned ticket = 0;
  std::string name;
};

struct ProposeName {
  unsigned ticket = 0;
  std::string source;
};

struct InspectImage {
  unsigned ticket = 0;
  std::string image;
};

// Opens the destination for writing, then plans. `image` is below the destination's root.
struct PlanSave {
  unsigned ticket = 0;
  std::string source;
  job::Destination destination;
  Answers answers;
  std::string image;
  std::string note;
  bool verify = false;
  bool resume = false;
};

struct PlanRestore {
  unsigned ticket = 0;
  std::string image;
  std::string target;
  bool verify = false;
};

struct PlanClone {
  unsigned ticket = 0;
  std::string source;
  std::string target;
  bool verify = false;
};

// As PlanSave; the map of the rescue comes beside the copy.
struct PlanRescue {
  unsigned ticket = 0;
  std::string source;
  job::Destination destination;
  Answers answers;
  std::string copy;
  bool used_first = true;
};

struct DropPlan {};

struct RunSave {};

struct RunRestore {
  Consent consent;
};

struct RunClone {
  Consent consent;
};

struct RunVerify {
  std::string image;
};

struct RunEvaluate {
  std::string source;
  bool full = false;
};

struct RunRescue {};

struct StopJob {};

struct Reboot {};
struct PowerOff {};
struct Shell {};
struct Redraw {};  // from nothing: the terminal may show anything
struct Quit {};

using Effect =
    std::variant<PollDrives, ListDrives, FindDestinations, OpenFolder, KeepLog, KeepReport,
                 CloseDestination, AskNetwork, ChooseAddress, AskKeyboards, ChooseKeyboard,
                 ProposeName, InspectImage, PlanSave, PlanRestore, PlanClone, PlanRescue, DropPlan,
                 RunSave, RunRestore, RunClone, RunVerify, RunEvaluate, RunRescue, StopJob, Reboot,
                 PowerOff, Shell, Redraw, Quit>;
using Effects = std::vector<Effect>;

}  // namespace drydock::tui
