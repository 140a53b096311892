#include "job/image_place.h"

#include <utility>

#include "core/url.h"
#include "job/named_volume.h"

namespace drydock::job {

namespace {

struct Connected {
  std::string folder;  // that the URL names
  std::string ours;    // to be disconnected; empty: it was there before
};

Result<Connected> mount_volume(sys::Machine& machine, const Url& url, sys::Access access) {
  const std::string device = TRY(find_volume(machine, url.host));
  const bool before = !machine.mounted_on(device).empty();
  const std::string root = TRY(machine.mount(device, access));
  return Connected{url.path == "/" ? root : root + url.path, before ? std::string() : root};
}

Result<Connected> connect(sys::Machine& machine, const Url& url, sys::Access access,
                          Person* person) {
  if (url.scheme == Url::Scheme::volume) return mount_volume(machine, url, access);
  Nobody nobody;
  const std::string folder =
      TRY(machine.connect(url, person != nullptr ? *person : nobody, access));
  return Connected{folder, folder};
}

}  // namespace

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
  Connected place = TRY(connect(machine, url, access, person));
  return ImagePlace(machine, place.folder + "/" + name, std::move(place.ours));
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
