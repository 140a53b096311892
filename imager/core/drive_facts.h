#pragma once

#include <cstdint>
#include <string>

namespace drydock {

// How fast a drive is connected, and how fast it could be. A rate is 0 and its text empty where the
// kernel does not know. Rates compare with each other only.
struct LinkSpeed {
  std::string kind;            // "SATA", "PCIe", "USB"; empty: unknown
  std::string now;             // "6.0 Gb/s", "8.0 GT/s x4", "480 Mb/s"
  std::string drive;           // what the drive's end can do
  std::string port;            // what the computer's end can do
  std::uint64_t now_rate = 0;  // megabits a second, of all lanes, before coding
  std::uint64_t drive_rate = 0;
  std::uint64_t port_rate = 0;

  bool operator==(const LinkSpeed&) const = default;
};

// What the kernel tells about a drive beyond who it is; nothing was asked of the drive for this.
struct DriveFacts {
  LinkSpeed link;
  std::string write_cache;  // "write back", "write through"; empty if unknown
  bool trim = false;        // the kernel would pass TRIM on to it
  std::string firmware;

  bool operator==(const DriveFacts&) const = default;
};

}  // namespace drydock
