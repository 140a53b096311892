#include "tui/navigation.h"

#include "tui/choices.h"

namespace drydock::tui {
namespace {

// What was opened to plan a save or a rescue is given back: the destination is read-only again.
Effects reopen(Model& model) {
  const Flow& flow = model.flow();
  if (!flow.destination) return {DropPlan{}};
  return {DropPlan{}, OpenFolder{0, *flow.destination, answers_of(flow), folder_text(flow.folder)}};
}

}  // namespace

void go(Model& model, PageId page) {
  model.flow().problem.reset();
  if (model.page() == PageId::log) model.trail.pop_back();
  model.trail.push_back(page);
}

Effects back(Model& model) {
  if (model.page() == PageId::log) {
    model.trail.pop_back();
    return {};
  }
  if (model.waiting && model.page() != PageId::destination) return stop_waiting(model);
  const PageId left = model.page();
  if (model.trail.size() > 1) model.trail.pop_back();
  model.waiting.reset();
  model.flow().problem.reset();
  switch (left) {
    case PageId::summary:
      model.flow().summary.reset();
      if (writes(model.verb)) return reopen(model);
      return {DropPlan{}};
    case PageId::target:
      if (model.verb == Verb::clone) mark_drive(model, model.flow().source);
      return {};
    case PageId::destination:
      if (model.verb == Verb::keep_report) to_evaluation(model);
      return {CloseDestination{}};
    case PageId::name:
    case PageId::image:
    case PageId::server:
      return {CloseDestination{}};
    case PageId::done:
      return leave_flow(model);
    default:
      return {};
  }
}

void to_evaluation(Model& model) {
  model.verb = Verb::evaluate;
  model.trail = {PageId::home, PageId::done};
}

Effects open_wanted(Model& model) {
  Flow& flow = model.flow();
  const unsigned ticket = wait_for(model, "Opening " + flow.destination->device);
  if (model.verb == Verb::keep_log)
    return {KeepLog{ticket, *flow.destination, answers_of(flow), model.log.text()}};
  if (model.verb == Verb::keep_report)
    return {KeepReport{ticket, *flow.destination, answers_of(flow), *evaluation_of(model)}};
  return {OpenFolder{ticket, *flow.destination, answers_of(flow), folder_text(flow.wanted)}};
}

unsigned wait_for(Model& model, std::string what) {
  model.flow().problem.reset();
  model.waiting = Waiting{++model.tickets, std::move(what), model.now};
  return model.tickets;
}

bool answered(Model& model, unsigned ticket) {
  if (!model.waiting || model.waiting->ticket != ticket) return false;
  model.waiting.reset();
  return true;
}

Effects stop_waiting(Model& model) {
  model.waiting.reset();
  if (model.step() == PageId::name) return reopen(model);
  if (model.step() == PageId::target) return {DropPlan{}};
  return {};
}

Effects start_job(Model& model, Effect effect) {
  Run run;
  run.started = run.heard = model.now;
  model.flow().run = std::move(run);
  model.running = true;
  go(model, PageId::progress);
  return {std::move(effect)};
}

Effects leave_flow(Model& model) {
  model.flow() = Flow{};
  model.trail = {PageId::home};
  model.waiting.reset();
  return {CloseDestination{}};
}

}  // namespace drydock::tui
