#pragma once

#include <memory>
#include <string>

#include "core/extent.h"
#include "io/block_sink.h"
#include "io/block_source.h"
#include "io/faulty.h"

namespace drydock::sys {

// A drive of a FakeMachine, or the part of it that is a partition: `file` holds all of the drive.
struct FakeDiskFile {
  std::string name;  // as a person sees it
  std::string file;
  Geometry geometry;  // of the part
  Extent part;
  io::Faults faults;
};

Result<std::unique_ptr<io::BlockSource>> open_fake_source(const FakeDiskFile& disk);
Result<std::unique_ptr<io::BlockSink>> open_fake_sink(const FakeDiskFile& disk);

}  // namespace drydock::sys
