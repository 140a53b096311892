#pragma once

#include <string>

#include "fs/hfs_header.h"

namespace drydock::fs {

// Numbers of files that HFS Plus itself needs (TN1150, "Catalog File").
inline constexpr std::uint32_t kHfsRootFolder = 2;
inline constexpr std::uint32_t kHfsCatalogFile = 4;
inline constexpr std::uint32_t kHfsAttributesFile = 8;

// The key of a record of the catalog: where it is, and its name there. Of a thread: the number of
// what it is of, and no name.
struct HfsCatalogKey {
  std::uint32_t parent = 0;
  Bytes name;  // UTF-16BE

  // Nothing when the name is longer than the key. The bytes must outlive it.
  static std::optional<HfsCatalogKey> decode(const ByteReader& key);
};

// A file or folder in the catalog.
struct HfsCatalogRecord {
  enum Kind : std::uint16_t { kFolder = 1, kFile = 2, kFolderThread = 3, kFileThread = 4 };

  std::uint16_t kind = 0;
  std::uint32_t id = 0;
  std::uint16_t mode = 0;     // as Unix has it; 0 where only Mac OS 9 knew the file
  std::uint32_t special = 0;  // of a hard link: the number of what it stands for
  bool hard_link = false;     // to a file
  bool folder_link = false;   // to a folder
  bool symbolic_link = false;
  bool compressed = false;  // transparently, by the system (decmpfs)
  HfsFork data, resource;   // of a file

  // Nothing when it is neither a thread, a folder nor a file, or is too short. Nothing else is
  // checked. Of a thread only `kind` is told.
  static std::optional<HfsCatalogRecord> decode(const ByteReader& data);

  bool is_thread() const { return kind == kFolderThread || kind == kFileThread; }
};

// UTF-16BE as UTF-8.
std::string hfs_text(Bytes name);

// A name as POSIX has it: HFS Plus, of which ':' parts paths, allows '/' in names, and NUL. As on
// Mac OS X and Linux these are shown as ':' and U+2400.
std::string hfs_file_name(Bytes name);

}  // namespace drydock::fs
