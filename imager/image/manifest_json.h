#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "core/manifest.h"

namespace drydock::image {

// The manifest as JSON in UTF-8, one line, keys in a fixed order (docs/format.md §3).
std::string manifest_json(const Manifest& manifest);

// Unknown keys are ignored, missing ones are empty. Fails on anything that is not JSON, on a
// version that this program does not know, and on a geometry that cannot be.
Result<Manifest> parse_manifest(Bytes json);

// A digest of the manifest without its id: the id that a save gives its image.
std::string image_id_of(const Manifest& manifest);

}  // namespace drydock::image
