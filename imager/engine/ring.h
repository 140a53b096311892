#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "base/stop.h"

namespace drydock::engine {

// The three stages of a job over items 0, 1, 2 … that share a ring of slots; item n lives in slot
// n mod slots. What an item needs is kept by the stages, by slot: nothing is allocated an item.
struct Stages {
  // In order, one thread. False: there is no such item, the one before was the last.
  std::function<Result<bool>(std::uint64_t item, std::size_t slot)> first;
  // Any order, `workers` threads; `worker` tells which, for contexts that are not shared.
  std::function<Result<void>(unsigned worker, std::size_t slot)> middle;
  // In order, in the thread that called run_ring.
  std::function<Result<void>(std::uint64_t item, std::size_t slot)> last;
};

// Runs the stages until the last item is through. The ring is bound, back-pressure and order in
// one: a slot is filled again only when its item has left the last stage. The first error wins
// and ends the others; a stop request ends with Code::cancelled. All threads have ended when it
// returns.
Result<void> run_ring(std::size_t slots, unsigned workers, const Stages& stages, const Stop& stop);

}  // namespace drydock::engine
