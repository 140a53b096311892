#pragma once

#include <memory>

#include "core/consent.h"
#include "io/block_sink.h"

namespace drydock::io {

// Opens what the person agreed to overwrite, and nothing else.
//
// A device is opened exclusively (a mounted one, and one held by md, dm or another run, is refused)
// and must have the size the consent names. A file is created, or emptied and set to that size, so
// that all of it is a hole; two runs on one file exclude each other by its lock. Both refusals are
// Code::environment.
Result<std::unique_ptr<BlockSink>> open_file_sink(const Consent& consent);

// An ordinary file of `bytes` bytes that keeps what it holds, for what is written over several
// runs. It is created if it is not there; what is missing at its end becomes a hole. A longer one
// is Code::bad_input, one that another run is writing Code::environment.
Result<std::unique_ptr<BlockSink>> open_kept_file(const std::string& path, std::uint64_t bytes);

}  // namespace drydock::io
