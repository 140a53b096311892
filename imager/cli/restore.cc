#include "job/restore.h"

#include <CLI/CLI.hpp>

#include "cli/output.h"
#include "cli/terminal_person.h"
#include "cli/verbs.h"

namespace drydock::cli {
namespace {

struct RestoreOptions {
  job::RestoreRequest request;
  bool yes = false;
  std::string progress;
  TerminalPerson person;
  bool report = false;
};

Result<job::Report> plan_and_run(Context& context, const RestoreOptions& options, ProgressMode mode,
                                 job::Record& record) {
  auto report = [&]() -> Result<job::Report> {
    auto plan = TRY(job::plan_restore(context.machine, options.request));
    record.planned(plan.summary());
    if (mode != ProgressMode::json) print_plan(stdout, plan.summary());
    const Consent consent = TRY(consent_to(plan.summary(), options.yes));
    return job::run(std::move(plan), consent, record, context.stop);
  }();
  record.ended(report);
  return report;
}

int restore(Context& context, RestoreOptions options) {
  options.request.person = &options.person;
  const ProgressMode mode = progress_mode(options.progress, context.terminal);
  const auto observer = make_observer(mode, stdout);
  job::Record record("restore", *observer);
  const auto report = plan_and_run(context, options, mode, record);
  const int failure = report ? 0 : report_error(report.error());
  keep_record(record, options.report, context.machine, options.request.image, &options.person);
  if (!report) return failure;
  print_report(stdout, mode, *report);
  // What was unreadable at the save is the image's as it was meant to be.
  return report->lost.empty() ? 0 : report->exit_status();
}

}  // namespace

void add_restore(CLI::App& program, Context& context, Chosen& chosen) {
  CLI::App* verb = program.add_subcommand("restore", "Write an image back to a disk or a file");
  auto options = std::make_shared<RestoreOptions>();
  job::RestoreRequest& request = options->request;
  verb->add_option("IMAGE", request.image,
                   "The image, a file or smb://…, nfs://…, ssh://…, volume://…")
      ->required();
  verb->add_option("TARGET", request.target, "A disk, a partition or a file")->required();
  options->person.add_option(*verb);
  verb->add_flag("--report", options->report,
                 "Write down beside the image what was done and how it ended");
  verb->add_flag("--yes", options->yes, "Overwrite the target without asking");
  verb->add_flag("--verify", request.verify, "Read the target back afterwards");
  verb->add_flag("--salvage", request.salvage,
                 "Take what is left of a damaged or unfinished image; what is lost becomes zeros");
  verb->add_option("--threads", request.threads, "Threads that decompress; as many as processors")
      ->check(CLI::Range(1, 256));
  verb->add_option("--progress", options->progress, "bar, json or none")
      ->check(CLI::IsMember({"bar", "json", "none"}));
  verb->callback([&context, &chosen, options] {
    chosen = [&context, options] { return restore(context, *options); };
  });
}

}  // namespace drydock::cli
