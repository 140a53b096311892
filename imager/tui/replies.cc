#include "tui/replies.h"

#include <algorithm>
#include <format>

#include "tui/choices.h"
#include "tui/job_words.h"
#include "tui/navigation.h"

namespace drydock::tui {
namespace {

void note(Model& model, std::string text) {
  model.log.add(model.clock, std::move(text));
}

void fail_step(Model& model, const Error& error) {
  model.flow().problem = error;
  note(model, error.sentence());
}

void ask_about_key(Model& model, const std::string& key) {
  model.flow().offered_key = key;
  go(model, PageId::server_key);
}

// Does a new look at the drives pay? Read-only flags change with every job and say nothing.
bool same_drives(const std::vector<Disk>& a, const std::vector<Disk>& b) {
  return std::ranges::equal(a, b, [](const Disk& x, const Disk& y) {
    return x.path == y.path && x.id == y.id && x.geometry == y.geometry &&
           x.medium_present == y.medium_present;
  });
}

// Sentences about drives that appeared and went.
void note_changes(Model& model, const std::vector<Disk>& before, const std::vector<Disk>& after) {
  const auto missing = [&model](const std::vector<Disk>& from, const std::vector<Disk>& in,
                                std::string_view what) {
    for (const Disk& disk : from)
      if (!std::ranges::contains(in, disk.path, &Disk::path))
        note(model, std::format("{} {} ({})", disk.path, what, disk.id.model));
  };
  missing(before, after, "is gone");
  missing(after, before, "was found");
}

}  // namespace

Effects reply(Model& model, const WritableNow& event) {
  model.writable = event.devices;
  return {};
}

Effects reply(Model& model, const DrivesPolled& event) {
  model.polling = false;
  if (same_drives(model.drives.polled, event.drives)) return {};
  note_changes(model, model.drives.polled, event.drives);
  model.drives.polled = event.drives;
  // begin() has asked for the first list already.
  if (model.drives.asked) return {};
  model.drives.asked = true;
  return {ListDrives{}};
}

Effects reply(Model& model, const DrivesListed& event) {
  model.drives.asked = false;
  if (!event.drives) {
    model.drives.problem = event.drives.error();
    note(model, event.drives.error().sentence());
    return {};
  }
  const std::string marked = marked_drive(model);
  model.drives.problem.reset();
  model.drives.listed = event.drives->disks;
  model.drives.advice = event.drives->advice;
  mark_drive(model, marked);
  return {};
}

Effects reply(Model& model, const DestinationsFound& event) {
  if (!answered(model, event.ticket)) return {};
  if (!event.destinations) {
    fail_step(model, event.destinations.error());
    return {};
  }
  Flow& flow = model.flow();
  const std::string device = flow.destination ? flow.destination->device : "";
  flow.destinations = *event.destinations;
  // What suits comes first, each kind in the order of the drives.
  std::ranges::stable_partition(*flow.destinations, [&model](const job::Destination& place) {
    return place_refusal(model, place).empty();
  });
  flow.place.row = first_place(model, device);
  return {};
}

// Unless the person has chosen a name: that of an unfinished image of the same disk, to go on with
// it, or one that is not taken.
void name_image(Model& model) {
  Flow& flow = model.flow();
  const std::string begun = unfinished_name(identity_of(model, flow.source), *flow.entries);
  if (flow.name.text() == flow.proposed && !begun.empty())
    flow.name.set(begun);
  else if (unfinished(flow.name.text(), *flow.entries) == nullptr)
    flow.name.set(unused_name(flow.name.text(), *flow.entries));
}

// A copy that has its map beside it is gone on with; another file's name is not taken.
void name_copy(Model& model) {
  Flow& flow = model.flow();
  if (!rescue_begun(flow.name.text(), *flow.entries))
    flow.name.set(unused_name(flow.name.text(), *flow.entries));
}

Effects reply(Model& model, const FolderOpened& event) {
  Flow& flow = model.flow();
  // Ticket 0: nobody waits; the destination was only opened again.
  const bool waited = answered(model, event.ticket);
  if (!waited && event.ticket != 0) return {};
  if (!event.folder) {
    fail_step(model, event.folder.error());
    return {};
  }
  if (!event.folder->unknown_key.empty()) {
    if (waited) ask_about_key(model, event.folder->unknown_key);
    return {};
  }
  flow.mount = event.folder->mount;
  flow.entries = event.folder->entries;
  if (!waited) return {};
  flow.folder = flow.wanted;
  flow.entry.row = first_entry(model);
  if (model.step() != PageId::destination && model.step() != PageId::server) return {};
  if (model.verb == Verb::save) name_image(model);
  if (model.verb == Verb::rescue) name_copy(model);
  go(model, writes(model.verb) ? PageId::name : PageId::image);
  return {};
}

// The name of a file that was kept for the flow of `verb`; nothing when there is none, or another
// question comes first. The person may be elsewhere by now.
std::optional<std::string> kept_file(Model& model, Verb verb, unsigned ticket,
                                     const Result<KeptFile>& file) {
  const bool waited = answered(model, ticket);
  if (!file) {
    note(model, file.error().sentence());
    if (waited) model.flow().problem = file.error();
    return std::nullopt;
  }
  if (!file->unknown_key.empty()) {
    if (waited) ask_about_key(model, file->unknown_key);
    return std::nullopt;
  }
  const auto& place = model.flows[static_cast<std::size_t>(verb)].destination;
  std::string where = std::format("{} as {}", place ? place->device : "", file->name);
  if (!waited) {
    note(model, "Saved on " + where);
    return std::nullopt;
  }
  model.flow() = Flow{};
  return where;
}

Effects reply(Model& model, const LogKept& event) {
  const auto where = kept_file(model, Verb::keep_log, event.ticket, event.file);
  if (!where) return {};
  note(model, "The log was saved on " + *where);
  model.trail = {PageId::home, PageId::log};
  return {};
}

Effects reply(Model& model, const ReportKept& event) {
  const auto where = kept_file(model, Verb::keep_report, event.ticket, event.file);
  if (!where) return {};
  note(model, "The report was saved on " + *where);
  to_evaluation(model);
  model.flow().kept = *where;
  return {};
}

Effects reply(Model& model, const NetworkTold& event) {
  model.network = event.network;
  return {};
}

Effects reply(Model& model, const AddressChosen& event) {
  if (!answered(model, event.ticket)) return {};
  if (!event.done)
    fail_step(model, event.done.error());
  else if (model.step() == PageId::address)
    return back(model);
  return {};
}

Effects reply(Model& model, const KeyboardsTold& event) {
  model.keyboards = event.layouts;
  return {};
}

Effects reply(Model& model, const KeyboardChosen& event) {
  const bool waited = answered(model, event.ticket);
  if (!event.done) {
    fail_step(model, event.done.error());
    return {};
  }
  note(model, "The keyboard layout is now " + event.name);
  return waited && model.step() == PageId::keyboard ? back(model) : Effects{};
}

Effects reply(Model& model, const NameProposed& event) {
  Flow& flow = model.flow();
  if (event.ticket != flow.name_ticket) return {};
  flow.name.set(event.name);
  flow.proposed = event.name;
  return {};
}

Effects reply(Model& model, const ImageInspected& event) {
  if (!answered(model, event.ticket)) return {};
  if (!event.image) {
    fail_step(model, event.image.error());
    return {};
  }
  model.flow().inspection = *event.image;
  model.flow().drive.row = -1;  // nothing is marked for overwriting
  go(model, PageId::target);
  return {};
}

Effects reply(Model& model, const Planned& event) {
  // Nobody waits any more: what the plan holds open is let go.
  if (!answered(model, event.ticket)) return {DropPlan{}};
  if (!event.summary) {
    fail_step(model, event.summary.error());
    return {};
  }
  Flow& flow = model.flow();
  flow.summary = *event.summary;
  flow.answer.set({});
  flow.scroll = 0;
  go(model, PageId::summary);
  return {};
}

Effects reply(Model& model, const JobTold& event) {
  Run& run = model.flow().run;
  run.heard = model.now;
  for (std::string& sentence : take_in(run, event.event)) note(model, std::move(sentence));
  return {};
}

Effects reply(Model& model, const JobEnded& event) {
  Flow& flow = model.flow();
  model.running = false;
  model.overlay = Overlay::none;
  model.drives.asked = true;  // a new list comes with the end of every job
  flow.ending = event.ending;
  flow.scroll = 0;
  for (std::string& sentence : ending_words(model.verb, event.ending))
    note(model, std::move(sentence));
  model.trail = {PageId::home, PageId::done};
  return {};
}

Effects reply(Model& model, const Trouble& event) {
  fail_step(model, event.error);
  return {};
}

}  // namespace drydock::tui
