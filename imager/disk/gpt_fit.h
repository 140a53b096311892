#pragma once

#include "base/result.h"
#include "core/layout.h"
#include "disk/fit.h"
#include "disk/gpt.h"

namespace drydock::disk {

// The patches by which the GPT of `image` becomes right on a disk of `target_bytes`, which differs
// from the image's size. Requires gpt.intact(). Fails with Code::bad_input when a smaller disk
// cannot hold every partition and the table.
Result<Fit> fit_gpt(const io::BlockSource& image, const Layout& layout, const Gpt& gpt,
                    std::uint64_t target_bytes);

}  // namespace drydock::disk
