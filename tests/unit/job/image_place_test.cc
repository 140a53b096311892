#include "job/image_place.h"

#include <boost/test/unit_test.hpp>

#include "support/skip.h"
#include "support/temp_dir.h"
#include "sys/fake_machine.h"
#include "unit/job/computer.h"

namespace drydock::job {
namespace {

class Jo : public Person {
 public:
  Result<std::string> password(const std::string&) override { return std::string("right"); }
  Result<void> confirm_key(const std::string&, const std::string&) override { return {}; }
};

Url url_of(std::string_view text) {
  return *parse_url(text);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(job_image_place)

BOOST_AUTO_TEST_CASE(a_path_stays_what_it_is) {
  const drydock::test::TempDir dir;
  sys::FakeMachine machine(dir.path());
  for (const char* path : {"/mnt/x.img.zst", "x", "-"})
    BOOST_TEST(ImagePlace::open(machine, path, sys::Access::read_write, nullptr)->path() == path);
  BOOST_TEST(machine.mounted().empty());
}

BOOST_AUTO_TEST_CASE(a_share_is_there_as_long_as_it_is_needed) {
  const drydock::test::TempDir dir;
  sys::FakeMachine machine(dir.path());
  const Url folder = url_of("smb://jo@nas/s/pcs");
  machine.add_share(folder, "right");
  Jo jo;
  {
    const auto place =
        ImagePlace::open(machine, "smb://jo@nas/s/pcs/a%20b.img", sys::Access::read_write, &jo);
    BOOST_REQUIRE(place.has_value());
    BOOST_TEST(place->path() == machine.volume_folder(folder.text()) + "/a b.img");
    BOOST_TEST(machine.unmounted().empty());
  }
  BOOST_TEST((machine.mounted() == std::vector<std::string>{folder.text() + " rw"}));
  BOOST_TEST(machine.unmounted().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_root_of_an_export) {
  const drydock::test::TempDir dir;
  sys::FakeMachine machine(dir.path());
  machine.add_share(url_of("nfs://nas/"));
  const auto place = ImagePlace::open(machine, "nfs://nas/x.img", sys::Access::read_only, nullptr);
  BOOST_REQUIRE(place.has_value());
  BOOST_TEST(place->path().ends_with("/x.img"));
}

BOOST_FIXTURE_TEST_CASE(a_volume_by_its_label, test::Computer) {
  if (const auto why = add_stick("/dev/sdb")) return drydock::test::skip(*why);
  const std::string root = machine.volume_folder("/dev/sdb");
  {
    const auto place = ImagePlace::open(machine, "volume://IMAGES/pcs/x.img.zst",
                                        sys::Access::read_write, nullptr);
    BOOST_REQUIRE(place.has_value());
    BOOST_TEST(place->path() == root + "/pcs/x.img.zst");
    BOOST_TEST((machine.mounted() == std::vector<std::string>{"/dev/sdb rw"}));
  }
  BOOST_TEST((machine.unmounted() == std::vector<std::string>{root}));
  {
    // It was mounted by somebody else, and stays so.
    BOOST_TEST(machine.mount("/dev/sdb", sys::Access::read_only).has_value());
    const auto place =
        ImagePlace::open(machine, "volume://sdb/x.img.zst", sys::Access::read_only, nullptr);
    BOOST_TEST(place.has_value());
  }
  BOOST_TEST(machine.unmounted().size() == 1u);
  const auto refusal = [&](const char* url) {
    const auto place = ImagePlace::open(machine, url, sys::Access::read_write, nullptr);
    return place ? "taken" : place.error().sentence();
  };
  BOOST_TEST(refusal("volume://images/x").contains("neither the label nor the UUID nor the name"));
  if (const auto why = add_stick("/dev/sdc")) return drydock::test::skip(*why);
  BOOST_TEST(refusal("volume://IMAGES/x").contains("2 volumes: /dev/sdb, /dev/sdc"));
}

BOOST_AUTO_TEST_CASE(refused_before_anything_is_connected) {
  const drydock::test::TempDir dir;
  sys::FakeMachine machine(dir.path());
  machine.add_share(url_of("smb://jo@nas/s"), "right");
  const auto refusal = [&](const char* url) {
    const auto place = ImagePlace::open(machine, url, sys::Access::read_write, nullptr);
    return place ? "taken" : place.error().sentence();
  };
  BOOST_TEST(refusal("smb://jo@nas/s").contains("names a folder"));
  BOOST_TEST(refusal("smb://jo@nas/s/x/").contains("names a folder"));
  BOOST_TEST(refusal("smb://jo:pw@nas/s/x").contains("--password-file"));
  BOOST_TEST(refusal("smb://jo@nas/s/x").contains("nobody can be asked"));
  BOOST_TEST(machine.mounted().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::job
