#pragma once

#include <mutex>

#include "rescue/reader.h"

namespace drydock::rescue {

// A damaged drive as filesystem drivers may read it, when what they ask for shall count: what they
// read of the drive goes to the copy at once, and what is known to be bad is not tried again.
//
// A cluster is read first, for what drivers want next is often near. Of one that failed only the
// sectors that are wanted are read alone, up to the first bad one; then the read fails as
// Code::unreadable. The rest of the cluster is left to trimming.
class SurveySource : public io::BlockSource {
 public:
  // `copied` is the copy for reading, null where it cannot be read meanwhile: then what is finished
  // is taken from `drive` again. All of them must outlive the source.
  SurveySource(Reader& reader, const io::BlockSource& drive, const io::BlockSource* copied)
      : reader_(reader), drive_(drive), copied_(copied) {}

  const Geometry& geometry() const override { return drive_.geometry(); }
  std::string name() const override { return drive_.name(); }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override;

 private:
  Result<void> read_clusters(Extent wanted) const;
  Result<void> read_sectors(Extent wanted) const;

  Reader& reader_;
  const io::BlockSource& drive_;
  const io::BlockSource* copied_;
  mutable std::mutex one_at_a_time_;
};

}  // namespace drydock::rescue
