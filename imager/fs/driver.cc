#include "fs/driver.h"

#include <format>
#include <vector>

namespace drydock::fs {
namespace {

struct Match {
  const Driver* driver = nullptr;
  VolumeInfo info;
};

struct Matches {
  std::vector<Match> found;      // in the drivers' order
  std::optional<Error> problem;  // of the first probe that could not read the volume
};

Matches ask_all(const io::BlockSource& volume) {
  Matches matches;
  for (const Driver& driver : drivers()) {
    auto info = driver.probe(volume);
    if (!info) {
      if (!matches.problem) matches.problem = std::move(info.error());
    } else if (*info && !(driver.weak && !matches.found.empty())) {
      matches.found.push_back({&driver, std::move(**info)});
    }
  }
  return matches;
}

Result<Contents> map(const io::BlockSource& volume, const Matches& matches) {
  const auto whole = [](std::string reason) {
    return fail(Error{Code::bad_input, 0, {}, std::move(reason), {}});
  };
  if (matches.problem) return fail(*matches.problem);
  if (matches.found.empty()) return whole("Drydock does not recognise what is on it");
  const Match& first = matches.found.front();
  if (!first.driver->whole_reason.empty()) return whole(std::string(first.driver->whole_reason));
  if (first.driver->used == nullptr && first.driver->contents == nullptr)
    return whole(
        std::format("Drydock has no allocation-map reader for {} yet", first.info.filesystem));
  if (matches.found.size() > 1)
    return whole(std::format("it looks like {} and like {}, and one of them is a leftover",
                             first.info.filesystem, matches.found[1].info.filesystem));
  Contents contents;
  if (first.driver->contents != nullptr)
    contents = TRY(first.driver->contents(volume));
  else
    contents.used = TRY(first.driver->used(volume));
  if (contents.used.end() > volume.geometry().bytes)
    return fail(our_bug(volume.name(), "an allocation map reaches beyond its volume"));
  return contents;
}

void add_system(const io::BlockSource& volume, const Driver& driver, VolumeInfo& info) {
  if (driver.system == nullptr) return;
  // Whatever goes wrong, what has been found stays.
  (void)driver.files(volume, [&](Files& files, const FileNode& root, auto) -> Result<bool> {
    if (auto name = driver.system(files, root)) info.system = std::move(*name);
    return info.system.empty();
  });
}

}  // namespace

VolumeInfo identify(const io::BlockSource& volume) {
  for (const Driver& driver : drivers()) {
    auto info = driver.probe(volume);
    if (!info || !*info) continue;
    add_system(volume, driver, **info);
    return std::move(**info);
  }
  return {};
}

const Driver* driver_of(const io::BlockSource& volume) {
  for (const Driver& driver : drivers())
    if (const auto info = driver.probe(volume); info && *info) return &driver;
  return nullptr;
}

Volume survey(const io::BlockSource& volume, const Partition& partition) {
  Matches matches = ask_all(volume);
  Volume result;
  result.partition = partition;
  if (auto contents = map(volume, matches)) {
    result.used = std::move(contents->used);
    result.inner = std::move(contents->volumes);
  } else {
    result.whole_reason = std::move(contents.error().what);
    result.used = ExtentMap::whole(volume.geometry().bytes);
  }
  if (!matches.found.empty()) {
    result.info = std::move(matches.found.front().info);
    add_system(volume, *matches.found.front().driver, result.info);
  }
  return result;
}

}  // namespace drydock::fs
