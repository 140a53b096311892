#include "tui/navigation.h"
#include "tui/pages/network_lines.h"
#include "tui/pages/pages.h"
#include "tui/pages/parts.h"
#include "tui/words.h"

namespace drydock::tui {
namespace {

using namespace ftxui;

enum Field { kPort, kAddress, kGateway, kNameserver, kFields };

std::string title(const Model&) {
  return "The address of this computer";
}

const std::vector<NetworkPort>& ports(const Model& model) {
  static const std::vector<NetworkPort> kNone;
  return model.network ? model.network->ports : kNone;
}

const NetworkPort* marked_port(const Model& model) {
  const auto row = static_cast<std::size_t>(model.address_form.port.row);
  return row < ports(model).size() ? &ports(model)[row] : nullptr;
}

Effects choose(Model& model) {
  const NetworkPort* port = marked_port(model);
  if (port == nullptr) return {};
  const AddressForm& form = model.address_form;
  const AddressChoice choice{.port = port->name,
                             .dhcp = form.address.empty(),
                             .address = form.address.text(),
                             .gateway = form.gateway.text(),
                             .nameserver = form.nameserver.text()};
  return {ChooseAddress{wait_for(model, "Setting the address of " + port->name), choice}};
}

TextField* field_of(AddressForm& form) {
  if (form.field == kAddress) return &form.address;
  if (form.field == kGateway) return &form.gateway;
  return form.field == kNameserver ? &form.nameserver : nullptr;
}

Effects press(Model& model, const Key& key) {
  AddressForm& form = model.address_form;
  if (key.code == KeyCode::enter) return choose(model);
  if (key.code == KeyCode::tab || key.code == KeyCode::back_tab) {
    form.field = (form.field + (key.code == KeyCode::tab ? 1 : kFields - 1)) % kFields;
    return {};
  }
  TextField* field = field_of(form);
  if (field == nullptr)
    form.port.move(key, static_cast<int>(ports(model).size()));
  else if (field->edit(key))
    model.flow().problem.reset();
  return {};
}

Element port_list(const Model& model, const Look& look) {
  if (ports(model).empty()) return vbox(network_lines(model, look.columns - 2));
  std::vector<Row> rows;
  for (const NetworkPort& port : ports(model))
    rows.push_back({{cut(port_words(port), look.columns - 4)}, {}});
  return choice_list(rows, model.address_form.port.row, look.columns - 2);
}

Element view(const Model& model, const Look& look) {
  const AddressForm& form = model.address_form;
  Elements out = lines(
      "An address has its prefix length: 192.168.1.20/24. Gateway and name server may stay empty. "
      "Without an address the port asks for one by DHCP.",
      look.columns);
  out.push_back(text(""));
  out.push_back(field_line("Address", form.address, form.field == kAddress, look));
  out.push_back(field_line("Gateway", form.gateway, form.field == kGateway, look));
  out.push_back(field_line("Name server", form.nameserver, form.field == kNameserver, look));
  out.push_back(text(""));
  out.push_back(box("Port", port_list(model, look)) | flex);
  append(out, state_lines(model, look));
  return vbox(std::move(out));
}

std::vector<Hint> hints(const Model& model) {
  const bool dhcp = model.address_form.address.empty();
  return {{"Enter", dhcp ? "Ask by DHCP" : "Use this address"}, {"Tab", "Next field"}};
}

bool typing(const Model& model) {
  return model.address_form.field != kPort;
}

}  // namespace

const Page kAddressPage{title, press, view, hints, typing};

}  // namespace drydock::tui
