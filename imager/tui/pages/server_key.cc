#include <format>

#include "base/text.h"
#include "tui/navigation.h"
#include "tui/pages/pages.h"
#include "tui/pages/parts.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

std::string title(const Model&) {
  return "Is this the right server?";
}

// Enter alone does not do: a key that nobody looked at is no key.
Effects press(Model& model, const Key& key) {
  if (key.letter('n')) return back(model);
  if (!key.letter('y')) return {};
  model.flow().accepted_key = model.flow().offered_key;
  back(model);
  return open_wanted(model);
}

Element view(const Model& model, const Look& look) {
  const Flow& flow = model.flow();
  const std::string server = flow.destination ? flow.destination->url->server() : "";
  Elements out =
      lines(std::format("{} is not known yet. The key that it shows is", server), look.columns);
  out.push_back(text(""));
  append(out, lines("  " + printable(flow.offered_key), look.columns));
  out.push_back(text(""));
  append(out, lines("Compare it with what the server itself shows (there: ssh-keygen -l -f "
                    "/etc/ssh/ssh_host_ed25519_key.pub). Another key means another computer, which "
                    "would get your password and your image.",
                    look.columns));
  append(out, state_lines(model, look));
  return vbox(std::move(out));
}

std::vector<Hint> hints(const Model&) {
  return {{"Y", "It is the same"}, {"N", "It is not"}};
}

}  // namespace

const Page kServerKeyPage{title, press, view, hints, never_typing};

}  // namespace drydock::tui
