#include "job/save.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/units.h"
#include "cli/output.h"
#include "cli/terminal_person.h"
#include "cli/verbs.h"

namespace drydock::cli {
namespace {

struct SaveOptions {
  job::SaveRequest request;
  std::string progress;
  TerminalPerson person;
  std::vector<std::string> force;
  std::string split;
  bool report = false;
};

Result<job::Report> plan_and_run(Context& context, const job::SaveRequest& request,
                                 ProgressMode mode, std::FILE* out, job::Record& record) {
  auto report = [&]() -> Result<job::Report> {
    auto plan = TRY(job::plan_save(context.machine, request));
    record.planned(plan.summary());
    if (mode != ProgressMode::json) print_plan(out, plan.summary());
    return job::run(std::move(plan), record, context.stop);
  }();
  record.ended(report);
  return report;
}

int save(Context& context, SaveOptions options) {
  // Standard output may be the image; then nothing else goes there.
  std::FILE* out = options.request.image == "-" ? stderr : stdout;
  const ProgressMode mode = progress_mode(options.progress, context.terminal);
  options.request.person = &options.person;
  options.request.replace_part = std::ranges::contains(options.force, "part");
  if (!options.split.empty()) {
    const auto pieces = parse_bytes(options.split);
    if (!pieces || *pieces == 0)
      return report_error(bad_input("--split", options.split + " is not a size",
                                    "Sizes are numbers with K, M, G or T: 4000M"));
    options.request.split = *pieces;
  }
  const auto observer = make_observer(mode, out);
  job::Record record("save", *observer);
  const auto report = plan_and_run(context, options.request, mode, out, record);
  const int failure = report ? 0 : report_error(report.error());
  keep_record(record, options.report, context.machine, options.request.image, &options.person);
  if (!report) return failure;
  print_report(out, mode, *report);
  return report->exit_status();
}

}  // namespace

void add_save(CLI::App& program, Context& context, Chosen& chosen) {
  CLI::App* verb = program.add_subcommand("save", "Save a disk as an image");
  auto options = std::make_shared<SaveOptions>();
  job::SaveRequest& request = options->request;
  verb->add_option("SOURCE", request.source, "A disk, a partition or a file")->required();
  verb->add_option(
          "IMAGE", request.image,
          "The file to make, smb://…, nfs://…, ssh://… or volume://…; - is standard output")
      ->required();
  verb->add_option("--level", request.level, "zstd level, 1 (fast) to 19 (small)")
      ->check(CLI::Range(1, 19));
  verb->add_option("--threads", request.threads, "Threads that compress; as many as processors")
      ->check(CLI::Range(1, 256));
  verb->add_flag("--all", request.all, "Keep every block, also what filesystems call free");
  verb->add_option("--map", request.map,
                   "The map of the rescue that made SOURCE: what it lacks is noted as unreadable");
  verb->add_option("--note", request.note, "Text to keep in the image");
  verb->add_flag("--verify", request.verify, "Read the finished image back");
  verb->add_option("--progress", options->progress, "bar, json or none")
      ->check(CLI::IsMember({"bar", "json", "none"}));
  options->person.add_option(*verb);
  verb->add_flag("--report", options->report,
                 "Write down beside the image what was done and how it ended");
  verb->add_option("--split", options->split,
                   "Cut the image into IMAGE.000, IMAGE.001 ... of this size, such as 4000M");
  CLI::Option* resume = verb->add_flag("--resume", request.resume,
                                       "Go on with the unfinished IMAGE.part of an earlier run");
  verb->add_option("--force", options->force,
                   "Drop one check. part: overwrite an unfinished IMAGE.part of an earlier run")
      ->check(CLI::IsMember({"part"}))
      ->excludes(resume);
  verb->callback([&context, &chosen, options] {
    chosen = [&context, options] { return save(context, *options); };
  });
}

}  // namespace drydock::cli
