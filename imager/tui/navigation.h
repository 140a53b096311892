#pragma once

#include <string>

#include "tui/effect.h"
#include "tui/model.h"

namespace drydock::tui {

// One step forward.
void go(Model& model, PageId page);

// One step back, as Esc does. What was entered stays; what was opened for the step is closed.
Effects back(Model& model);

// Opens the destination of the flow with the folder that is wanted in it; or the log is put there,
// where that is what it is for.
Effects open_wanted(Model& model);

// To what an evaluation found, from the flow that keeps its report.
void to_evaluation(Model& model);

// A request whose answer the person waits for; the ticket to put into its effect.
unsigned wait_for(Model& model, std::string what);

// True when `ticket` is of the request that is being waited for; the waiting is over then.
bool answered(Model& model, unsigned ticket);

// The person turned away from what they were waiting for: its answer will be stale.
Effects stop_waiting(Model& model);

// A job begins: `effect` runs it. To the page that shows its progress.
Effects start_job(Model& model, Effect effect);

// To the home page, for good: the flow starts afresh the next time.
Effects leave_flow(Model& model);

}  // namespace drydock::tui
