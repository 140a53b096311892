#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "image/reader.h"
#include "io/block_source.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

// An image that is open for reading. The reader refers to the file.
struct OpenImage {
  std::unique_ptr<io::BlockSource> file;
  image::ImageReader reader;
};

// The file of an image, or its pieces as one: NAME.000 stands for all of NAME.000, NAME.001 …, and
// so does NAME where only pieces are there. Any other file or device is opened as it is.
Result<std::unique_ptr<io::BlockSource>> open_image_file(sys::Machine& machine,
                                                         const std::string& path);

// Refuses NAME.part, an unfinished image, with what to do about it.
Result<OpenImage> open_image(sys::Machine& machine, const std::string& path);

// Also takes one that is unfinished, cut off or damaged (image::ImageReader::salvage): its own name
// or that of its .part, whole or in pieces.
Result<OpenImage> open_what_is_left(sys::Machine& machine, const std::string& path);

}  // namespace drydock::job
