#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace drydock::evaluate {

// A place in a JSON document that may be missing or of another kind than expected: everything is
// asked for, nothing is assumed. The document must outlive it.
class JsonNode {
 public:
  explicit JsonNode(const nlohmann::json& json) : json_(&json) {}

  bool exists() const { return json_ != nullptr; }
  JsonNode operator[](const char* key) const;
  // An integer that is not negative; a floating number is cut.
  std::optional<std::uint64_t> number() const;
  std::optional<bool> flag() const;
  // Safe to show; what is no string is empty.
  std::string text() const;
  // The elements of an array.
  std::vector<JsonNode> items() const;

 private:
  JsonNode() = default;

  const nlohmann::json* json_ = nullptr;
};

}  // namespace drydock::evaluate
