#include "evaluate/json_node.h"

#include "base/text.h"

namespace drydock::evaluate {

JsonNode JsonNode::operator[](const char* key) const {
  if (json_ == nullptr || !json_->is_object()) return {};
  const auto found = json_->find(key);
  return found == json_->end() ? JsonNode() : JsonNode(*found);
}

std::optional<std::uint64_t> JsonNode::number() const {
  constexpr double kLargest = 9.2e18;
  if (json_ == nullptr) return std::nullopt;
  if (json_->is_number_unsigned()) return json_->get<std::uint64_t>();
  if (!json_->is_number_float()) return std::nullopt;
  const double value = json_->get<double>();
  if (!(value >= 0) || value > kLargest) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

std::optional<bool> JsonNode::flag() const {
  if (json_ == nullptr || !json_->is_boolean()) return std::nullopt;
  return json_->get<bool>();
}

std::string JsonNode::text() const {
  if (json_ == nullptr || !json_->is_string()) return {};
  return printable(json_->get_ref<const std::string&>());
}

std::vector<JsonNode> JsonNode::items() const {
  std::vector<JsonNode> items;
  if (json_ != nullptr && json_->is_array())
    for (const nlohmann::json& item : *json_) items.push_back(JsonNode(item));
  return items;
}

}  // namespace drydock::evaluate
