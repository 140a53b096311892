#pragma once

#include "tui/effect.h"
#include "tui/event.h"
#include "tui/model.h"

namespace drydock::tui {

// Answers to effects, one function an event.
Effects reply(Model& model, const WritableNow& event);
Effects reply(Model& model, const DrivesPolled& event);
Effects reply(Model& model, const DrivesListed& event);
Effects reply(Model& model, const DestinationsFound& event);
Effects reply(Model& model, const FolderOpened& event);
Effects reply(Model& model, const LogKept& event);
Effects reply(Model& model, const ReportKept& event);
Effects reply(Model& model, const NetworkTold& event);
Effects reply(Model& model, const AddressChosen& event);
Effects reply(Model& model, const KeyboardsTold& event);
Effects reply(Model& model, const KeyboardChosen& event);
Effects reply(Model& model, const NameProposed& event);
Effects reply(Model& model, const ImageInspected& event);
Effects reply(Model& model, const Planned& event);
Effects reply(Model& model, const JobTold& event);
Effects reply(Model& model, const JobEnded& event);
Effects reply(Model& model, const Trouble& event);

}  // namespace drydock::tui
