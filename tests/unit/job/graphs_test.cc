#include <boost/test/unit_test.hpp>

#include "job/svg_graph.h"
#include "job/text_graph.h"

namespace drydock::job {
namespace {

using Lines = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(job_graphs)

BOOST_AUTO_TEST_CASE(text_graphs_scale_to_their_largest_value) {
  BOOST_CHECK((text_graph({1, 2, 4}, Shown::least, 3, 4) == Lines{"  #", "  #", " ##", "###"}));
  BOOST_CHECK((text_graph({4, 4}, Shown::least, 4, 2) == Lines{"####", "####"}));
  BOOST_CHECK((text_graph({9, 1, 9, 1}, Shown::least, 2, 1) ==
               Lines{"##"}));  // the least of a column, still seen
  BOOST_CHECK((text_graph({2, 1, 9, 9, -1, 3}, Shown::most, 3, 9).back() == "###"));
  BOOST_CHECK((text_graph({0, 9, 1, 1}, Shown::most, 2, 3) == Lines{"# ", "# ", "##"}));
  BOOST_CHECK((text_graph({4, -1, 4}, Shown::least, 3, 1) == Lines{"# #"}));
  BOOST_CHECK((text_graph({8, 0}, Shown::least, 2, 2) == Lines{"# ", "##"}));
}

BOOST_AUTO_TEST_CASE(what_is_not_known_has_no_graph) {
  BOOST_TEST(text_graph({}, Shown::least, 10, 3).empty());
  BOOST_TEST(text_graph({0, 0}, Shown::least, 10, 3).empty());
  BOOST_TEST(text_graph({-1}, Shown::least, 10, 3).empty());
  BOOST_TEST(
      svg_curve({.title = "x", .points = {}, .x_end = 1, .x_words = {}, .y_words = {}}).empty());
}

BOOST_AUTO_TEST_CASE(bands_show_what_was_bad_slow_or_not_read) {
  using std::chrono::milliseconds;
  const std::vector<evaluate::Band> bands{{{0, 10}, 10, 0, milliseconds(5), milliseconds(5)},
                                          {{10, 10}, 10, 0, milliseconds(700), milliseconds(700)},
                                          {{20, 10}, 5, 5, milliseconds(9000), milliseconds(9000)},
                                          {{30, 10}, 0, 0, milliseconds(0), milliseconds(0)}};
  const std::string svg = svg_bands(bands, "40 B");
  BOOST_TEST(svg.contains("<rect class=\"fine\""));
  BOOST_TEST(svg.contains("<rect class=\"slow\""));
  BOOST_TEST(svg.contains("<rect class=\"bad\""));
  std::size_t bars = 0;
  for (std::size_t at = svg.find("<rect"); at != std::string::npos; at = svg.find("<rect", at + 1))
    ++bars;
  BOOST_TEST(bars == 3u);
}

BOOST_AUTO_TEST_CASE(markup_is_escaped) {
  BOOST_TEST(escaped("<a href=\"x\">&'") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  BOOST_TEST(escaped("a\x1b[2J\xff") == "a?[2J?");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::job
