#include "sys/device_target.h"

#include <algorithm>
#include <format>

#include "io/file_sink.h"
#include "sys/block_tree.h"
#include "sys/disks.h"
#include "sys/identity.h"
#include "sys/in_use.h"

namespace drydock::sys {
namespace {

// Shuts the gate behind a target.
class GatedSink : public io::BlockSink {
 public:
  GatedSink(std::unique_ptr<io::BlockSink> inner, WriteGate& gate, std::string name)
      : inner_(std::move(inner)), gate_(gate), name_(std::move(name)) {}
  ~GatedSink() override {
    inner_.reset();  // the gate holds the device exclusively for a moment
    // Nobody is left to tell; the device stays on the list of writable ones.
    [[maybe_unused]] const Result<void> shut = gate_.shut(name_);
  }

  const Geometry& geometry() const override { return inner_->geometry(); }
  std::string name() const override { return inner_->name(); }
  Result<void> write_at(std::uint64_t offset, Bytes bytes) override {
    return inner_->write_at(offset, bytes);
  }
  Result<void> zero_at(std::uint64_t offset, std::uint64_t length) override {
    return inner_->zero_at(offset, length);
  }
  Result<void> flush() override { return inner_->flush(); }

 private:
  std::unique_ptr<io::BlockSink> inner_;
  WriteGate& gate_;
  std::string name_;
};

std::string described(const Target& target) {
  return std::format("{} {}, {} bytes", target.id.model.empty() ? "a drive" : target.id.model,
                     target.id.serial.empty() ? "without a serial number" : target.id.serial,
                     target.bytes);
}

Result<void> check_same(const SysTree& tree, const std::string& name, const Target& agreed) {
  const Target now = TRY(device_target(tree, name));
  if (now.id == agreed.id && now.bytes == agreed.bytes) return {};
  return fail(environment_error(agreed.path,
                                std::format("is not the drive that was confirmed ({}) but another "
                                            "one ({})",
                                            described(agreed), described(now)),
                                "List the drives again"));
}

}  // namespace

Result<Target> device_target(const SysTree& tree, const std::string& name) {
  constexpr std::uint64_t kSysfsSector = 512;
  const std::string disk = whole_disk(tree, name);
  const std::uint64_t sectors = tree.number(sysfs_folder(name) + "/size");
  if (sectors == 0 || !medium_present(tree, disk))
    return fail(
        environment_error(device_path(name), "holds no medium or has no size", "Insert a medium"));
  return Target{.path = device_path(name),
                .id = read_identity(tree, disk),
                .bytes = sectors * kSysfsSector,
                .is_file = false};
}

std::vector<std::string> obstacles(const SysTree& tree, const std::string& name, bool live) {
  std::vector<std::string> reasons = Uses(tree).reasons(name);
  if (!live && tree.number(sysfs_folder(name) + "/ro") != 0)
    reasons.push_back(device_path(name) + " is read-only");
  return reasons;
}

Result<std::unique_ptr<io::BlockSink>> open_device_target(const SysTree& tree, WriteGate& gate,
                                                          const Consent& consent, bool live) {
  const Target& agreed = consent.target();
  const auto name = block_name(tree, agreed.path);
  if (!name)
    return fail(environment_error(agreed.path, "there is no such device any more",
                                  "List the drives again"));
  TRY(check_same(tree, *name, agreed));
  const std::vector<std::string> reasons = obstacles(tree, *name, live);
  if (!reasons.empty())
    return fail(environment_error({}, reasons.front(), "Free it first, then start again"));
  const Result<void> opened = gate.open(*name);
  Result<std::unique_ptr<io::BlockSink>> sink =
      opened ? io::open_file_sink(consent) : fail(opened.error());
  // Made even when it failed: its end shuts the gate.
  auto gated = std::make_unique<GatedSink>(sink ? std::move(*sink) : nullptr, gate, *name);
  if (!sink) return fail(sink.error());
  // While it is open its name cannot pass to another drive: this look counts.
  TRY(check_same(tree, *name, agreed));
  return gated;
}

}  // namespace drydock::sys
