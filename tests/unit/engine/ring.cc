#include "engine/ring.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace drydock::engine {
namespace {

// Squares 0 … items-1 through the ring; checks order and that a slot is never shared.
struct Squares {
  explicit Squares(std::size_t slots) : in(slots), out(slots), owner(slots) {}

  Stages stages(std::uint64_t items) {
    return {.first = [this, items](std::uint64_t item, std::size_t slot) -> Result<bool> {
              if (item == items) return false;
              if (owner[slot].exchange(1) != 0) shared = true;
              in[slot] = item;
              return true;
            },
            .middle = [this](unsigned, std::size_t slot) -> Result<void> {
              if (owner[slot].exchange(2) != 1) shared = true;
              out[slot] = in[slot] * in[slot];
              return {};
            },
            .last = [this](std::uint64_t item, std::size_t slot) -> Result<void> {
              if (owner[slot].exchange(0) != 2) shared = true;
              if (out[slot] != item * item) wrong = true;
              ++done;
              return {};
            }};
  }

  std::vector<std::uint64_t> in, out;
  std::vector<std::atomic<int>> owner;
  std::atomic<bool> shared = false, wrong = false;
  std::uint64_t done = 0;
};

BOOST_AUTO_TEST_SUITE(engine_ring)

BOOST_AUTO_TEST_CASE(every_item_passes_once_and_in_order) {
  const Stop stop;
  for (const unsigned workers : {1U, 2U, 8U})
    for (const std::size_t slots : {1UL, 2UL, 11UL})
      for (const std::uint64_t items : {0UL, 1UL, 10UL, 2000UL}) {
        Squares squares(slots);
        BOOST_TEST(run_ring(slots, workers, squares.stages(items), stop).has_value());
        BOOST_TEST(squares.done == items);
        BOOST_TEST(!squares.wrong);
        BOOST_TEST(!squares.shared);
      }
}

BOOST_AUTO_TEST_CASE(an_error_in_any_stage_ends_it_and_is_the_result) {
  const Stop stop;
  for (const int where : {0, 1, 2}) {
    Squares squares(4);
    Stages stages = squares.stages(100);
    const auto failing = fail(environment_error("stage", std::to_string(where)));
    if (where == 0)
      stages.first = [inner = stages.first, failing](std::uint64_t item,
                                                     std::size_t slot) -> Result<bool> {
        if (item == 10) return failing;
        return inner(item, slot);
      };
    if (where == 1)
      stages.middle = [&squares, inner = stages.middle, failing](unsigned worker,
                                                                 std::size_t slot) -> Result<void> {
        if (squares.in[slot] == 10) return failing;
        return inner(worker, slot);
      };
    if (where == 2)
      stages.last = [inner = stages.last, failing](std::uint64_t item,
                                                   std::size_t slot) -> Result<void> {
        if (item == 10) return failing;
        return inner(item, slot);
      };
    const auto result = run_ring(4, 3, stages, stop);
    BOOST_REQUIRE(!result);
    BOOST_TEST(result.error().what == std::to_string(where));
    BOOST_TEST(squares.done <= 10U);
  }
}

BOOST_AUTO_TEST_CASE(a_stop_request_ends_an_endless_job) {
  Stop stop;
  Squares squares(4);
  Stages stages = squares.stages(~std::uint64_t{0});
  stages.last = [&stop, inner = stages.last](std::uint64_t item, std::size_t slot) {
    if (item == 50) stop.request();
    return inner(item, slot);
  };
  const auto result = run_ring(4, 2, stages, stop);
  BOOST_REQUIRE(!result);
  BOOST_TEST((result.error().code == Code::cancelled));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::engine
