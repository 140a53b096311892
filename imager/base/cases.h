#pragma once

namespace drydock {

// One callable out of several, for std::visit: Cases{[](const A&) {…}, [](const B&) {…}}.
template <class... Ts>
struct Cases : Ts... {
  using Ts::operator()...;
};

}  // namespace drydock
