#pragma once

#include <functional>

#include "cli/cli.h"

namespace CLI {
class App;
}

namespace drydock::cli {

// Each adds its sub-command to the program; when that was chosen, `chosen` becomes the function
// that runs it and gives the exit status.
using Chosen = std::function<int()>;

void add_list(CLI::App& program, Context& context, Chosen& chosen);
void add_inspect(CLI::App& program, Context& context, Chosen& chosen);
void add_save(CLI::App& program, Context& context, Chosen& chosen);
void add_restore(CLI::App& program, Context& context, Chosen& chosen);
void add_clone(CLI::App& program, Context& context, Chosen& chosen);
void add_verify(CLI::App& program, Context& context, Chosen& chosen);
void add_evaluate(CLI::App& program, Context& context, Chosen& chosen);
void add_rescue(CLI::App& program, Context& context, Chosen& chosen);
void add_damaged(CLI::App& program, Context& context, Chosen& chosen);

}  // namespace drydock::cli
