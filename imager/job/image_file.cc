#include "job/image_file.h"

#include "sys/machine.h"

namespace drydock::job {

Result<OpenImage> open_image(sys::Machine& machine, const std::string& path) {
  auto file = TRY(machine.open_source(path));
  if (path.ends_with(".part"))
    return fail(bad_input(path, "is an image whose save did not finish",
                          "Save the disk again; a finished image has no .part at its name's end"));
  auto reader = TRY(image::ImageReader::open(*file));
  return OpenImage{std::move(file), std::move(reader)};
}

}  // namespace drydock::job
