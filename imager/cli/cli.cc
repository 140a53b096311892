#include "cli/cli.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <print>

#include "cli/verbs.h"
#include "job/version.h"

namespace drydock::cli {
namespace {

constexpr const char* kAbout =
    "Images, verifies and restores disks. A source is never written; a target is overwritten only "
    "after it was named.";
constexpr const char* kStatuses =
    "Exit status: 0 done, 1 the surroundings do not allow it, 2 bad input, 3 a defect of imager,\n"
    "4 cancelled, 5 done, but some areas could not be read.";

}  // namespace

int run(const std::vector<std::string>& arguments, Context& context) {
  CLI::App program(kAbout, "imager");
  program.footer(kStatuses);
  program.require_subcommand(1);
  program.set_version_flag("--version", std::string(job::kToolVersion));
  Chosen chosen;
  add_list(program, context, chosen);
  add_inspect(program, context, chosen);
  add_save(program, context, chosen);
  add_restore(program, context, chosen);
  add_clone(program, context, chosen);
  add_verify(program, context, chosen);
  add_evaluate(program, context, chosen);
  add_rescue(program, context, chosen);
  add_damaged(program, context, chosen);
  program.add_subcommand("menu", "The full-screen menu")->callback([&] { chosen = context.menu; });
  try {
    // CLI11 takes the arguments from the back of the vector.
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    program.parse(reversed);
  } catch (const CLI::ParseError& error) {
    const bool asked_for_help = error.get_exit_code() == 0;
    program.exit(error, std::cout, std::cerr);
    return asked_for_help ? 0 : 2;
  }
  return chosen ? chosen() : 2;
}

}  // namespace drydock::cli
