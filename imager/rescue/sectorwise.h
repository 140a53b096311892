#pragma once

#include "rescue/reader.h"

namespace drydock::rescue {

// The phases that read one sector at a time, each over one domain.
Result<void> trim(Reader& reader, const ExtentMap& domain, std::size_t domain_number);
Result<void> scrape(Reader& reader, const ExtentMap& domain, std::size_t domain_number);
// Passes `resume.pass` to Settings::retries, the first from `resume.position` on.
Result<void> retry(Reader& reader, const ExtentMap& domain, std::size_t domain_number,
                   const Step& resume);

}  // namespace drydock::rescue
