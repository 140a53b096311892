#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/block_source.h"

namespace drydock::io {

// Several sources one after the other as one: the pieces of a split image.
class JoinedSource : public BlockSource {
 public:
  // At least one piece. `name` is what errors that concern no single piece call it.
  JoinedSource(std::string name, std::vector<std::unique_ptr<BlockSource>> pieces);

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return name_; }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override;

 private:
  std::string name_;
  std::vector<std::unique_ptr<BlockSource>> pieces_;
  std::vector<std::uint64_t> starts_;  // of each piece, in the whole
  Geometry geometry_;
};

}  // namespace drydock::io
