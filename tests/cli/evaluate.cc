// A drive is evaluated as a person does it, with a smartctl of the test's own; nothing is written
// to the drive.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "support/files.h"
#include "support/imager.h"
#include "support/loop_device.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMiB = 1024 * 1024;

struct Drive {
  Drive() : content(folder / "disk"), bin(folder / "bin") {
    std::filesystem::create_directory(bin);
    make_sparse(content, 64 * kMiB);
    write_range(content, kMiB, std::string(kMiB, 'x'));
  }

  // A smartctl that says this of any drive, and writes down what it was asked.
  void smartctl(const Json& says, int status = 0) const {
    write_file(folder / "says.json", says.dump(1));
    const auto program = bin / "smartctl";
    write_file(program, "#!/bin/sh\necho \"$@\" >'" + (folder / "asked").string() + "'\ncat '" +
                            (folder / "says.json").string() + "'\nexit " + std::to_string(status) +
                            "\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  }

  Outcome evaluate(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "evaluate");
    Command command = imager_command(std::move(arguments));
    command.env["PATH"] = bin.string() + ":/usr/bin:/bin";
    return run(command);
  }

  TempDir folder;
  std::filesystem::path content, bin;
};

Json golden(const std::string& name) {
  return Json::parse(read_file("tests/golden/smart/" + name + ".json"));
}

BOOST_AUTO_TEST_SUITE(evaluate)

BOOST_FIXTURE_TEST_CASE(a_drive_with_its_health_surface_and_speed, Drive) {
  if (const auto why = no_loop_device()) return skip(*why);
  const LoopDevice device(content);
  const std::string before = sha256(content);
  Json health = golden("ata-hdd-many-reallocated");
  health["user_capacity"]["bytes"] = 64 * kMiB;
  smartctl(health, 64);  // there are errors in its log
  const auto html = folder / "report.html";
  const Outcome outcome = evaluate({device.path(), "--report", html});
  BOOST_TEST(outcome.status == 0, outcome.describe());
  BOOST_TEST(outcome.out.starts_with("Replace: "), outcome.out);
  BOOST_TEST(outcome.out.contains("304 sectors were replaced by spare ones"), outcome.out);
  BOOST_TEST(outcome.out.contains("64.0 MiB of 64.0 MiB"), outcome.out);
  BOOST_TEST(outcome.out.contains("4 KiB, 32 at once"), outcome.out);
  BOOST_TEST(read_file(folder / "asked") == "--json --xall " + device.path() + "\n");
  BOOST_TEST(read_file(html).contains("304 sectors were replaced"));
  BOOST_TEST(sha256(content) == before);
}

BOOST_FIXTURE_TEST_CASE(json_and_a_comparison, Drive) {
  if (const auto why = no_loop_device()) return skip(*why);
  const LoopDevice device(content);
  Json health = golden("nvme-media-errors");
  health["user_capacity"]["bytes"] = 64 * kMiB;
  smartctl(health);
  const Outcome first = evaluate({device.path(), "--json", "--progress", "json"});
  BOOST_REQUIRE_MESSAGE(first.ok(), first.describe());
  const Json report = Json::parse(first.out);
  BOOST_TEST(report["verdict"] == "watch");
  BOOST_TEST(report["findings"][0]["key"] == "media_errors");
  BOOST_TEST(report["serial"] == "SERIAL");
  BOOST_TEST(report["surface"]["bytes_read"] == 64 * kMiB);
  BOOST_TEST(report["speed"]["random"].size() == 2u);
  BOOST_TEST(first.err.contains(R"({"event":"began","phase":"surface")"), first.err);

  write_file(folder / "old.json", first.out);
  health["nvme_smart_health_information_log"]["media_errors"] = 9;
  smartctl(health);
  const Outcome second = evaluate({device.path(), "--compare", folder / "old.json"});
  BOOST_TEST(second.ok(), second.describe());
  BOOST_TEST(second.out.starts_with("Replace: "), second.out);
  BOOST_TEST(second.out.contains("7 then, 9 now"), second.out);

  health["serial_number"] = "ANOTHER";
  smartctl(health);
  const Outcome third = evaluate({device.path(), "--compare", folder / "old.json"});
  BOOST_TEST(third.status == 2, third.describe());
  BOOST_TEST(third.err.contains("with serial number SERIAL"), third.err);
}

BOOST_FIXTURE_TEST_CASE(a_drive_about_to_fail_is_left_alone, Drive) {
  if (const auto why = no_loop_device()) return skip(*why);
  const LoopDevice device(content);
  smartctl(golden("ata-hdd-failed-usb"), 216);
  const Outcome outcome = evaluate({device.path()});
  BOOST_TEST(outcome.ok(), outcome.describe());
  BOOST_TEST(outcome.out.starts_with("Save your data now: "), outcome.out);
  BOOST_TEST(outcome.out.contains("The drive was not read"), outcome.out);
}

BOOST_FIXTURE_TEST_CASE(without_smartctl_the_rest_is_done, Drive) {
  if (have_program("/usr/bin/smartctl") || have_program("/bin/smartctl"))
    return skip("smartctl is installed here");
  if (const auto why = no_loop_device()) return skip(*why);
  const LoopDevice device(content);
  const Outcome outcome = evaluate({device.path(), "--full"});
  BOOST_TEST(outcome.ok(), outcome.describe());
  BOOST_TEST(outcome.out.contains("smartctl is not installed"), outcome.out);
  BOOST_TEST(outcome.out.contains("64.0 MiB of 64.0 MiB, from front to end"), outcome.out);
}

BOOST_FIXTURE_TEST_CASE(a_file_has_a_surface_only, Drive) {
  const Outcome outcome = evaluate({content});
  BOOST_TEST(outcome.ok(), outcome.describe());
  BOOST_TEST(outcome.out.contains("is a file and has no health record"), outcome.out);
  BOOST_TEST(outcome.out.contains("Speed was not measured"), outcome.out);
}

BOOST_FIXTURE_TEST_CASE(wrong_usage, Drive) {
  BOOST_TEST(evaluate({}).status == 2);
  BOOST_TEST(evaluate({content, "--quick", "--full"}).status == 2);
  BOOST_TEST(evaluate({content, "--report", folder / "report.pdf"}).status == 2);
  BOOST_TEST(evaluate({"/dev/no-such-disk"}).status == 1);
  BOOST_TEST(evaluate({content, "--compare", content}).status == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::test
