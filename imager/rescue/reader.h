#pragma once

#include <optional>

#include "io/aligned_buffer.h"
#include "rescue/passes.h"

namespace drydock::rescue {

// One read after the other, each with all its consequences: the bytes in the copy, the status in
// the map, the state kept from time to time. For the passes.
class Reader {
 public:
  Reader(const io::BlockSource& source, io::BlockSink& copy, Mapfile& rescue,
         const Settings& settings, Watcher& watcher, const Stop& stop);

  // Reads the extent (a cluster at most). True: it is finished. False: it has the status
  // `when_bad`. Code::cancelled when the person stopped it; nothing was read then.
  Result<bool> read(Extent extent, Status when_bad);

  // The same with the first, or the last, sector of an extent that is not empty; takes it off.
  Result<bool> read_first(Extent& extent, Status when_bad);
  Result<bool> read_last(Extent& extent, Status when_bad);

  // `pass` with the place where it begins: that of `resume` if it is the same pass and was left on
  // its way, else the end of the source that it starts from.
  Step start_of(Step pass, const Step& resume) const;
  void begin(const Step& step, std::size_t domain);

  // Everything in the copy and the state on stable storage.
  Result<void> keep();

  // How long the last read took.
  Clock::duration took() const { return took_; }
  const Reads& reads() const { return reads_; }
  Mapfile& rescue() { return rescue_; }
  AreaMap& map() { return rescue_.map; }
  const Settings& settings() const { return settings_; }

  // The next run of a status that is in the domain, from `from` on, or the last one below `to`.
  std::optional<Extent> next(Status status, std::uint64_t from, const ExtentMap& domain) const;
  std::optional<Extent> previous(Status status, std::uint64_t to, const ExtentMap& domain) const;

 private:
  Result<bool> try_read(MutableBytes into, std::uint64_t offset);

  const io::BlockSource& source_;
  io::BlockSink& copy_;
  Mapfile& rescue_;
  const Settings& settings_;
  Watcher& watcher_;
  const Stop& stop_;
  io::AlignedBuffer buffer_;
  Reads reads_;
  Clock::duration took_{0};
  Clock::time_point kept_;
};

}  // namespace drydock::rescue
