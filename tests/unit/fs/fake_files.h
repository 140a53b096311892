// A filesystem in a map, for the tests of what reads files.
#pragma once

#include <string>
#include <vector>

#include "fs/files.h"

namespace drydock::test {

class FakeFiles : public fs::Files {
 public:
  FakeFiles() { nodes_.push_back({fs::FileNode::Kind::folder, "", 0, ""}); }

  // Folders on the way are made.
  void add_file(std::string_view path, std::string content) {
    add(path, fs::FileNode::Kind::file, std::move(content));
  }
  void add_link(std::string_view path, std::string target) {
    add(path, fs::FileNode::Kind::link, std::move(target));
  }

  Result<fs::FileNode> root() override { return node(0); }
  Result<fs::FileNode> node(std::uint64_t id) override {
    return fs::FileNode{.kind = nodes_[id].kind, .id = id, .bytes = nodes_[id].content.size()};
  }
  Result<void> list(const fs::FileNode& folder, const Visit& visit) override {
    for (std::uint64_t id = 1; id < nodes_.size(); ++id)
      if (nodes_[id].parent == folder.id && !visit(nodes_[id].name, id)) return {};
    return {};
  }
  Result<void> read(const fs::FileNode& file, std::uint64_t offset, MutableBytes into) override {
    const Bytes all = as_bytes(nodes_[file.id].content);
    std::ranges::copy(all.subspan(offset, into.size()), into.begin());
    return {};
  }

 private:
  struct Node {
    fs::FileNode::Kind kind;
    std::string name;
    std::uint64_t parent;
    std::string content;
  };

  void add(std::string_view path, fs::FileNode::Kind kind, std::string content) {
    std::uint64_t parent = 0;
    while (true) {
      const std::size_t slash = path.find('/');
      const std::string_view name = path.substr(0, slash);
      if (slash == std::string_view::npos) {
        nodes_.push_back({kind, std::string(name), parent, std::move(content)});
        return;
      }
      parent = folder(parent, name);
      path.remove_prefix(slash + 1);
    }
  }

  std::uint64_t folder(std::uint64_t parent, std::string_view name) {
    for (std::uint64_t id = 1; id < nodes_.size(); ++id)
      if (nodes_[id].parent == parent && nodes_[id].name == name) return id;
    nodes_.push_back({fs::FileNode::Kind::folder, std::string(name), parent, ""});
    return nodes_.size() - 1;
  }

  std::vector<Node> nodes_;
};

}  // namespace drydock::test
