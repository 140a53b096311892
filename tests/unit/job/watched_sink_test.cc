#include "job/watched_sink.h"

#include <boost/test/unit_test.hpp>

namespace drydock::job {
namespace {

// Takes its time over every append that begins with a 1.
class SlowSink : public io::ByteSink {
 public:
  std::string name() const override { return "nas/x.part"; }
  Result<void> append(Bytes bytes) override {
    if (bytes[0] == std::byte{1}) std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return {};
  }
  Result<void> finish() override { return fail(environment_error(name(), "is gone")); }
};

class Notices : public Observer {
 public:
  void on(const Event& event) override { texts.push_back(std::get<Notice>(event).text); }
  std::vector<std::string> texts;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(job_watched_sink)

BOOST_AUTO_TEST_CASE(a_destination_that_stalls_is_told_of_once) {
  Notices notices;
  WatchedSink sink(std::make_unique<SlowSink>(), notices, std::chrono::milliseconds(50));
  const std::vector<std::byte> quick(1), slow(1, std::byte{1});
  BOOST_TEST(sink.append(quick).has_value());
  BOOST_TEST(notices.texts.empty());
  BOOST_TEST(sink.append(slow).has_value());
  BOOST_REQUIRE_EQUAL(notices.texts.size(), 2u);
  BOOST_TEST(notices.texts[0].starts_with("nas/x.part has taken nothing for"));
  BOOST_TEST(notices.texts[1].starts_with("The destination answers again"));
  BOOST_TEST(sink.append(slow).has_value());
  BOOST_TEST(notices.texts.size() == 4u);
}

BOOST_AUTO_TEST_CASE(errors_pass_through) {
  Notices notices;
  WatchedSink sink(std::make_unique<SlowSink>(), notices);
  BOOST_TEST(sink.name() == "nas/x.part");
  BOOST_TEST(sink.finish().error().what == "is gone");
  BOOST_TEST(notices.texts.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::job
