#include "tui/flow.h"

namespace drydock::tui {

Answers answers_of(const Flow& flow) {
  return {flow.server_password.text(), flow.accepted_key};
}

std::string folder_text(const std::vector<std::string>& folder) {
  std::string text;
  for (const std::string& part : folder) text += (text.empty() ? "" : "/") + part;
  return text;
}

}  // namespace drydock::tui
