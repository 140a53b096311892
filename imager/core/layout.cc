#include "core/layout.h"

namespace drydock {

std::string_view table_name(TableKind kind) {
  switch (kind) {
    case TableKind::none:
      return "none";
    case TableKind::mbr:
      return "MBR";
    case TableKind::gpt:
      return "GPT";
    case TableKind::apm:
      return "APM";
  }
  return "none";
}

}  // namespace drydock
