#pragma once

#include "tui/page.h"

namespace drydock::tui {

extern const Page kHomePage;         // what to do, and the drives
extern const Page kSourcePage;       // save, clone, evaluate: which disk
extern const Page kDepthPage;        // evaluate: quick or full
extern const Page kDestinationPage;  // save: where to; verify, restore: where the image is
extern const Page kServerPage;       // save: where to; verify, restore: where from, on the network
extern const Page kServerKeyPage;    // is this the right server?
extern const Page kAddressPage;      // of this computer
extern const Page kNamePage;         // save: folder, name and note
extern const Page kImagePage;        // verify, restore: which image
extern const Page kTargetPage;       // restore: which disk is to be overwritten
extern const Page kSummaryPage;      // what is about to happen
extern const Page kProgressPage;     // it happens
extern const Page kDonePage;         // how it ended
extern const Page kLogPage;
extern const Page kPowerPage;
extern const Page kKeyboardPage;

inline bool never_typing(const Model&) {
  return false;
}

}  // namespace drydock::tui
