#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "io/block_source.h"
#include "io/byte_sink.h"
#include "io/output_file.h"
#include "io/sftp.h"

namespace drydock::io {

// A file on a server, for reading. `shown` is what sentences call it.
Result<std::unique_ptr<BlockSource>> open_sftp_source(std::shared_ptr<Sftp> server,
                                                      const std::string& path,
                                                      const std::string& shown);

// A new file on a server, written from front to end as PATH.part and renamed when all of it is
// there, with the refusals of OutputFile.
Result<std::unique_ptr<ByteSink>> create_sftp_file(std::shared_ptr<Sftp> server,
                                                   const std::string& path,
                                                   const std::string& shown,
                                                   OutputFile::Leftover leftover);

// Refuses a PATH that exists.
Result<void> check_sftp_free(Sftp& server, const std::string& path, const std::string& shown);

}  // namespace drydock::io
