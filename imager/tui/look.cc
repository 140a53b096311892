#include "tui/look.h"

#include <algorithm>
#include <cmath>

#include "tui/words.h"

namespace drydock::tui {

using namespace ftxui;

Element line(std::string_view content) {
  return text(std::string(content));
}

Elements lines(std::string_view content, int width) {
  Elements out;
  for (const std::string& one : wrap(content, width)) out.push_back(line(one));
  return out;
}

void append(Elements& to, Elements from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

Element heading(std::string_view content) {
  return line(content) | bold;
}

Elements danger(std::string_view content, const Look& look, int width) {
  Elements out = lines(content, width);
  for (Element& one : out) {
    one |= bold;
    if (look.colour) one |= color(Color::RedLight);
  }
  return out;
}

Elements warning(std::string_view content, const Look& look, int width) {
  Elements out = lines("! " + std::string(content), width);
  if (look.colour)
    for (Element& one : out) one |= color(Color::YellowLight);
  return out;
}

Elements labelled(std::string_view label, std::string_view content, const Look& look) {
  Elements out;
  for (const std::string& one : wrap(content, look.columns - kLabelWidth)) {
    out.push_back(hbox({line(left(out.empty() ? label : "", kLabelWidth)), line(one)}));
  }
  return out;
}

std::string bar(double share, int width) {
  const int full = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * width));
  std::string out;
  for (int i = 0; i < width; ++i) out += i < full ? "█" : "░";
  return out;
}

Element box(std::string_view title, Element content) {
  return window(line(title.empty() ? "" : " " + std::string(title) + " "), std::move(content));
}

Element choice_list(const std::vector<Row>& rows, int cursor, int width) {
  Elements out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool marked = static_cast<int>(i) == cursor;
    Elements content;
    for (const std::string& one : rows[i].lines)
      content.push_back(line(left((content.empty() && marked ? "> " : "  ") + one, width)));
    if (!rows[i].refusal.empty())
      for (const std::string& one : wrap("Not possible: " + rows[i].refusal, width - 4))
        content.push_back(line(left("    " + one, width)));
    Element row = vbox(std::move(content));
    out.push_back(marked ? row | inverted | focus : row);
  }
  return vbox(std::move(out)) | yframe | flex;
}

Element scrolled(Elements content, int scroll) {
  const int last = std::max(0, static_cast<int>(content.size()) - 1);
  const int top = std::clamp(scroll, 0, last);
  content.erase(content.begin(), content.begin() + top);
  return vbox(std::move(content)) | flex;
}

}  // namespace drydock::tui
