#include "job/clone.h"

#include <CLI/CLI.hpp>

#include "cli/output.h"
#include "cli/verbs.h"

namespace drydock::cli {
namespace {

struct CloneOptions {
  job::CloneRequest request;
  bool yes = false;
  std::string progress;
};

Result<job::Report> plan_and_run(Context& context, const CloneOptions& options, ProgressMode mode) {
  auto plan = TRY(job::plan_clone(context.machine, options.request));
  if (mode != ProgressMode::json) print_plan(stdout, plan.summary());
  const Consent consent = TRY(consent_to(plan.summary(), options.yes));
  const auto observer = make_observer(mode, stdout);
  return job::run(std::move(plan), consent, *observer, context.stop);
}

int clone(Context& context, const CloneOptions& options) {
  const ProgressMode mode = progress_mode(options.progress, context.terminal);
  const auto report = plan_and_run(context, options, mode);
  if (!report) return report_error(report.error());
  print_report(stdout, mode, *report);
  return report->exit_status();
}

}  // namespace

void add_clone(CLI::App& program, Context& context, Chosen& chosen) {
  CLI::App* verb =
      program.add_subcommand("clone", "Copy what is in use on a disk straight to another one");
  auto options = std::make_shared<CloneOptions>();
  job::CloneRequest& request = options->request;
  verb->add_option("SOURCE", request.source, "A disk, a partition or a file; it is only read")
      ->required();
  verb->add_option("TARGET", request.target, "Another disk, partition or file")->required();
  verb->add_flag("--all", request.all, "Copy every block, in use or not");
  verb->add_flag("--yes", options->yes, "Overwrite the target without asking");
  verb->add_flag("--verify", request.verify, "Read the target back afterwards");
  verb->add_option("--threads", request.threads,
                   "Threads that compute digests; as many as processors")
      ->check(CLI::Range(1, 256));
  verb->add_option("--progress", options->progress, "bar, json or none")
      ->check(CLI::IsMember({"bar", "json", "none"}));
  verb->callback([&context, &chosen, options] {
    chosen = [&context, options] { return clone(context, *options); };
  });
}

}  // namespace drydock::cli
