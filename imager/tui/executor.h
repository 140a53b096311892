#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/stop.h"
#include "tui/effect.h"
#include "tui/event.h"
#include "tui/jobs.h"

namespace drydock::tui {

// Carries out effects, one at a time and in the calling thread, and emits what comes of them. Knows
// which destination is open. Ignores the effects of the main loop (Shell, Redraw, Quit, StopJob).
class Executor {
 public:
  using Emit = std::function<void(Event)>;

  // `jobs` must outlive it. `emit` is called from the thread that calls execute().
  Executor(Jobs& jobs, Emit emit) : jobs_(jobs), emit_(std::move(emit)) {}

  // `stop` ends a job early; it must outlive the call.
  void execute(const Effect& effect, const Stop& stop);

 private:
  void carry_out(const PollDrives&);
  void carry_out(const ListDrives&);
  void carry_out(const FindDestinations& effect);
  void carry_out(const OpenFolder& effect);
  void carry_out(const KeepLog& effect);
  void carry_out(const KeepReport& effect);
  void carry_out(const CloseDestination&);
  void carry_out(const AskNetwork&);
  void carry_out(const ChooseAddress& effect);
  void carry_out(const AskKeyboards& effect);
  void carry_out(const ChooseKeyboard& effect);
  void carry_out(const ProposeName& effect);
  void carry_out(const InspectImage& effect);
  void carry_out(const PlanSave& effect);
  void carry_out(const PlanRestore& effect);
  void carry_out(const PlanClone& effect);
  void carry_out(const PlanRescue& effect);
  void carry_out(const DropPlan&);
  void carry_out(const RunSave&);
  void carry_out(const RunRestore& effect);
  void carry_out(const RunClone& effect);
  void carry_out(const RunVerify& effect);
  void carry_out(const RunEvaluate& effect);
  void carry_out(const RunRescue&);
  void carry_out(const StopJob&) {}
  void carry_out(const Reboot&);
  void carry_out(const PowerOff&);
  void carry_out(const Shell&) {}
  void carry_out(const Redraw&) {}
  void carry_out(const Quit&) {}

  Result<std::string> open(const job::Destination& destination, bool writable, Person& person);
  Result<FolderRead> read_folder(const OpenFolder& effect);
  // `write` puts a file into the opened folder and gives its name.
  Result<KeptFile> keep(const job::Destination& destination, const Answers& answers,
                        const std::function<Result<std::string>(const std::string&)>& write);
  Result<job::Summary> plan_save(const PlanSave& effect);
  Result<job::Summary> plan_rescue(const PlanRescue& effect);
  void close();
  void end(Result<Ending> ending);
  void tell_writable();
  void tell(const Result<void>& result);

  // A destination that is open. One that was mounted before is not ours to close.
  struct Open {
    std::string device;
    std::string folder;
    bool writable = false;
    bool ours = true;
  };

  Jobs& jobs_;
  Emit emit_;
  const Stop* stop_ = nullptr;
  std::optional<Open> open_;
};

}  // namespace drydock::tui
