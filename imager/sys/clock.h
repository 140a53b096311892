#pragma once

#include <string>

namespace drydock::sys {

// What Machine::time_of promises. SOURCE_DATE_EPOCH in the environment takes the clock's place, as
// for every program that makes files.
std::string time_of(const std::string& source);

}  // namespace drydock::sys
