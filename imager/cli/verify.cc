#include "job/verify.h"

#include <CLI/CLI.hpp>
#include <format>
#include <print>

#include "cli/json.h"
#include "cli/output.h"
#include "cli/terminal_person.h"
#include "cli/verbs.h"

namespace drydock::cli {
namespace {

struct VerifyOptions {
  job::VerifyRequest request;
  std::string progress;
  TerminalPerson person;
  bool report = false;
};

std::string damage_line(const job::Damage& damage) {
  std::string line = damage.what;
  if (damage.disk.length != 0)
    line += std::format("; bytes {} to {} of the disk are hurt, in {}", damage.disk.offset,
                        damage.disk.end(), damage.volume);
  if (damage.image.length != 0)
    line += std::format(" (bytes {} to {} of the image)", damage.image.offset, damage.image.end());
  return line;
}

int verify(Context& context, VerifyOptions options) {
  options.request.person = &options.person;
  const ProgressMode mode = progress_mode(options.progress, context.terminal);
  const auto observer = make_observer(mode, stdout);
  job::Record record("verify", *observer);
  const auto found = job::verify(context.machine, options.request, record, context.stop);
  if (found)
    for (const job::Damage& damage : found->damage) record.add("Damage: " + damage_line(damage));
  record.ended(found.transform([](const job::VerifyReport& whole) { return whole.report; }));
  const int failure = found ? 0 : report_error(found.error());
  keep_record(record, options.report, context.machine, options.request.image, &options.person);
  if (!found) return failure;
  if (mode == ProgressMode::json) {
    std::println("{}", json_of(*found));
  } else {
    for (const job::Damage& damage : found->damage)
      std::println(stderr, "imager: {}: {}.", options.request.image, damage_line(damage));
    print_report(stdout, mode, found->report);
  }
  return found->damage.empty() ? 0 : 2;
}

}  // namespace

void add_verify(CLI::App& program, Context& context, Chosen& chosen) {
  CLI::App* verb = program.add_subcommand("verify", "Read all of an image and prove it whole");
  auto options = std::make_shared<VerifyOptions>();
  verb->add_option("IMAGE", options->request.image,
                   "The image, a file or smb://…, nfs://…, ssh://…, volume://…")
      ->required();
  options->person.add_option(*verb);
  verb->add_flag("--report", options->report,
                 "Write down beside the image what was done and how it ended");
  verb->add_option("--threads", options->request.threads,
                   "Threads that decompress; as many as processors")
      ->check(CLI::Range(1, 256));
  verb->add_option("--progress", options->progress, "bar, json or none")
      ->check(CLI::IsMember({"bar", "json", "none"}));
  verb->callback([&context, &chosen, options] {
    chosen = [&context, options] { return verify(context, *options); };
  });
}

}  // namespace drydock::cli
