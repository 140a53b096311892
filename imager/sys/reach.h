#pragma once

#include <string>

#include "base/result.h"
#include "core/url.h"

namespace drydock::sys {

// The address of the server, as numbers, after a connection to its port has come about. The error
// says which of these failed: the name, the way there, the service.
Result<std::string> reach(const Url& url);

}  // namespace drydock::sys
