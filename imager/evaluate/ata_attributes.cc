#include "evaluate/ata_attributes.h"

#include <charconv>

namespace drydock::evaluate {
namespace {

Attribute attribute_of(JsonNode row) {
  const auto small = [&](const char* key) {
    return static_cast<unsigned>(row[key].number().value_or(0));
  };
  return {.id = small("id"),
          .name = row["name"].text(),
          .value = small("value"),
          .worst = small("worst"),
          .threshold = small("thresh"),
          .raw = row["raw"]["string"].text(),
          .prefailure = row["flags"]["prefailure"].flag().value_or(false),
          .failed = row["when_failed"].text()};
}

}  // namespace

AtaAttributes::AtaAttributes(JsonNode report) {
  for (const JsonNode& row : report["ata_smart_attributes"]["table"].items()) {
    attributes_.push_back(attribute_of(row));
    raws_.push_back(row["raw"]["value"].number().value_or(0));
  }
}

const Attribute* AtaAttributes::find(unsigned id, std::string_view part) const {
  for (const Attribute& attribute : attributes_)
    if (attribute.id == id && attribute.name.contains(part)) return &attribute;
  return nullptr;
}

std::optional<std::uint64_t> AtaAttributes::counted(unsigned id, std::string_view part) const {
  const Attribute* attribute = find(id, part);
  if (attribute == nullptr) return std::nullopt;
  const std::string& raw = attribute->raw;
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  if (failed != std::errc()) return std::nullopt;
  if (end != raw.data() + raw.size() && *end != ' ') return std::nullopt;  // "0x12", "3h+20m"
  return value;
}

std::optional<std::uint64_t> AtaAttributes::low_word(unsigned id, std::string_view part) const {
  const Attribute* attribute = find(id, part);
  if (attribute == nullptr) return std::nullopt;
  return raws_[static_cast<std::size_t>(attribute - attributes_.data())] & 0xffff;
}

std::optional<std::uint64_t> device_statistic(JsonNode report, std::string_view name) {
  for (const JsonNode& page : report["ata_device_statistics"]["pages"].items())
    for (const JsonNode& row : page["table"].items())
      if (row["name"].text() == name && row["flags"]["valid"].flag() == true)
        return row["value"].number();
  return std::nullopt;
}

}  // namespace drydock::evaluate
