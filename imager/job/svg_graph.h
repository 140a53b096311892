#pragma once

#include <functional>
#include <string>
#include <vector>

#include "evaluate/surface.h"

namespace drydock::job {

// Text made harmless inside HTML and SVG, also in attributes: markup and control characters.
std::string escaped(std::string_view text);

// A curve over a range that begins at 0. Colours come from the classes of the page around it.
struct Curve {
  struct Point {
    double x = 0;
    double y = 0;
  };
  std::string title;          // for those who cannot see it
  std::vector<Point> points;  // x grows
  double x_end = 0;           // what the right edge stands for
  std::function<std::string(double)> x_words;
  std::function<std::string(double)> y_words;
};
std::string svg_curve(const Curve& curve);

// The slowest read of each part of a disk as a bar, by the logarithm of its time: slow ones and
// those with bad places are marked, parts that were not read stay empty. `end` names the right
// edge.
std::string svg_bands(const std::vector<evaluate::Band>& bands, const std::string& end);

}  // namespace drydock::job
