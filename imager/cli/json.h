#pragma once

#include <string>
#include <vector>

#include "job/inspect.h"
#include "job/observer.h"
#include "job/plan.h"
#include "job/verify.h"

namespace drydock::cli {

// What --json and --progress json print. Sizes and offsets are in bytes; keys are documented in
// docs/manual/json.md.
std::string json_of(const job::Listing& listing);        // many lines
std::string json_of(const job::Inspection& inspection);  // many lines
std::string json_of(const job::Event& event);            // one line
std::string json_of(const job::Report& report);          // one line
std::string json_of(const job::VerifyReport& report);    // one line

}  // namespace drydock::cli
