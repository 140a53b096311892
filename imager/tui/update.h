#pragma once

#include "tui/effect.h"
#include "tui/event.h"
#include "tui/model.h"

namespace drydock::tui {

// What the menu asks for when it starts.
Effects begin(Model& model);

// One event: changes the model and says what is to be done. Model::now and ::clock are the time of
// the event. Pure: the same model and event give the same result.
Effects update(Model& model, const Event& event);

}  // namespace drydock::tui
