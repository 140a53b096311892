#include "job/svg_graph.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>

#include "base/text.h"

namespace drydock::job {
namespace {

// In units of the picture, which scales with the page.
constexpr double kWidth = 720;
constexpr double kHeight = 170;
constexpr double kLeft = 76;
constexpr double kRight = 8;
constexpr double kTop = 10;
constexpr double kBottom = 26;
constexpr double kInner = kWidth - kLeft - kRight;
constexpr double kInnerHeight = kHeight - kTop - kBottom;
constexpr double kFloor = kTop + kInnerHeight;

std::string opened(const std::string& title) {
  return std::format(
      "<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\"><title>{}</title>\n",
      kWidth, kHeight, escaped(title), escaped(title));
}

std::string label(double x, double y, const char* anchor, const std::string& words) {
  return std::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     escaped(words));
}

std::string grid_line(double y, const std::string& words) {
  return std::format(
             "<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{2:.1f}\" x2=\"{1:.1f}\" y2=\"{2:.1f}\"/>",
             kLeft, kWidth - kRight, y) +
         label(kLeft - 6, y + 4, "end", words);
}

// The next of 1, 2, 5, 10, 20 … that is not less.
double rounded_up(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double step : {1.0, 2.0, 5.0})
    if (value <= step * power) return step * power;
  return 10 * power;
}

constexpr double kFastest = 0.1;  // ms, where the bars begin
constexpr double kDecades = 5;    // up to 10 s

double height_of(double milliseconds) {
  const double decades = std::log10(std::max(milliseconds, kFastest) / kFastest);
  return std::clamp(decades / kDecades, 0.02, 1.0) * kInnerHeight;
}

const char* kind_of(const evaluate::Band& band, double milliseconds) {
  constexpr double kSlow = 500;
  if (band.bytes_bad > 0) return "bad";
  return milliseconds >= kSlow ? "slow" : "fine";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string svg_curve(const Curve& curve) {
  double largest = 0;
  for (const Curve::Point& point : curve.points) largest = std::max(largest, point.y);
  if (!(largest > 0) || !(curve.x_end > 0)) return {};
  const double top = rounded_up(largest);
  std::string svg = opened(curve.title);
  for (const double share : {0.0, 0.5, 1.0})
    svg += grid_line(kFloor - share * kInnerHeight, curve.y_words(share * top));
  for (const double share : {0.0, 0.5, 1.0})
    svg += label(kLeft + share * kInner, kHeight - 8,
                 share == 0   ? "start"
                 : share == 1 ? "end"
                              : "middle",
                 curve.x_words(share * curve.x_end));
  svg += "<polyline class=\"curve\" points=\"";
  for (const Curve::Point& point : curve.points)
    svg += std::format("{:.1f},{:.1f} ", kLeft + point.x / curve.x_end * kInner,
                       kFloor - point.y / top * kInnerHeight);
  return svg + "\"/>\n</svg>\n";
}

std::string svg_bands(const std::vector<evaluate::Band>& bands, const std::string& end) {
  std::string svg = opened("The slowest read of each part of the disk");
  constexpr std::array<std::pair<double, const char*>, 5> kGrid{
      {{1, "1 ms"}, {10, "10 ms"}, {100, "100 ms"}, {1000, "1 s"}, {10000, "10 s"}}};
  for (const auto& [milliseconds, words] : kGrid)
    svg += grid_line(kFloor - height_of(milliseconds), words);
  svg += std::format(
      "<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{2:.1f}\" x2=\"{1:.1f}\" y2=\"{2:.1f}\"/>", kLeft,
      kWidth - kRight, kFloor);
  const double width = kInner / static_cast<double>(std::max<std::size_t>(bands.size(), 1));
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const evaluate::Band& band = bands[i];
    if (band.bytes_read + band.bytes_bad == 0) continue;
    const double ms = std::chrono::duration<double, std::milli>(band.slowest).count();
    const double height = height_of(ms);
    svg += std::format(
        "<rect class=\"{}\" x=\"{:.2f}\" y=\"{:.1f}\" width=\"{:.2f}\" height=\"{:.1f}\"/>",
        kind_of(band, ms), kLeft + static_cast<double>(i) * width, kFloor - height, width, height);
  }
  svg += label(kLeft, kHeight - 8, "start", "0") + label(kWidth - kRight, kHeight - 8, "end", end);
  return svg + "</svg>\n";
}

}  // namespace drydock::job
