#include "tui/page.h"

#include "tui/pages/pages.h"

namespace drydock::tui {

const Page& page_of(PageId id) {
  switch (id) {
    case PageId::home:
      return kHomePage;
    case PageId::source:
      return kSourcePage;
    case PageId::depth:
      return kDepthPage;
    case PageId::destination:
      return kDestinationPage;
    case PageId::server:
      return kServerPage;
    case PageId::server_key:
      return kServerKeyPage;
    case PageId::keyboard:
      return kKeyboardPage;
    case PageId::address:
      return kAddressPage;
    case PageId::name:
      return kNamePage;
    case PageId::image:
      return kImagePage;
    case PageId::target:
      return kTargetPage;
    case PageId::summary:
      return kSummaryPage;
    case PageId::progress:
      return kProgressPage;
    case PageId::done:
      return kDonePage;
    case PageId::log:
      return kLogPage;
    case PageId::power:
      return kPowerPage;
  }
  return kHomePage;
}

}  // namespace drydock::tui
