#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace drydock::job {

// Which of the values that share a column it shows.
enum class Shown { least, most };

// A graph of plain characters: `values` from left to right in `width` columns, each as high as its
// value, from zero to the largest. Values below zero are unknown and stay empty. Lines from top to
// bottom; none where nothing is known.
std::vector<std::string> text_graph(const std::vector<double>& values, Shown which,
                                    std::size_t width, std::size_t height);

}  // namespace drydock::job
