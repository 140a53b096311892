#include "job/record.h"

#include <algorithm>
#include <format>

#include "base/bytes.h"
#include "job/image_place.h"
#include "job/version.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

// A drive that fails all over must not fill the destination, or the memory, with its sentences.
constexpr std::size_t kMostLines = 10'000;

}  // namespace

void Record::add(std::string line) {
  if (lines_.size() < kMostLines)
    lines_.push_back(std::move(line));
  else
    ++left_out_;
}

void Record::planned(const Summary& summary) {
  add("Command: " + summary.command);
  for (const std::string& line : summary.reads) add("Reads: " + line);
  for (const std::string& line : summary.volumes) add("Keeps: " + line);
  for (const std::string& line : summary.writes) add("Writes: " + line);
  if (summary.overwrites) add("Overwrites: " + summary.overwrites->path);
  for (const std::string& line : summary.overwritten) add("  with " + line);
  for (const std::string& line : summary.warnings) add("Beware: " + line);
}

void Record::on(const Event& event) {
  if (const auto* notice = std::get_if<Notice>(&event)) add("Notice: " + notice->text);
  if (const auto* bad = std::get_if<Unreadable>(&event))
    add(std::format("Unreadable: bytes {} to {} ({})", bad->extent.offset, bad->extent.end(),
                    bad->volume));
  inner_.on(event);
}

void Record::ended(const Result<Report>& report) {
  if (!report) return add("Failed: " + report.error().sentence());
  for (const std::string& line : report->lines) add(line);
}

Result<std::string> Record::keep(sys::Machine& machine, const std::string& image,
                                 Person* person) const {
  const std::string time = machine.time_of("");
  std::string stamp = time;  // no file name of Windows has a colon
  std::erase(stamp, ':');
  const std::string name = std::format("{}.{}-{}.txt", image, verb_, stamp);
  std::string text = std::format("{}, {}, {}\n\n", verb_, time, kToolVersion);
  for (const std::string& line : lines_) text += line + "\n";
  if (left_out_ != 0) text += std::format("and {} lines more\n", left_out_);
  const ImagePlace place = TRY(ImagePlace::open(machine, name, sys::Access::read_write, person));
  const auto file = TRY(machine.create_file(place.path(), {.expected_bytes = text.size()}));
  TRY(file->append(as_bytes(text)));
  TRY(file->finish());
  return name;
}

}  // namespace drydock::job
