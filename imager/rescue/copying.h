#pragma once

#include "rescue/reader.h"

namespace drydock::rescue {

// The five copying passes over a domain; `resume` is the pass and the place where an earlier run
// was, step 1 at 0 for the beginning.
Result<void> copy_clusters(Reader& reader, const ExtentMap& domain, std::size_t domain_number,
                           const Step& resume);

}  // namespace drydock::rescue
