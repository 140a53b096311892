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

}  // namespace drydock::io
