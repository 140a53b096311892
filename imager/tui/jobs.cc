#include "tui/jobs.h"

#include <optional>
#include <utility>

#include "job/console.h"

namespace drydock::tui {
namespace {

class RealJobs : public Jobs {
 public:
  explicit RealJobs(sys::Machine& machine) : machine_(machine) {}

  bool live() override { return job::is_live_system(machine_); }
  std::vector<std::string> writable_devices() override { return job::writable_devices(machine_); }
  Result<std::vector<Disk>> drives() override { return job::drives(machine_); }
  Result<job::Listing> list() override { return job::list(machine_); }

  Result<std::vector<job::Destination>> destinations(const std::string& without_disk) override {
    return job::destinations(machine_, without_disk);
  }
  Result<std::string> open_destination(const job::Destination& destination, bool writable,
                                       Person& person) override {
    return job::open_destination(machine_, destination, writable, person);
  }
  Result<void> close_destination(const std::string& folder) override {
    return job::close_destination(machine_, folder);
  }
  Result<std::vector<job::FolderEntry>> browse(const std::string& folder) override {
    return job::browse(machine_, folder);
  }
  Result<std::string> keep_log(const std::string& folder, const std::string& text) override {
    return job::keep_log(machine_, folder, text);
  }
  Result<std::string> keep_report(const std::string& folder,
                                  const job::Evaluation& evaluation) override {
    return job::keep_report(machine_, folder, evaluation);
  }
  std::string proposed_image_name(const std::string& source) override {
    return job::proposed_image_name(machine_, source);
  }
  Result<job::Inspection> inspect(const std::string& path) override {
    return job::inspect(machine_, path);
  }

  Result<job::Summary> plan(const job::SaveRequest& request) override {
    drop_plan();
    save_.emplace(TRY(job::plan_save(machine_, request)));
    return save_->summary();
  }
  Result<job::Summary> plan(const job::RestoreRequest& request) override {
    drop_plan();
    restore_.emplace(TRY(job::plan_restore(machine_, request)));
    return restore_->summary();
  }
  Result<job::Summary> plan(const job::CloneRequest& request) override {
    drop_plan();
    clone_.emplace(TRY(job::plan_clone(machine_, request)));
    return clone_->summary();
  }
  Result<job::Summary> plan(const job::RescueRequest& request) override {
    drop_plan();
    rescue_.emplace(TRY(job::plan_rescue(machine_, request)));
    return rescue_->summary();
  }
  void drop_plan() override {
    save_.reset();
    restore_.reset();
    clone_.reset();
    rescue_.reset();
  }

  Result<job::Report> run_save(job::Observer& observer, const Stop& stop) override {
    if (!save_) return fail(our_bug("save", "there is no plan to run"));
    return job::run(*std::exchange(save_, std::nullopt), observer, stop);
  }
  Result<job::Report> run_restore(const Consent& consent, job::Observer& observer,
                                  const Stop& stop) override {
    if (!restore_) return fail(our_bug("restore", "there is no plan to run"));
    return job::run(*std::exchange(restore_, std::nullopt), consent, observer, stop);
  }
  Result<job::Report> run_clone(const Consent& consent, job::Observer& observer,
                                const Stop& stop) override {
    if (!clone_) return fail(our_bug("clone", "there is no plan to run"));
    return job::run(*std::exchange(clone_, std::nullopt), consent, observer, stop);
  }
  Result<job::Report> run_rescue(job::Observer& observer, const Stop& stop) override {
    if (!rescue_) return fail(our_bug("rescue", "there is no plan to run"));
    return job::run(*std::exchange(rescue_, std::nullopt), nullptr, observer, stop);
  }
  Result<job::VerifyReport> verify(const job::VerifyRequest& request, job::Observer& observer,
                                   const Stop& stop) override {
    return job::verify(machine_, request, observer, stop);
  }
  Result<job::Evaluation> evaluate(const job::EvaluateRequest& request, job::Observer& observer,
                                   const Stop& stop) override {
    return job::evaluate_drive(machine_, request, observer, stop);
  }

  Network network() override { return job::network(machine_); }
  std::vector<KeyboardLayout> keyboard_layouts() override {
    return job::keyboard_layouts(machine_);
  }
  Result<void> choose_keyboard(const std::string& name) override {
    return job::choose_keyboard(machine_, name);
  }
  Result<void> choose_address(const AddressChoice& choice) override {
    return job::choose_address(machine_, choice);
  }

  Result<void> reboot() override { return job::reboot(machine_); }
  Result<void> power_off() override { return job::power_off(machine_); }
  Result<void> shell() override { return job::run_shell(machine_); }

 private:
  sys::Machine& machine_;
  std::optional<job::SavePlan> save_;
  std::optional<job::RestorePlan> restore_;
  std::optional<job::ClonePlan> clone_;
  std::optional<job::RescuePlan> rescue_;
};

}  // namespace

std::unique_ptr<Jobs> real_jobs(sys::Machine& machine) {
  return std::make_unique<RealJobs>(machine);
}

}  // namespace drydock::tui
