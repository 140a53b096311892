#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "base/error.h"
#include "core/consent.h"
#include "core/person.h"
#include "job/observer.h"
#include "job/plan.h"
#include "job/record.h"

namespace drydock::cli {

// "IMAGER: sentence" on standard error; gives the exit status.
int report_error(const Error& error);

enum class ProgressMode { none, bar, json };

// "bar", "json", "none", or empty: a bar on a terminal, nothing elsewhere. CLI11 has checked it.
ProgressMode progress_mode(const std::string& option, bool terminal);

// An observer that draws or prints. `json` goes to `out`, a bar and the sentences to standard
// error.
std::unique_ptr<job::Observer> make_observer(ProgressMode mode, std::FILE* out);

// The plan as a person reads it.
void print_plan(std::FILE* out, const job::Summary& summary);

// What was done, as sentences, or in json mode as one more event.
void print_report(std::FILE* out, ProgressMode mode, const job::Report& report);

// Keeps what was recorded beside the image, where --report asked for that. That it could not be is
// told, and changes nothing about the job.
void keep_record(const job::Record& record, bool wanted, sys::Machine& machine,
                 const std::string& image, Person* person);

// Shows what will be lost and asks on standard error; reads one line from standard input.
// Not asked where --yes was given.
Result<Consent> consent_to(const job::Summary& summary, bool yes);

}  // namespace drydock::cli
