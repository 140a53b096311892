#include "tui/executor.h"

#include <chrono>
#include <utility>

namespace drydock::tui {
namespace {

// Hands the events of a job on, and looks after the status line meanwhile: a job occupies the only
// thread that may speak to the machine.
class Reporter : public job::Observer {
 public:
  Reporter(const Executor::Emit& emit, Jobs& jobs) : emit_(emit), jobs_(jobs) {}

  void on(const job::Event& event) override {
    emit_(JobTold{event});
    const auto now = std::chrono::steady_clock::now();
    if (now - told_ < std::chrono::seconds(1)) return;
    told_ = now;
    emit_(WritableNow{jobs_.writable_devices()});
  }

 private:
  const Executor::Emit& emit_;
  Jobs& jobs_;
  std::chrono::steady_clock::time_point told_{};
};

// Answers servers with what the person said in advance.
class Prepared : public Person {
 public:
  explicit Prepared(const Answers& answers) : answers_(answers) {}

  Result<std::string> password(const std::string&) override { return answers_.password; }
  Result<void> confirm_key(const std::string& server, const std::string& fingerprint) override {
    if (fingerprint == answers_.accepted_key) return {};
    unknown_key_ = fingerprint;
    return fail(environment_error(server, "shows a key that nobody has agreed to"));
  }

  // The fingerprint that was not agreed to; empty: there was none.
  const std::string& unknown_key() const { return unknown_key_; }

 private:
  const Answers& answers_;
  std::string unknown_key_;
};

Result<Ending> ending_of(Result<job::Report> report) {
  return Ending{.report = TRY(std::move(report))};
}

Result<Ending> ending_of(Result<job::VerifyReport> report) {
  job::VerifyReport verified = TRY(std::move(report));
  return Ending{.report = std::move(verified.report), .damage = std::move(verified.damage)};
}

Result<Ending> ending_of(Result<job::Evaluation> evaluation) {
  return Ending{.evaluation = TRY(std::move(evaluation))};
}

std::string joined(const std::string& folder, const std::string& below) {
  if (below.empty()) return folder;
  return folder.ends_with('/') ? folder + below : folder + "/" + below;
}

}  // namespace

void Executor::execute(const Effect& effect, const Stop& stop) {
  stop_ = &stop;
  std::visit([this](const auto& one) { carry_out(one); }, effect);
  stop_ = nullptr;
}

void Executor::tell_writable() {
  emit_(WritableNow{jobs_.writable_devices()});
}

void Executor::tell(const Result<void>& result) {
  if (!result) emit_(Trouble{result.error()});
}

void Executor::carry_out(const PollDrives&) {
  auto drives = jobs_.drives();
  emit_(DrivesPolled{drives ? std::move(*drives) : std::vector<Disk>{}});
}

void Executor::carry_out(const ListDrives&) {
  auto drives = jobs_.list();
  emit_(DrivesListed{std::move(drives)});
  tell_writable();
}

void Executor::carry_out(const FindDestinations& effect) {
  emit_(DestinationsFound{effect.ticket, jobs_.destinations(effect.without_disk)});
}

Result<std::string> Executor::open(const job::Destination& destination, bool writable,
                                   Person& person) {
  if (open_ && open_->device == destination.device && open_->writable == writable)
    return open_->folder;
  close();
  const std::string folder = TRY(jobs_.open_destination(destination, writable, person));
  open_ = Open{destination.device, folder, writable, destination.mounted_on.empty()};
  tell_writable();
  return folder;
}

void Executor::close() {
  jobs_.drop_plan();
  if (!open_) return;
  const Open closing = *std::exchange(open_, std::nullopt);
  if (closing.ours) tell(jobs_.close_destination(closing.folder));
  tell_writable();
}

Result<FolderRead> Executor::read_folder(const OpenFolder& effect) {
  Prepared person(effect.answers);
  const auto mount = open(effect.destination, false, person);
  if (!person.unknown_key().empty()) return FolderRead{{}, {}, person.unknown_key()};
  if (!mount) return fail(mount.error());
  return FolderRead{*mount, TRY(jobs_.browse(joined(*mount, effect.folder)))};
}

void Executor::carry_out(const OpenFolder& effect) {
  emit_(FolderOpened{effect.ticket, read_folder(effect)});
}

Result<KeptFile> Executor::keep(
    const job::Destination& destination, const Answers& answers,
    const std::function<Result<std::string>(const std::string&)>& write) {
  Prepared person(answers);
  const auto folder = open(destination, true, person);
  if (!person.unknown_key().empty()) return KeptFile{{}, person.unknown_key()};
  if (!folder) return fail(folder.error());
  auto name = write(*folder);
  close();
  return KeptFile{TRY(std::move(name))};
}

void Executor::carry_out(const KeepLog& effect) {
  auto file = keep(effect.destination, effect.answers,
                   [&](const std::string& folder) { return jobs_.keep_log(folder, effect.text); });
  emit_(LogKept{effect.ticket, std::move(file)});
}

void Executor::carry_out(const KeepReport& effect) {
  auto file = keep(effect.destination, effect.answers, [&](const std::string& folder) {
    return jobs_.keep_report(folder, effect.evaluation);
  });
  emit_(ReportKept{effect.ticket, std::move(file)});
}

void Executor::carry_out(const CloseDestination&) {
  close();
}

void Executor::carry_out(const AskNetwork&) {
  emit_(NetworkTold{jobs_.network()});
}

void Executor::carry_out(const ChooseAddress& effect) {
  emit_(AddressChosen{effect.ticket, jobs_.choose_address(effect.choice)});
  emit_(NetworkTold{jobs_.network()});
}

void Executor::carry_out(const AskKeyboards&) {
  emit_(KeyboardsTold{jobs_.keyboard_layouts()});
}

void Executor::carry_out(const ChooseKeyboard& effect) {
  emit_(KeyboardChosen{effect.ticket, effect.name, jobs_.choose_keyboard(effect.name)});
}

void Executor::carry_out(const ProposeName& effect) {
  emit_(NameProposed{effect.ticket, jobs_.proposed_image_name(effect.source)});
}

void Executor::carry_out(const InspectImage& effect) {
  emit_(ImageInspected{effect.ticket, jobs_.inspect(effect.image)});
}

Result<job::Summary> Executor::plan_save(const PlanSave& effect) {
  Prepared person(effect.answers);
  const std::string mount = TRY(open(effect.destination, true, person));
  job::SaveRequest request;
  request.source = effect.source;
  request.image = joined(mount, effect.image);
  request.note = effect.note;
  request.verify = effect.verify;
  request.resume = effect.resume;
  return jobs_.plan(request);
}

void Executor::carry_out(const PlanSave& effect) {
  emit_(Planned{effect.ticket, plan_save(effect)});
}

void Executor::carry_out(const PlanRestore& effect) {
  job::RestoreRequest request;
  request.image = effect.image;
  request.target = effect.target;
  request.verify = effect.verify;
  emit_(Planned{effect.ticket, jobs_.plan(request)});
}

void Executor::carry_out(const PlanClone& effect) {
  job::CloneRequest request;
  request.source = effect.source;
  request.target = effect.target;
  request.verify = effect.verify;
  emit_(Planned{effect.ticket, jobs_.plan(request)});
}

Result<job::Summary> Executor::plan_rescue(const PlanRescue& effect) {
  Prepared person(effect.answers);
  const std::string mount = TRY(open(effect.destination, true, person));
  job::RescueRequest request;
  request.source = effect.source;
  request.target = joined(mount, effect.copy);
  request.used_first = effect.used_first;
  return jobs_.plan(request);
}

void Executor::carry_out(const PlanRescue& effect) {
  emit_(Planned{effect.ticket, plan_rescue(effect)});
}

void Executor::carry_out(const DropPlan&) {
  jobs_.drop_plan();
}

// The destination is closed before the end is told: only then is the image safely on it.
void Executor::end(Result<Ending> ending) {
  close();
  emit_(JobEnded{std::move(ending)});
  carry_out(ListDrives{});
}

void Executor::carry_out(const RunSave&) {
  Reporter reporter(emit_, jobs_);
  end(ending_of(jobs_.run_save(reporter, *stop_)));
}

void Executor::carry_out(const RunRestore& effect) {
  Reporter reporter(emit_, jobs_);
  end(ending_of(jobs_.run_restore(effect.consent, reporter, *stop_)));
}

void Executor::carry_out(const RunClone& effect) {
  Reporter reporter(emit_, jobs_);
  end(ending_of(jobs_.run_clone(effect.consent, reporter, *stop_)));
}

void Executor::carry_out(const RunVerify& effect) {
  Reporter reporter(emit_, jobs_);
  end(ending_of(jobs_.verify({.image = effect.image}, reporter, *stop_)));
}

void Executor::carry_out(const RunEvaluate& effect) {
  Reporter reporter(emit_, jobs_);
  end(ending_of(jobs_.evaluate({.path = effect.source, .full = effect.full}, reporter, *stop_)));
}

void Executor::carry_out(const RunRescue&) {
  Reporter reporter(emit_, jobs_);
  end(ending_of(jobs_.run_rescue(reporter, *stop_)));
}

void Executor::carry_out(const Reboot&) {
  tell(jobs_.reboot());
}

void Executor::carry_out(const PowerOff&) {
  tell(jobs_.power_off());
}

}  // namespace drydock::tui
