#include "job/record.h"

#include <boost/test/unit_test.hpp>

#include "support/files.h"
#include "support/temp_dir.h"
#include "sys/fake_machine.h"

namespace drydock::job {
namespace {

struct Fixture {
  drydock::test::TempDir dir;
  sys::FakeMachine machine{dir.path() / "machine"};
  NullObserver nobody;
  Record record{"save", nobody};

  std::string kept() {
    const auto name = record.keep(machine, (dir / "x.img.zst").string(), nullptr);
    return name ? drydock::test::read_file(*name) : name.error().sentence();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_record, Fixture)

BOOST_AUTO_TEST_CASE(what_was_done_is_beside_the_image) {
  Summary summary;
  summary.command = "imager save /dev/sda x";
  summary.reads = {"WDC WD5000, 500 GB"};
  record.planned(summary);
  record.on(Notice{"the server answers again"});
  record.on(Progress{});
  record.on(Unreadable{{4096, 512}, "/dev/sda2 (ext4)"});
  Report report;
  report.lines = {"Saved it all"};
  record.ended(report);
  BOOST_TEST(kept() ==
             "save, 2026-11-25T08:15:00Z, drydock 0.1.0\n\n"
             "Command: imager save /dev/sda x\n"
             "Reads: WDC WD5000, 500 GB\n"
             "Notice: the server answers again\n"
             "Unreadable: bytes 4096 to 4608 (/dev/sda2 (ext4))\n"
             "Saved it all\n");
  BOOST_TEST(std::filesystem::exists(dir / "x.img.zst.save-2026-11-25T081500Z.txt"));
}

BOOST_AUTO_TEST_CASE(a_failure_is_kept_too_and_nothing_is_overwritten) {
  record.ended(fail(environment_error("/dev/sda", "went away", "Attach it again")));
  BOOST_TEST(kept().contains("Failed: /dev/sda: went away"));
  BOOST_TEST(kept().contains("exists already"));
}

BOOST_AUTO_TEST_CASE(a_drive_that_fails_all_over_does_not_fill_it) {
  for (std::uint64_t i = 0; i < 20'000; ++i) record.on(Unreadable{{i * 512, 512}, ""});
  BOOST_TEST(kept().ends_with("and 10000 lines more\n"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::job
