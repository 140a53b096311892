// Groups of logical volumes made by lvm2's own tools without activating anything, and what lies in
// them put there and read back through the map that lvs prints.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/extent_map.h"
#include "support/loop_device.h"

namespace drydock::test {

// Of a logical volume: `length` bytes from `start` lie at `place` of the physical one.
struct LvmPiece {
  std::uint64_t start = 0;
  std::uint64_t place = 0;
  std::uint64_t length = 0;
};

// lvm2's tools, which see nothing but the given volumes, attached to loop devices while it lives.
// All of it throws std::runtime_error where a tool fails.
class Lvm {
 public:
  using Words = std::vector<std::string>;

  explicit Lvm(const std::vector<std::filesystem::path>& volumes);

  std::string device(std::size_t i = 0) const { return loops_.at(i)->path(); }
  std::string run(Words words) const;

  // The group "drydock" of all volumes.
  void make_group(const Words& pv_options = {}, const Words& vg_options = {"-s", "1m"}) const;
  // A logical volume; the last option may be the device on which it shall lie.
  void make(const std::string& name, const std::string& size, const Words& options = {}) const;
  // The group's text changed by hand, with new checksums; `scratch` is a file to be written.
  void edit(const std::filesystem::path& scratch, std::string_view what, std::string_view by) const;

  // What a tool prints: one number.
  std::uint64_t number(const Words& words) const;
  std::uint64_t extent_bytes() const;
  std::uint64_t data_offset() const;

  // Of the first volume, of `bytes`: all but what pvs lists as free segments.
  ExtentMap used(std::uint64_t bytes) const;
  // Where the parts lie of a logical volume that is on the first volume alone.
  std::vector<LvmPiece> pieces(const std::string& name) const;

 private:
  void add_pieces(std::vector<LvmPiece>& all, const std::vector<std::string_view>& fields) const;

  std::vector<std::unique_ptr<LoopDevice>> loops_;
  std::string config_;
};

void put_into(const std::filesystem::path& volume, const std::vector<LvmPiece>& pieces,
              const std::filesystem::path& content);
void take_out(const std::filesystem::path& volume, const std::vector<LvmPiece>& pieces,
              const std::filesystem::path& content);

// What `inner` has of a logical volume, on the physical one.
ExtentMap outwards(const ExtentMap& inner, const std::vector<LvmPiece>& pieces);

}  // namespace drydock::test
