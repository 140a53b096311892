// The machine as the menu's tests want it: one built-in disk with a Debian on it and one USB drive
// that holds images, unless a test says otherwise. Nothing here touches a device.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tui/jobs.h"

namespace drydock::tui {

class FakeJobs : public Jobs {
 public:
  FakeJobs();

  // What tests change.
  bool is_live = true;
  std::vector<job::ListedDisk> disks;
  std::vector<std::string> advice;
  std::vector<job::Destination> places;
  std::map<std::string, std::vector<job::FolderEntry>> folders;  // by path
  Network wires;
  // Of servers: what they want to know. Nothing: they ask for nothing.
  std::optional<std::string> server_password, server_key;
  std::string name = "debian-pc-2026-11-25.img.zst";
  job::Inspection inspection;
  job::Summary save_summary;
  job::Summary restore_summary;
  job::Summary rescue_summary;
  std::vector<job::Event> told;  // by a run, before it ends
  std::optional<Error> list_error, places_error, open_error, keep_error, plan_error, run_error,
      power_error, address_error;
  job::Report report;
  std::vector<job::Damage> damage;
  job::Evaluation evaluation;

  // What was asked of the machine: "open /dev/sdb1 rw", "plan save /dev/sda", "run restore" …
  std::vector<std::string> calls;
  bool called(std::string_view call) const;
  std::optional<job::SaveRequest> save_request;
  std::optional<AddressChoice> address_chosen;
  std::string log_kept;
  std::optional<job::EvaluateRequest> evaluate_request;
  std::optional<job::RestoreRequest> restore_request;
  std::optional<job::CloneRequest> clone_request;
  std::optional<job::RescueRequest> rescue_request;

  bool live() override { return is_live; }
  std::vector<std::string> writable_devices() override { return writable_; }
  Result<std::vector<Disk>> drives() override;
  Result<job::Listing> list() override;
  Result<std::vector<job::Destination>> destinations(const std::string& without_disk) override;
  Result<std::string> open_destination(const job::Destination& destination, bool writable,
                                       Person& person) override;
  Result<void> close_destination(const std::string& folder) override;
  Result<std::vector<job::FolderEntry>> browse(const std::string& folder) override;
  Result<std::string> keep_log(const std::string& folder, const std::string& text) override {
    calls.push_back("log to " + folder);
    log_kept = text;
    return "drydock-2026-11-25T081500Z.log";
  }
  Result<std::string> keep_report(const std::string& folder, const job::Evaluation& kept) override;
  std::string proposed_image_name(const std::string&) override { return name; }
  Result<job::Inspection> inspect(const std::string& path) override;
  Result<job::Summary> plan(const job::SaveRequest& request) override;
  Result<job::Summary> plan(const job::RestoreRequest& request) override;
  Result<job::Summary> plan(const job::CloneRequest& request) override;
  Result<job::Summary> plan(const job::RescueRequest& request) override;
  void drop_plan() override { planned_.clear(); }
  Result<job::Report> run_save(job::Observer& observer, const Stop& stop) override;
  Result<job::Report> run_restore(const Consent& consent, job::Observer& observer,
                                  const Stop& stop) override;
  Result<job::Report> run_clone(const Consent& consent, job::Observer& observer,
                                const Stop& stop) override;
  Result<job::Report> run_rescue(job::Observer& observer, const Stop& stop) override;
  Result<job::VerifyReport> verify(const job::VerifyRequest& request, job::Observer& observer,
                                   const Stop& stop) override;
  Result<job::Evaluation> evaluate(const job::EvaluateRequest& request, job::Observer& observer,
                                   const Stop& stop) override;
  Network network() override { return wires; }
  Result<void> choose_address(const AddressChoice& choice) override;
  std::vector<KeyboardLayout> keyboard_layouts() override {
    return {{"gb", "British"}, {"fr", "French"}, {"fi", "Finnish"}, {"de", "German"}};
  }
  Result<void> choose_keyboard(const std::string& layout) override;
  Result<void> reboot() override { return power("reboot"); }
  Result<void> power_off() override { return power("power off"); }
  Result<void> shell() override { return power("shell"); }

 private:
  Result<std::string> open_server(const Url& url, Person& person);
  Result<void> power(std::string_view what);
  Result<job::Report> run(const std::string& verb, job::Observer& observer, const Stop& stop);

  std::vector<std::string> writable_;
  std::string planned_;  // the verb of the plan that is held
};

// Parts of such machines.
job::ListedDisk internal_disk();
job::ListedDisk usb_disk();
job::ListedDisk empty_disk();

// Of internal_disk(): sectors that cannot be read, in a file of its second volume.
job::Evaluation failing_drive();

// Of a rescue of internal_disk(), in its first pass: some places failed or are bad.
job::Rescued rescue_under_way();

}  // namespace drydock::tui
