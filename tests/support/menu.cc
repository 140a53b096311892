#include "support/menu.h"

#include <stdexcept>

namespace drydock::test {
namespace {

using std::chrono::seconds;

constexpr std::string_view kHome = "What would you like to do?";
constexpr seconds kJob{3600};  // emulated, on a machine that does other things as well

}  // namespace

void Menu::step(std::string_view what) {
  if (narrator_) narrator_(what);
}

void Menu::choose(std::string_view entry) {
  console_.wait_for(entry);
  console_.select(entry);
  step("choose “" + std::string(entry) + "”");
  console_.press("ret");
}

void Menu::reach(std::string_view title) {
  console_.wait_for(title);
}

// A page that ends a job says in its title what became of it; a failure is told at once with its
// screen.
void Menu::finish(std::string_view success, seconds limit) {
  bool failed = false;
  console_.vm().wait_until(
      "“" + std::string(success) + "”",
      [&] {
        const std::string text = console_.text();
        failed = false;
        for (const char* how : {": failed", ": stopped", ": the image is damaged", ": done, but"}) {
          failed = failed || text.contains(how);
        }
        return failed || text.contains(success);
      },
      limit);
  if (failed)
    throw std::runtime_error("not “" + std::string(success) + "” but:\n" + console_.text());
  step("it says “" + std::string(success) + "”");
  console_.press("ret");
  wait_for_home();
}

void Menu::wait_for_home(seconds limit) {
  console_.wait_for(kHome, limit);
}

void Menu::prepare_save(std::string_view disk, std::string_view device) {
  choose("Save a disk");
  reach("Save: which disk?");
  choose(disk);
  reach("Save: where to?");
  choose(device);
  reach("Save: name of the image");
  console_.wait_for(".img.zst");  // the proposed name
  step("accept the proposed name");
  console_.press("ret");
  reach("Save: is this right?");
}

void Menu::go_home() {
  constexpr int kDeepest = 10;
  for (int i = 0; i < kDeepest && !console_.shows(kHome); ++i) console_.press("esc");
  wait_for_home();
}

void Menu::save(std::string_view disk, std::string_view device) {
  prepare_save(disk, device);
  step("start");
  console_.press("ret");
  finish("Save: done", kJob);
}

void Menu::restore(std::string_view device, std::string_view disk) {
  choose("Restore an image");
  reach("Restore: where is the image?");
  choose(device);
  reach("Restore: which image?");
  choose(".img.zst");
  reach("Restore: onto which disk?");
  choose(disk);
  reach("Restore: is this right?");
  console_.wait_for("WILL BE OVERWRITTEN");
  step("type the disk's serial number, " + std::string(disk));
  console_.type(disk);
  console_.press("ret");
  finish("Restore: done", kJob);
}

void Menu::verify(std::string_view device) {
  choose("Verify an image");
  reach("Verify: where is the image?");
  choose(device);
  reach("Verify: which image?");
  choose(".img.zst");
  finish("Verify: the image is whole", kJob);
}

void Menu::power_off() {
  choose("Power off");
  reach("Power off this computer?");
  console_.press("ret");
  console_.vm().wait_until_off();
}

}  // namespace drydock::test
