#include "support/file_limit.h"

#include <signal.h>
#include <sys/resource.h>

#include <stdexcept>

namespace drydock::test {
namespace {

std::uint64_t swap_limit(std::uint64_t bytes) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error("getrlimit fails");
  const std::uint64_t before = limit.rlim_cur;
  limit.rlim_cur = bytes;
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error("setrlimit fails");
  return before;
}

}  // namespace

FileLimit::FileLimit(std::uint64_t bytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  before_ = swap_limit(bytes);
}

FileLimit::~FileLimit() {
  swap_limit(before_);
}

}  // namespace drydock::test
