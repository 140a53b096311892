#include "job/image_place.h"

#include <utility>

#include "core/url.h"

namespace drydock::job {

Result<ImagePlace> ImagePlace::open(sys::Machine& machine, const std::string& given,
                                    sys::Access access, Person* person) {
  // One that is connected already, by whom the path is from, is a path too.
  if (!is_url(given) || machine.reaches(given)) return ImagePlace(machine, given, {});
  Url url = TRY(parse_url(given));
  const auto slash = url.path.rfind('/');
  const std::string name = url.path.substr(slash + 1);
  if (name.empty() || given.ends_with('/'))
    return fail(bad_input(given, "names a folder", "Add the name of the image"));
  url.path = slash == 0 ? "/" : url.path.substr(0, slash);
  Nobody nobody;
  const std::string folder =
      TRY(machine.connect(url, person != nullptr ? *person : nobody, access));
  return ImagePlace(machine, folder + "/" + name, folder);
}

ImagePlace::ImagePlace(ImagePlace&& other) noexcept
    : machine_(other.machine_),
      path_(std::move(other.path_)),
      folder_(std::exchange(other.folder_, {})) {}

// Everything in it was finished and synced, or has failed already: nothing is left to be told.
ImagePlace::~ImagePlace() {
  if (!folder_.empty()) [[maybe_unused]]
    const auto ignored = machine_->unmount(folder_);
}

}  // namespace drydock::job
