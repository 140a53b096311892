#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "io/output_file.h"

namespace drydock::io {

// A stream cut into PATH.000, PATH.001 … of `piece_bytes` each but the last, for destinations that
// hold no large files; `cat PATH.*` gives it back. While it is written each piece ends in .part.
// PATH.000 gets its name last, so that where it is, the others are too.
class SplitFile : public ByteSink {
 public:
  // Three digits: the order of the names is the order of the pieces.
  static constexpr std::size_t kMostPieces = 1000;

  // Refuses as OutputFile does, a piece size of 0, and with Leftover::keep pieces of another size.
  static Result<std::unique_ptr<SplitFile>> create(const std::string& path,
                                                   std::uint64_t piece_bytes,
                                                   OutputFile::Options options);

  std::string name() const override { return path_; }
  Result<void> append(Bytes bytes) override;
  // Deletes the pieces that are not needed any more.
  Result<void> cut(std::uint64_t bytes) override;
  Result<void> finish() override;

 private:
  SplitFile(std::string path, std::uint64_t piece_bytes, OutputFile::Options options)
      : path_(std::move(path)), piece_bytes_(piece_bytes), options_(options) {}
  Result<void> take_up();
  Result<void> next_piece();
  Result<void> check_unnamed() const;

  std::string path_;
  std::uint64_t piece_bytes_;
  OutputFile::Options options_;
  std::vector<std::unique_ptr<OutputFile>> pieces_;
  // Of an earlier run: how many behind those of pieces_ have their names already. All of the stream
  // is there then.
  std::size_t named_ = 0;
};

// "PATH.007".
std::string piece_name(const std::string& path, std::size_t number);

}  // namespace drydock::io
