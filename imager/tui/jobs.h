#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/stop.h"
#include "core/consent.h"
#include "core/disk_id.h"
#include "core/keyboard.h"
#include "core/network.h"
#include "core/person.h"
#include "job/clone.h"
#include "job/destination.h"
#include "job/evaluate.h"
#include "job/inspect.h"
#include "job/observer.h"
#include "job/plan.h"
#include "job/rescue.h"
#include "job/restore.h"
#include "job/save.h"
#include "job/verify.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::tui {

// All that the menu asks of the machine. The real form forwards to job/; tests have a scripted one.
// Used by one thread at a time; calls may take long.
class Jobs {
 public:
  virtual ~Jobs() = default;

  virtual bool live() = 0;
  virtual std::vector<std::string> writable_devices() = 0;
  // From the kernel alone, nothing is opened: cheap enough to ask again and again.
  virtual Result<std::vector<Disk>> drives() = 0;
  virtual Result<job::Listing> list() = 0;

  virtual Result<std::vector<job::Destination>> destinations(const std::string& without_disk) = 0;
  virtual Result<std::string> open_destination(const job::Destination& destination, bool writable,
                                               Person& person) = 0;
  virtual Result<void> close_destination(const std::string& folder) = 0;
  virtual Result<std::vector<job::FolderEntry>> browse(const std::string& folder) = 0;
  // Into a new file in the folder, whose name it gives.
  virtual Result<std::string> keep_log(const std::string& folder, const std::string& text) = 0;
  virtual Result<std::string> keep_report(const std::string& folder,
                                          const job::Evaluation& evaluation) = 0;
  virtual std::string proposed_image_name(const std::string& source) = 0;
  virtual Result<job::Inspection> inspect(const std::string& path) = 0;

  // A plan is kept until the next one, drop_plan() or its run.
  virtual Result<job::Summary> plan(const job::SaveRequest& request) = 0;
  virtual Result<job::Summary> plan(const job::RestoreRequest& request) = 0;
  virtual Result<job::Summary> plan(const job::CloneRequest& request) = 0;
  virtual Result<job::Summary> plan(const job::RescueRequest& request) = 0;
  virtual void drop_plan() = 0;
  // Code::bug without a plan of that kind.
  virtual Result<job::Report> run_save(job::Observer& observer, const Stop& stop) = 0;
  virtual Result<job::Report> run_restore(const Consent& consent, job::Observer& observer,
                                          const Stop& stop) = 0;
  virtual Result<job::Report> run_clone(const Consent& consent, job::Observer& observer,
                                        const Stop& stop) = 0;
  virtual Result<job::Report> run_rescue(job::Observer& observer, const Stop& stop) = 0;
  virtual Result<job::VerifyReport> verify(const job::VerifyRequest& request,
                                           job::Observer& observer, const Stop& stop) = 0;
  virtual Result<job::Evaluation> evaluate(const job::EvaluateRequest& request,
                                           job::Observer& observer, const Stop& stop) = 0;

  virtual Network network() = 0;
  virtual Result<void> choose_address(const AddressChoice& choice) = 0;
  virtual std::vector<KeyboardLayout> keyboard_layouts() = 0;
  virtual Result<void> choose_keyboard(const std::string& name) = 0;

  virtual Result<void> reboot() = 0;
  virtual Result<void> power_off() = 0;
  virtual Result<void> shell() = 0;
};

// `machine` must outlive it.
std::unique_ptr<Jobs> real_jobs(sys::Machine& machine);

}  // namespace drydock::tui
