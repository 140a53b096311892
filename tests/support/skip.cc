#include "support/skip.h"

#include "support/results.h"

namespace drydock::test {

void skip(std::string_view why) {
  record_skip(why);
}

}  // namespace drydock::test
