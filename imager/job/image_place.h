#pragma once

#include <string>

#include "base/result.h"
#include "core/person.h"
#include "sys/machine.h"

namespace drydock::job {

// Where an image is, or shall be: a path of this computer, or a place on the network, connected for
// as long as the object lives.
class ImagePlace {
 public:
  // `given` is a path, "-" or a URL of core/url.h. `person` may be null: nobody can be asked.
  // `machine` must outlive the place.
  static Result<ImagePlace> open(sys::Machine& machine, const std::string& given,
                                 sys::Access access, Person* person);
  ~ImagePlace();
  ImagePlace(ImagePlace&& other) noexcept;
  ImagePlace& operator=(ImagePlace&&) = delete;

  // For the calls of sys::Machine.
  const std::string& path() const { return path_; }

 private:
  ImagePlace(sys::Machine& machine, std::string path, std::string folder)
      : machine_(&machine), path_(std::move(path)), folder_(std::move(folder)) {}

  sys::Machine* machine_;
  std::string path_;
  std::string folder_;  // what to disconnect; empty: nothing
};

}  // namespace drydock::job
