#include "fs/lvm_text.h"

#include <algorithm>
#include <charconv>
#include <format>

#include "fs/read.h"

namespace drydock::fs {
namespace {

// LVM itself nests four deep; the numbers bound memory (about 30 MiB) far above any real group.
constexpr std::size_t kDeepest = 8;
constexpr std::size_t kMostItems = 400'000;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0';
}

bool is_word(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '+';
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<LvmNode> run();

 private:
  Result<void> item(LvmNode& into);
  Result<void> values(LvmNode& setting);
  Result<LvmNode::Value> value();
  Result<LvmNode::Value> quoted();
  static Result<void> check_names(const LvmNode& section);

  void skip_space();
  bool take(char c);
  std::string_view word();
  Result<void> count_one();
  std::unexpected<Error> wrong(std::string_view what) const {
    return lvm_damaged(std::format("{} at byte {}", what, at_));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t items_ = 0;
  std::vector<LvmNode> open_;  // the sections that are not closed yet, outermost first
};

Result<LvmNode> Parser::run() {
  open_.resize(1);
  open_.front().section = true;
  for (skip_space(); at_ < text_.size(); skip_space()) {
    if (!take('}')) {
      TRY(item(open_.back()));
      continue;
    }
    if (open_.size() == 1) return wrong("a section ends that has not begun");
    TRY(check_names(open_.back()));
    LvmNode done = std::move(open_.back());
    open_.pop_back();
    open_.back().children.push_back(std::move(done));
  }
  if (open_.size() != 1) return wrong("a section does not end");
  TRY(check_names(open_.front()));
  return std::move(open_.front());
}

// A setting, or the beginning of a section.
Result<void> Parser::item(LvmNode& into) {
  TRY(count_one());
  LvmNode node;
  node.name = word();
  if (node.name.empty()) return wrong("a name is missing");
  skip_space();
  if (take('{')) {
    if (open_.size() == kDeepest) return wrong("sections too deep");
    node.section = true;
    open_.push_back(std::move(node));
    return {};
  }
  if (!take('=')) return wrong("a name without a value");
  TRY(values(node));
  into.children.push_back(std::move(node));
  return {};
}

Result<void> Parser::values(LvmNode& setting) {
  skip_space();
  if (!take('[')) {
    setting.values.push_back(TRY(value()));
    return {};
  }
  for (skip_space(); !take(']'); skip_space()) {
    if (!setting.values.empty() && !take(',')) return wrong("a list without commas");
    skip_space();
    if (take(']')) return {};
    setting.values.push_back(TRY(value()));
  }
  return {};
}

Result<LvmNode::Value> Parser::value() {
  TRY(count_one());
  if (take('"')) return quoted();
  LvmNode::Value found;
  found.text = word();
  if (found.text.empty()) return wrong("a value is missing");
  std::uint64_t number = 0;
  const char* const end = found.text.data() + found.text.size();
  const auto [stop, error] = std::from_chars(found.text.data(), end, number);
  if (error == std::errc() && stop == end) found.number = number;
  return found;
}

Result<LvmNode::Value> Parser::quoted() {
  const std::size_t start = at_;
  for (; at_ < text_.size() && text_[at_] != '"'; ++at_)
    if (text_[at_] == '\\') ++at_;
  if (at_ >= text_.size()) return wrong("a text does not end");
  return LvmNode::Value{text_.substr(start, at_++ - start), std::nullopt};
}

Result<void> Parser::check_names(const LvmNode& section) {
  std::vector<std::string_view> names;
  names.reserve(section.children.size());
  for (const LvmNode& node : section.children) names.push_back(node.name);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice == names.end()) return {};
  return lvm_damaged("a name that is there twice");
}

void Parser::skip_space() {
  for (; at_ < text_.size(); ++at_) {
    if (text_[at_] == '#')
      at_ = std::min(text_.size() - 1, text_.find('\n', at_));
    else if (!is_space(text_[at_]))
      return;
  }
}

bool Parser::take(char c) {
  const bool here = at_ < text_.size() && text_[at_] == c;
  if (here) ++at_;
  return here;
}

std::string_view Parser::word() {
  const std::size_t start = at_;
  while (at_ < text_.size() && is_word(text_[at_])) ++at_;
  return text_.substr(start, at_ - start);
}

Result<void> Parser::count_one() {
  if (++items_ > kMostItems) return fail(doubt("its LVM metadata is larger than Drydock reads"));
  return {};
}

}  // namespace

std::unexpected<Error> lvm_damaged(std::string_view what) {
  return fail(doubt(std::format("its LVM metadata is damaged ({})", what)));
}

const LvmNode* LvmNode::child(std::string_view wanted) const {
  const auto found = std::ranges::find(children, wanted, &LvmNode::name);
  return found == children.end() ? nullptr : &*found;
}

const LvmNode* LvmNode::section_named(std::string_view wanted) const {
  const LvmNode* found = child(wanted);
  return found != nullptr && found->section ? found : nullptr;
}

std::optional<std::uint64_t> LvmNode::number(std::string_view wanted) const {
  const auto found = list(wanted);
  return found.size() == 1 ? found[0].number : std::nullopt;
}

std::string_view LvmNode::text(std::string_view wanted) const {
  const auto found = list(wanted);
  return found.size() == 1 && !found[0].number ? found[0].text : std::string_view();
}

std::span<const LvmNode::Value> LvmNode::list(std::string_view wanted) const {
  const LvmNode* found = child(wanted);
  if (found == nullptr || found->section) return {};
  return found->values;
}

Result<LvmNode> parse_lvm_text(std::string_view text) {
  return Parser(text).run();
}

}  // namespace drydock::fs
