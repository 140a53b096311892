#include "rescue/mapfile_store.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "io/fd.h"
#include "io/sync_folder.h"

namespace drydock::rescue {
namespace {

Error not_stored(const std::string& path, int os) {
  const char* hint = os == ENOSPC || os == EDQUOT
                         ? "Its volume is full: make room there, then start again"
                         : "Choose another place with --map, then start again";
  Error error = os_error(os, path, "the map of the rescue could not be stored", hint);
  error.code = Code::environment;
  return error;
}

}  // namespace

Result<std::optional<Mapfile>> load_mapfile(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 && errno == ENOENT) return std::nullopt;
  const io::Fd fd = TRY(io::open_path(path, O_RDONLY | O_NONBLOCK));
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return fail(bad_input(path, "is no ordinary file", "Give the mapfile of this rescue"));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size == 0) return std::nullopt;
  if (size > kMaxMapfileBytes)
    return fail(bad_input(path, "is too large for a mapfile", "Give the mapfile of this rescue"));
  std::string text(static_cast<std::size_t>(size), '\0');
  const io::Transferred got =
      io::read_fully(fd.get(), 0, {reinterpret_cast<std::byte*>(text.data()), text.size()});
  if (got.bytes < text.size())
    return fail(environment_error(path, "cannot be read to its end", "Take a copy of it"));
  return TRY(parse_mapfile(text, path));
}

Result<void> store_mapfile(const std::string& path, const Mapfile& mapfile) {
  const std::string fresh = path + ".new";
  const std::string text = mapfile_text(mapfile);
  {
    const io::Fd fd = TRY(io::open_path(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0666));
    const io::Transferred put = io::write_fully(fd.get(), 0, as_bytes(text));
    if (put.bytes < text.size()) return fail(not_stored(fresh, put.os));
    if (::fsync(fd.get()) != 0) return fail(not_stored(fresh, errno));
  }
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return fail(not_stored(path, errno));
  return io::sync_folder_of(path);
}

}  // namespace drydock::rescue
