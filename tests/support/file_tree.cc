#include "support/file_tree.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <format>
#include <fstream>
#include <span>
#include <stdexcept>
#include <vector>

#include "base/hash.h"
#include "base/text.h"
#include "support/mounted.h"
#include "support/process.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

std::string hex(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) out += std::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

// " name=hex" of each, by name.
std::string extended_attributes(const stdfs::path& path) {
  std::string names(65536, '\0');
  const ssize_t n = llistxattr(path.c_str(), names.data(), names.size());
  if (n <= 0) return {};
  std::map<std::string, std::string> all;
  for (std::size_t at = 0; at < static_cast<std::size_t>(n);) {
    const std::string name = names.c_str() + at;
    at += name.size() + 1;
    std::string value(65536, '\0');
    const ssize_t size = lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
    value.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    all[name] = hex(value);
  }
  std::string text;
  for (const auto& [name, value] : all) text += " " + name + "=" + value;
  return text;
}

struct Walk {
  FileTree tree;
  std::map<ino_t, std::string> first_name;  // of files with several names
};

Digest digest_of(const stdfs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path.string() + ": cannot be opened");
  Xxh3Stream stream;
  std::vector<char> piece(1 << 20);
  do {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    stream.add(std::as_bytes(std::span(piece).first(static_cast<std::size_t>(in.gcount()))));
  } while (in);
  if (!in.eof()) throw std::runtime_error(path.string() + ": cannot be read");
  return stream.digest();
}

void describe(const stdfs::path& path, const std::string& name, Walk& walk) {
  struct stat st;
  if (lstat(path.c_str(), &st) != 0)
    throw std::runtime_error(path.string() + ": cannot be examined");
  std::string text = std::format("mode={:o} owner={}:{} mtime={}.{:09}", st.st_mode, st.st_uid,
                                 st.st_gid, st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
  if (S_ISREG(st.st_mode))
    text += std::format(" size={} xxh3={}", st.st_size, digest_of(path).hex());
  if (S_ISLNK(st.st_mode)) text += " target=" + stdfs::read_symlink(path).string();
  if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)) {
    text += std::format(" device={}:{}", major(st.st_rdev), minor(st.st_rdev));
  }
  if (st.st_nlink > 1 && !S_ISDIR(st.st_mode)) {
    text += std::format(" links={} same-as={}", st.st_nlink,
                        walk.first_name.try_emplace(st.st_ino, name).first->second);
  }
  walk.tree[name] = text + extended_attributes(path);
}

void walk_folder(const stdfs::path& folder, const std::string& prefix, dev_t device, Walk& walk) {
  std::map<std::string, stdfs::path>
      sorted;  // so that the first name of a hard link is always the same
  for (const auto& entry : stdfs::directory_iterator(folder))
    sorted[entry.path().filename().string()] = entry.path();
  for (const auto& [leaf, path] : sorted) {
    const std::string name = prefix + leaf;
    describe(path, name, walk);
    struct stat st;
    if (lstat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode) && st.st_dev == device) {
      walk_folder(path, name + "/", device, walk);
    }
  }
}

}  // namespace

FileTree file_tree(const stdfs::path& top) {
  Walk walk;
  describe(top, "", walk);
  struct stat st;
  if (lstat(top.c_str(), &st) != 0) throw std::runtime_error(top.string() + ": cannot be examined");
  walk_folder(top, "", st.st_dev, walk);
  return std::move(walk.tree);
}

std::optional<std::string> why_no_mount() {
  if (geteuid() != 0) return "mounting an image needs root";
  if (!run({.argv = {"losetup", "--find"}}).ok()) return "no loop device to mount an image with";
  return std::nullopt;
}

FileTree ext_tree(const stdfs::path& disk, const Range& volume) {
  const TempDir place("drydock-mount");
  const Mounted mounted(
      {"mount", "-t", "ext4", "-o",
       std::format("ro,noload,loop,offset={},sizelimit={}", volume.offset, volume.size),
       disk.string(), place.path().string()},
      place.path());
  return file_tree(mounted.path());
}

FileTree fat_tree(const stdfs::path& disk, const Range& volume) {
  const TempDir copy("drydock-fat");
  must_run(
      {.argv = {"mcopy", "-s", "-p", "-m", "-Q", "-n", "-i",
                std::format("{}@@{}", disk.string(), volume.offset), "::/", copy.path().string()},
       .env = {{"MTOOLS_SKIP_CHECK", "1"}}});
  FileTree tree = file_tree(copy.path());
  tree.erase("");  // the folder that mcopy copied into
  return tree;
}

std::string to_text(const FileTree& tree) {
  std::string all;
  for (const auto& [name, text] : tree) all += name + '\t' + text + '\n';
  return all;
}

FileTree from_text(std::string_view text) {
  FileTree tree;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) continue;
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos)
      throw std::runtime_error("not a line of a file tree: " + std::string(line));
    tree[std::string(line.substr(0, tab))] = line.substr(tab + 1);
  }
  return tree;
}

std::string difference(const FileTree& a, const FileTree& b) {
  constexpr std::size_t kMost = 10;
  std::vector<std::string> found;
  for (const auto& [name, text] : a) {
    const auto other = b.find(name);
    if (other == b.end()) found.push_back("/" + name + ": gone");
    if (other != b.end() && other->second != text) {
      found.push_back("/" + name + ":\n  " + text + "\n  " + other->second);
    }
  }
  for (const auto& [name, text] : b) {
    if (!a.contains(name)) found.push_back("/" + name + ": new");
  }
  if (found.empty()) return "same";
  std::string all = std::to_string(found.size()) + " differences";
  for (std::size_t i = 0; i < std::min(found.size(), kMost); ++i) all += "\n" + found[i];
  return all;
}

}  // namespace drydock::test
