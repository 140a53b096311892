#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/person.h"
#include "job/observer.h"
#include "job/plan.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

// A job put down in writing, for a file that lies beside its image: what was to be done, what was
// told meanwhile and how it ended. For jobs that nobody watches.
class Record : public Observer {
 public:
  // `inner` is told everything as well; it must outlive the record.
  Record(std::string verb, Observer& inner) : verb_(std::move(verb)), inner_(inner) {}

  void planned(const Summary& summary);
  void on(const Event& event) override;
  void ended(const Result<Report>& report);
  void add(std::string line);

  // Writes it to a new file beside `image`, named after that, the verb and the time, and gives its
  // name. `image` is a path or a URL of core/url.h.
  Result<std::string> keep(sys::Machine& machine, const std::string& image, Person* person) const;

 private:
  std::string verb_;
  Observer& inner_;
  std::vector<std::string> lines_;
  std::size_t left_out_ = 0;
};

}  // namespace drydock::job
