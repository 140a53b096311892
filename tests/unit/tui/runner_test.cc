// Effects in a thread of their own.
#include "tui/runner.h"

#include <poll.h>

#include <boost/test/unit_test.hpp>

#include "unit/tui/fake_jobs.h"

namespace drydock::tui {
namespace {

// A job that runs until it is asked to stop.
class EndlessJobs : public FakeJobs {
 public:
  Result<job::VerifyReport> verify(const job::VerifyRequest&, job::Observer& observer,
                                   const Stop& stop) override {
    observer.on(job::Began{"verify", 1});
    while (!stop.requested()) std::this_thread::yield();
    return fail(cancelled("stopped on request"));
  }
};

std::vector<Event> wait_for_events(Runner& runner) {
  pollfd one{runner.wake_fd(), POLLIN, 0};
  poll(&one, 1, -1);
  return runner.take();
}

bool has_end(const std::vector<Event>& events) {
  for (const Event& event : events)
    if (std::holds_alternative<JobEnded>(event)) return true;
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tui_runner)

BOOST_AUTO_TEST_CASE(answers_come_back_and_wake_the_loop) {
  FakeJobs jobs;
  Runner runner(jobs);
  runner.start(PollDrives{});
  const auto events = wait_for_events(runner);
  BOOST_REQUIRE(!events.empty());
  BOOST_TEST(std::get<DrivesPolled>(events[0]).drives.size() == 2);
}

BOOST_AUTO_TEST_CASE(a_job_is_stopped_from_outside) {
  EndlessJobs jobs;
  Runner runner(jobs);
  runner.start(RunVerify{"image"});
  bool ended = false;
  while (!ended) {
    ended = has_end(wait_for_events(runner));
    runner.stop();
  }
  runner.drain();
}

BOOST_AUTO_TEST_CASE(its_end_stops_a_job_and_closes_what_is_open) {
  EndlessJobs jobs;
  {
    Runner runner(jobs);
    runner.start(OpenFolder{1, jobs.places[0], {}, ""});
    runner.start(RunVerify{"image"});
    runner.start(Reboot{});  // must not be reached
    while (wait_for_events(runner).empty()) {
    }
  }
  BOOST_TEST(!jobs.called("reboot"));
  BOOST_TEST(jobs.calls.back().starts_with("close"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::tui
