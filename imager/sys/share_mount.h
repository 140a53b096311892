#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/person.h"
#include "core/url.h"
#include "sys/machine.h"
#include "sys/new_mount.h"
#include "sys/sys_tree.h"

namespace drydock::sys {

// The ways to mount what `url` (smb, nfs) names, in the order in which they are tried, the server's
// address being known already. It is the folder of the URL that is mounted.
std::vector<NewMount> ways_to_mount(const Url& url, const std::string& address,
                                    const std::string& password, Access access);

// What a person reads when the kernel refused them with these errnos.
Error share_failure(const Url& url, const std::vector<int>& refusals);

// Mounts it on a folder of Drydock's own, which is given; Mounter::unmount ends it. A place that
// shall be written to is tried with an empty file that goes at once.
Result<std::string> mount_share(const SysTree& tree, const Url& url, Person& person, Access access);

}  // namespace drydock::sys
