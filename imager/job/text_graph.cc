#include "job/text_graph.h"

#include <algorithm>
#include <cmath>

namespace drydock::job {
namespace {

constexpr double kUnknown = -1;

std::vector<double> columns(const std::vector<double>& values, Shown which, std::size_t width) {
  std::vector<double> result(width, kUnknown);
  for (std::size_t column = 0; column < width; ++column) {
    const std::size_t first = column * values.size() / width;
    const std::size_t last = std::max((column + 1) * values.size() / width, first + 1);
    for (std::size_t i = first; i < last; ++i) {
      const bool first_known = values[i] >= 0 && result[column] < 0;
      const bool better =
          which == Shown::most ? values[i] > result[column] : values[i] < result[column];
      if (first_known || (values[i] >= 0 && better)) result[column] = values[i];
    }
  }
  return result;
}

}  // namespace

std::vector<std::string> text_graph(const std::vector<double>& values, Shown which,
                                    std::size_t width, std::size_t height) {
  const double largest = values.empty() ? 0 : std::ranges::max(values);
  if (!(largest > 0)) return {};
  std::vector<std::string> lines(height, std::string(width, ' '));
  const std::vector<double> shown = columns(values, which, width);
  for (std::size_t column = 0; column < width; ++column) {
    if (shown[column] < 0) continue;
    const double filled = std::round(shown[column] / largest * static_cast<double>(height));
    // What is known is seen, however small.
    const auto rows = std::max<std::size_t>(static_cast<std::size_t>(filled), 1);
    for (std::size_t row = 0; row < rows; ++row) lines[height - 1 - row][column] = '#';
  }
  return lines;
}

}  // namespace drydock::job
