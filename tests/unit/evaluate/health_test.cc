// What smartctl says of real drives (tests/golden/smart) and of made-up ones against the verdict
// that a person needs.
#include "evaluate/health.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

#include "support/files.h"

namespace drydock::evaluate {
namespace {

Health health_of(std::string_view json) {
  auto health = read_health(json);
  BOOST_REQUIRE_MESSAGE(health.has_value(), (health ? std::string() : health.error().sentence()));
  return *health;
}

Health real(const std::string& name) {
  return health_of(drydock::test::read_file("tests/golden/smart/" + name + ".json"));
}

// The keys of what weighs more than "good", in order.
std::string reasons(const Health& health) {
  std::string keys;
  for (const Finding& finding : health.findings)
    if (finding.weight != Verdict::good) keys += (keys.empty() ? "" : " ") + finding.key;
  return keys;
}

const Finding* finding(const Health& health, std::string_view key) {
  const auto found = std::ranges::find(health.findings, key, &Finding::key);
  return found == health.findings.end() ? nullptr : &*found;
}

std::uint64_t counter(const Health& health, std::string_view key) {
  const auto found = std::ranges::find(health.counters, key, &Counter::key);
  BOOST_REQUIRE_MESSAGE(found != health.counters.end(), key);
  return found->value;
}

struct Expected {
  const char* name;
  const char* verdict;
  const char* reasons;
};

// Ages come from the files: seven of the disks have run for more than five years.
constexpr Expected kReal[] = {
    {"ata-hdd-good", "good", ""},
    {"ata-hdd-seagate-timeouts", "good", ""},
    {"ata-hdd-timeouts-split", "good", ""},
    {"ata-hdd-one-reallocated", "watch", "reallocated_sectors old"},
    {"ata-hdd-many-reallocated", "replace", "reallocated_sectors old"},
    {"ata-hdd-reported", "replace", "reported_uncorrectable old"},
    {"ata-hdd-crc", "watch", "crc_errors old"},
    {"ata-hdd-old-202", "watch", "old"},
    {"ata-hdd-hot", "watch", "hot"},
    {"ata-hdd-failed-usb", "save-now",
     "smart_failed attribute_failed pending_sectors reallocated_sectors self_test_failed old"},
    {"ata-ssd-samsung", "good", ""},
    {"ata-ssd-intel-worn", "watch", "wearing_out"},
    {"ata-ssd-micron", "good", ""},
    {"ata-ssd-kingston", "good", ""},
    {"ata-ssd-silicon-motion", "good", ""},
    {"nvme-good", "good", ""},
    {"nvme-media-errors", "watch", "media_errors"},
    {"nvme-backup-power", "replace", "backup_power_failed"},
    {"nvme-optane", "good", ""},
    {"nvme-wear-75", "good", ""},
    {"scsi-good", "good", ""},
    {"scsi-failing", "replace", "uncorrected_reads uncorrected_writes grown_defects"},
    {"scsi-old-format", "good", ""},
    {"raid-without-smart", "watch", "no_health"},
    {"not-opened", "watch", "no_health"},
};

std::string ata(const std::string& attributes, const std::string& more = {}) {
  return R"({"smartctl":{"exit_status":0},"device":{"protocol":"ATA","type":"sat"},"rotation_rate":7200,
    "smart_status":{"passed":true},"ata_smart_attributes":{"table":[)" +
         attributes + "]}" + more + "}";
}

std::string attribute(unsigned id, const std::string& name, const std::string& raw,
                      const std::string& failed = "", bool prefailure = true) {
  return R"({"id":)" + std::to_string(id) + R"(,"name":")" + name +
         R"(","value":90,"worst":90,"thresh":10,"when_failed":")" + failed +
         R"(","flags":{"prefailure":)" + (prefailure ? "true" : "false") + R"(},"raw":{"value":)" +
         std::to_string(std::atoi(raw.c_str())) + R"(,"string":")" + raw + R"("}})";
}

std::string tests(const std::string& rows) {
  return R"(,"ata_smart_self_test_log":{"extended":{"table":[)" + rows + "]}}";
}
constexpr const char* kLongPassed =
    R"({"type":{"value":2},"status":{"value":0,"string":"Completed without error","passed":true}})";
constexpr const char* kShortPassed =
    R"({"type":{"value":1},"status":{"value":0,"string":"Completed without error","passed":true}})";
constexpr const char* kLongStopped =
    R"({"type":{"value":2},"status":{"value":25,"string":"Aborted by host"}})";
constexpr const char* kLongFailed =
    R"({"type":{"value":2},"status":{"value":121,"string":"Completed: read failure","passed":false},"lba":1234})";

BOOST_AUTO_TEST_SUITE(evaluate_health)

BOOST_AUTO_TEST_CASE(verdicts_of_real_drives) {
  for (const Expected& expected : kReal) {
    const Health health = real(expected.name);
    BOOST_TEST(verdict_word(worst(health.findings)) == expected.verdict, expected.name);
    BOOST_TEST(reasons(health) == expected.reasons, expected.name << ": " << reasons(health));
  }
}

BOOST_AUTO_TEST_CASE(what_real_drives_count) {
  // 51540393996 is 0x000c'000c'000c: three counts of 12 in 48 bits.
  BOOST_TEST(counter(real("ata-hdd-seagate-timeouts"), "command_timeouts") == 12);
  BOOST_TEST(counter(real("ata-hdd-timeouts-split"), "command_timeouts") == 2);  // "2 2 2"
  BOOST_TEST(counter(real("ata-hdd-failed-usb"), "reallocated_sectors") == 1975);
  BOOST_TEST(counter(real("ata-hdd-failed-usb"), "pending_sectors") == 8);
  BOOST_TEST(counter(real("ata-hdd-crc"), "crc_errors") == 3118119);
  BOOST_TEST(counter(real("scsi-failing"), "uncorrected_writes") == 535);
  BOOST_TEST(counter(real("nvme-media-errors"), "media_errors") == 7);
  BOOST_TEST(counter(real("nvme-media-errors"), "spare_used_percent") == 1);
}

BOOST_AUTO_TEST_CASE(wear_under_the_names_of_several_makers) {
  BOOST_TEST(*real("ata-ssd-samsung").wear == 19);     // 177, from 100 down
  BOOST_TEST(*real("ata-ssd-intel-worn").wear == 85);  // 233 Media_Wearout_Indicator
  BOOST_TEST(*real("ata-ssd-micron").wear == 1);       // 202 Percent_Lifetime_Remain
  BOOST_TEST(*real("ata-ssd-kingston").wear == 26);    // 231; its 233 is gigabytes written
  BOOST_TEST(*real("nvme-wear-75").wear == 75);
  BOOST_TEST(!real("ata-hdd-old-202").wear);  // a disk's 202 is something else
}

BOOST_AUTO_TEST_CASE(what_a_drive_is) {
  const Health nvme = real("nvme-good");
  BOOST_TEST(nvme.protocol == "NVMe");
  BOOST_TEST(nvme.model == "Samsung SSD 970 EVO Plus 250GB");
  BOOST_TEST(nvme.solid_state);
  const Health usb = real("ata-hdd-failed-usb");
  BOOST_TEST(usb.model == "Hitachi HDS721050DLE630");
  BOOST_TEST(!usb.solid_state);
  BOOST_TEST(usb.link_now == "1.5 Gb/s");
  BOOST_TEST(usb.link_max_rate == 6'000'000'000U);
  BOOST_TEST(real("ata-ssd-samsung").security == "Disabled, NOT FROZEN [SEC1]");
  BOOST_TEST(real("scsi-failing").model == "SEAGATE ST373453LC");
}

BOOST_AUTO_TEST_CASE(sectors_that_cannot_be_read) {
  const Health pending = health_of(ata(attribute(197, "Current_Pending_Sector", "1")));
  BOOST_TEST(reasons(pending) == "pending_sectors");
  BOOST_TEST((worst(pending.findings) == Verdict::save_now));
  BOOST_TEST(finding(pending, "pending_sectors")->text.starts_with("1 sector is unreadable now"));
  BOOST_TEST(reasons(health_of(ata(attribute(198, "Offline_Uncorrectable", "3")))) ==
             "offline_uncorrectable");
  // The same number, something else.
  BOOST_TEST(reasons(health_of(ata(attribute(197, "Not_In_Use", "7")))).empty());
  BOOST_TEST(reasons(health_of(R"({"smartctl":{},"device":{"protocol":"SCSI"},
      "smart_status":{"passed":true},"scsi_pending_defects":{"count":2}})")) == "pending_sectors");
}

BOOST_AUTO_TEST_CASE(packed_raw_values_are_read_by_their_first_number) {
  const Health health = health_of(ata(attribute(5, "Reallocated_Sector_Ct", "12 (0 345)")));
  BOOST_TEST(counter(health, "reallocated_sectors") == 12);
  const Health odd = health_of(ata(attribute(5, "Reallocated_Sector_Ct", "0x000000000003")));
  BOOST_TEST(reasons(odd).empty());  // no count that could be trusted
}

BOOST_AUTO_TEST_CASE(motor_and_electronics) {
  BOOST_TEST(reasons(health_of(ata(attribute(10, "Spin_Retry_Count", "2")))) == "spin_retries");
  const std::string inside = attribute(184, "End-to-End_Error", "1");
  BOOST_TEST((worst(health_of(ata(inside)).findings) == Verdict::replace));
  // A disk that shingles its tracks has TRIM too.
  const std::string trim = R"(,"trim":{"supported":true})";
  BOOST_TEST((worst(health_of(ata(inside, trim)).findings) == Verdict::replace));
}

BOOST_AUTO_TEST_CASE(attributes_beyond_the_maker_s_limit) {
  const auto key = [](unsigned id, const char* failed, bool prefailure) {
    return reasons(health_of(ata(attribute(id, "Some_Attribute", "0", failed, prefailure))));
  };
  BOOST_TEST(key(3, "now", true) == "attribute_failed");
  BOOST_TEST(key(3, "past", true) == "attribute_failed_once");
  BOOST_TEST(key(9, "now", false) == "attribute_old");
  BOOST_TEST(key(190, "past", false).empty());
  BOOST_TEST(key(194, "now", false) == "attribute_heat");
}

BOOST_AUTO_TEST_CASE(self_tests_count_until_a_long_one_passes) {
  const auto judged = [](std::initializer_list<const char*> rows) {
    std::string all;
    for (const char* row : rows) all += (all.empty() ? "" : ",") + std::string(row);
    return reasons(health_of(ata("", tests(all))));
  };
  BOOST_TEST(judged({}).empty());
  BOOST_TEST(judged({kLongFailed}) == "self_test_failed");
  BOOST_TEST(judged({kShortPassed, kLongStopped, kLongFailed}) == "self_test_failed");
  BOOST_TEST(judged({kLongPassed, kLongFailed}).empty());
  const Health health = health_of(ata("", tests(kLongFailed)));
  BOOST_TEST(finding(health, "self_test_failed")->text.contains("at sector 1234"));
  BOOST_TEST(reasons(health_of(R"({"smartctl":{},"device":{"protocol":"NVMe"},
      "smart_status":{"passed":true},"nvme_self_test_log":{"table":[
      {"self_test_code":{"value":1},"self_test_result":{"value":7,"string":"failed"}}]}})")) ==
             "self_test_failed");
  BOOST_TEST(reasons(health_of(R"({"smartctl":{},"device":{"protocol":"SCSI"},
      "smart_status":{"passed":true},"scsi_self_test_0":{"code":{"value":2},
      "result":{"value":5,"string":"Failed in second segment"}}})")) == "self_test_failed");
}

BOOST_AUTO_TEST_CASE(warnings_of_nvme) {
  const auto judged = [](unsigned warning) {
    return health_of(
        R"({"smartctl":{},"device":{"protocol":"NVMe"},"smart_status":{"passed":false},
        "nvme_smart_health_information_log":{"critical_warning":)" +
        std::to_string(warning) +
        R"(,"available_spare":15,"available_spare_threshold":10,"percentage_used":101}})");
  };
  BOOST_TEST(reasons(judged(1)) == "spare_low worn_out spare_near");
  BOOST_TEST(reasons(judged(2)) == "worn_out hot_warning spare_near");
  BOOST_TEST(reasons(judged(4 + 8)) == "unreliable read_only worn_out spare_near");
  BOOST_TEST(reasons(judged(64)) == "smart_failed worn_out spare_near");  // of a later version
  BOOST_TEST(reasons(judged(0)) == "smart_failed worn_out spare_near");
}

BOOST_AUTO_TEST_CASE(a_bridge_without_smart_says_what_to_do) {
  const Health health = health_of(R"({"smartctl":{"exit_status":1,"messages":[
      {"string":"/dev/sdb: Unknown USB bridge [0x1234:0x5678 (0x100)]","severity":"error"}]}})");
  BOOST_TEST(reasons(health) == "no_health");
  BOOST_TEST(health.findings[0].text.contains("Unknown USB bridge"));
  BOOST_TEST(health.findings[0].text.contains("SATA port"));
}

BOOST_AUTO_TEST_CASE(smart_that_is_switched_off) {
  const std::string off = R"(,"smart_support":{"available":true,"enabled":false})";
  BOOST_TEST(reasons(health_of(ata("", off))) == "smart_off");
}

BOOST_AUTO_TEST_CASE(the_drive_s_own_limit_decides_what_is_hot) {
  const auto at = [](const std::string& heat) {
    return reasons(health_of(ata("", R"(,"temperature":{)" + heat + "}")));
  };
  BOOST_TEST(at(R"("current":59)").empty());
  BOOST_TEST(at(R"("current":60)") == "hot");
  BOOST_TEST(at(R"("current":64,"op_limit_max":65)").empty());
  BOOST_TEST(at(R"("current":56,"op_limit_max":55)") == "hot");
}

BOOST_AUTO_TEST_CASE(names_of_a_drive_are_made_safe) {
  const Health health = health_of(
      "{\"smartctl\":{},\"device\":{\"protocol\":\"ATA\"},\"model_name\":\"A\\u001b[2Jx\","
      "\"serial_number\":\"\xff\xfe"
      "1\",\"smart_status\":{\"passed\":true}}");
  BOOST_TEST(health.model == "A?[2Jx");
  BOOST_TEST(health.serial == "??1");
}

BOOST_AUTO_TEST_CASE(values_of_another_kind_are_unknown) {
  const Health health = health_of(R"({"smartctl":[],"device":{"protocol":"ATA"},"model_name":5,
      "rotation_rate":"fast","power_on_time":{"hours":-3},"temperature":[1],"ata_smart_attributes":
      {"table":[7,null,{"id":"5"},{"id":5,"name":"Reallocated_Sector_Ct","raw":9}]}})");
  BOOST_TEST(health.model.empty());
  BOOST_TEST(!health.hours);
  BOOST_TEST(reasons(health) == "no_health");
}

BOOST_AUTO_TEST_CASE(what_is_not_of_smartctl_is_refused) {
  for (const char* text : {"", "{", "[]", "{}", "smartctl: command not found"}) {
    const auto health = read_health(text);
    BOOST_REQUIRE(!health.has_value());
    BOOST_TEST((health.error().code == Code::bad_input));
  }
  BOOST_TEST(reasons(unknown_health("smartctl is not installed")) == "no_health");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::evaluate
