#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace drydock::disk {

// What a partition's type means, in words for a person. Empty when it is not a common one.
std::string gpt_type_name(std::string_view guid);  // lower case
std::string mbr_type_name(std::uint8_t type);
std::string bsd_type_name(std::uint8_t type);      // p_fstype of a disklabel
std::string apm_type_name(std::string_view type);  // "Apple_HFS"

}  // namespace drydock::disk
