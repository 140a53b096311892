// A fake computer with drives that hold something, for tests of jobs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/extent.h"
#include "job/observer.h"
#include "support/temp_dir.h"
#include "sys/fake_machine.h"

namespace drydock::job::test {

struct Computer {
  drydock::test::TempDir dir;
  sys::FakeMachine machine{dir.path().string() + "/machine"};

  // A drive of `mib` MiB with an MBR, swap in its first partition (`swap_mib` from 1 MiB on) and,
  // from there to its end, a second one that is empty.
  void add_system_drive(const std::string& path, std::uint64_t mib, std::uint64_t swap_mib = 1);

  // A drive of zeros. Without a serial number of its own it gets one by its path.
  void add_empty_drive(const std::string& path, std::uint64_t bytes,
                       const std::string& serial = {});

  // A stick with a FAT over all of it, its volume to be mounted. A reason where that is impossible.
  std::optional<std::string> add_stick(const std::string& path);

  // An ordinary path outside of the machine.
  std::string file(const std::string& name) const { return (dir / name).string(); }
};

// Remembers what a job tells.
class Recorder : public Observer {
 public:
  void on(const Event& event) override;

  std::vector<Unreadable> unreadable;
  std::vector<std::string> notices;
  std::vector<Rescued> rescued;
  Progress last;
};

}  // namespace drydock::job::test
