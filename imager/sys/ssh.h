#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "core/person.h"
#include "core/url.h"
#include "io/sftp.h"
#include "sys/machine.h"

namespace drydock::sys {

// A folder of a server that is reached by SSH. While it lives, so does the connection: an ssh
// program (dbclient) and the file transfer over it.
struct SshFolder {
  std::shared_ptr<io::Sftp> files;
  std::string path;  // on the server
};

// Shows the key of a server that is seen for the first time; tries the key of ~/.ssh/id_dropbear
// where there is one, then a password. The folder of the URL must exist; one that shall be written
// to is tried with an empty file that goes at once.
Result<SshFolder> open_ssh_folder(const Url& url, Person& person, Access access);

}  // namespace drydock::sys
