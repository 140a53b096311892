#include <format>

#include "base/text.h"
#include "base/units.h"
#include "job/describe.h"
#include "job/evaluation_report.h"
#include "job/svg_graph.h"

namespace drydock::job {
namespace {

// Light, dark and on paper; nothing is loaded from anywhere.
constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#5b6570;--line:#d8dde3;--panel:#f5f7f9;
--good:#1f7a45;--watch:#8a6100;--replace:#b4480f;--save:#b3261e;--curve:#1f5fa8}
@media(prefers-color-scheme:dark){:root{--paper:#15181c;--ink:#e6e9ed;--soft:#9aa5b1;--line:#343b43;--panel:#1d2126;
--good:#58c98a;--watch:#e0b040;--replace:#f08a4b;--save:#ff7b72;--curve:#6cb1ff}}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px 20px 48px;max-width:860px;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
h1{font-size:17px;margin:0 0 14px;font-weight:600}
h2{font-size:15px;margin:30px 0 8px;padding-bottom:4px;border-bottom:1px solid var(--line)}
.verdict{border:1px solid var(--line);border-left:8px solid var(--c);background:var(--panel);padding:14px 18px;border-radius:4px}
.verdict strong{display:block;font-size:26px;line-height:1.2;color:var(--c)}
.good{--c:var(--good)}.watch{--c:var(--watch)}.replace{--c:var(--replace)}.save-now{--c:var(--save)}
ul.findings{list-style:none;margin:16px 0 0;padding:0}
ul.findings li{display:grid;grid-template-columns:82px 1fr;gap:10px;padding:7px 0;border-bottom:1px solid var(--line)}
.tag{color:var(--c);font-weight:600;font-size:13px;line-height:1.7}
.left{--c:var(--soft)}
table{border-collapse:collapse;width:100%;font-size:14px}
td,th{text-align:left;padding:3px 12px 3px 0;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{color:var(--soft);font-weight:400}
.facts th{width:34%}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
tr.failed td{color:var(--save);font-weight:600}
figure{margin:12px 0}figcaption{color:var(--soft);font-size:13px}
svg{width:100%;height:auto;display:block}
svg text{fill:var(--soft);font-size:11px}
.grid{stroke:var(--line);stroke-width:1}
.curve{fill:none;stroke:var(--curve);stroke-width:2;stroke-linejoin:round}
rect.fine{fill:var(--curve)}rect.slow{fill:var(--watch)}rect.bad{fill:var(--save)}
.key span{margin-right:16px;white-space:nowrap}.key i{display:inline-block;width:10px;height:10px;margin-right:5px;background:var(--c)}
footer{margin-top:34px;color:var(--soft);font-size:13px}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--panel:#fff;
--good:#1f7a45;--watch:#8a6100;--replace:#b4480f;--save:#b3261e;--curve:#1f5fa8}
body{max-width:none;padding:0;font-size:12px}h2{break-after:avoid}figure,tr,li{break-inside:avoid}
rect,.verdict,.key i{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

class Page {
 public:
  explicit Page(const Evaluation& all) : all_(all) {}

  std::string text() {
    head();
    verdict();
    section("Drive", drive_facts_of(all_));
    section("Health", health_facts_of(all_));
    section("Surface", surface_facts_of(all_));
    surface_graph();
    areas();
    files();
    section("Speed", speed_facts_of(all_));
    curves();
    attributes();
    foot();
    return std::move(html_);
  }

 private:
  void head();
  void verdict();
  void finding(const std::string& kind, const std::string& tag, const std::string& sentence);
  void since();
  void section(const std::string& title, const std::vector<Fact>& facts);
  void surface_graph();
  void areas();
  void files();
  void curves();
  void figure(const std::string& svg, const std::string& caption);
  void attributes();
  void foot();

  std::string title() const { return describe_drive(all_.path, all_.id, all_.geometry.bytes); }

  const Evaluation& all_;
  std::string html_;
};

void Page::head() {
  html_ += std::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<title>{}: {}</title>\n<style>{}</style>\n</head>\n<body>\n<h1>{}</h1>\n",
      verdict_title(all_.verdict), escaped(title()), kStyle, escaped(title()));
}

void Page::verdict() {
  html_ += std::format(
      "<div class=\"verdict {}\"><strong>{}</strong>{}.</div>\n<ul class=\"findings\">\n",
      verdict_word(all_.verdict), verdict_title(all_.verdict), verdict_advice(all_.verdict));
  for (const evaluate::Finding& each : all_.findings)
    finding(std::string(verdict_word(each.weight)), weight_word(each.weight), each.text);
  for (const std::string& why : all_.skipped) finding("left", "left out", why);
  html_ += "</ul>\n";
  since();
}

void Page::finding(const std::string& kind, const std::string& tag, const std::string& sentence) {
  html_ += std::format("<li class=\"{}\"><span class=\"tag\">{}</span><span>{}.</span></li>\n",
                       kind, tag, escaped(sentence));
}

void Page::since() {
  if (!all_.since) return;
  html_ += std::format("<h2>Since {}</h2>\n", escaped(all_.since->time));
  if (all_.since->changes.empty()) html_ += "<p>Nothing got worse.</p>\n";
  for (const std::string& change : all_.since->changes)
    html_ += std::format("<p>{}</p>\n", escaped(change));
}

void Page::section(const std::string& title, const std::vector<Fact>& facts) {
  if (facts.empty()) return;
  html_ += std::format("<h2>{}</h2>\n<table class=\"facts\">\n", title);
  for (const Fact& fact : facts)
    html_ +=
        std::format("<tr><th>{}</th><td>{}</td></tr>\n", escaped(fact.name), escaped(fact.value));
  html_ += "</table>\n";
}

void Page::figure(const std::string& svg, const std::string& caption) {
  if (!svg.empty())
    html_ += std::format("<figure>{}<figcaption>{}</figcaption></figure>\n", svg, caption);
}

void Page::surface_graph() {
  if (!all_.surface) return;
  figure(svg_bands(all_.surface->bands, vendor_bytes(all_.geometry.bytes)),
         "The slowest read of a MiB in each part of the drive <span class=\"key\">"
         "<span style=\"--c:var(--curve)\"><i></i>read</span>"
         "<span style=\"--c:var(--watch)\"><i></i>slow, half a second or more</span>"
         "<span style=\"--c:var(--save)\"><i></i>cannot be read</span></span>");
}

void Page::areas() {
  if (all_.areas.empty()) return;
  html_ +=
      "<table>\n<tr><th class=\"n\">From byte</th><th class=\"n\">Length</th><th>What</th>"
      "<th>Where</th><th>In use</th></tr>\n";
  for (const Area& area : all_.areas) {
    const char* use = area.use == Area::Use::used     ? "yes"
                      : area.use == Area::Use::partly ? "in part"
                      : area.use == Area::Use::free   ? "no"
                                                      : "unknown";
    html_ += std::format(
        "<tr{}><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        area.bad ? " class=\"failed\"" : "", area.extent.offset, human_bytes(area.extent.length),
        area.bad ? "cannot be read" : "slow", escaped(area.volume), use);
  }
  html_ += "</table>\n";
  if (all_.areas_left_out > 0)
    html_ += std::format("<p>and {} more</p>\n", counted(all_.areas_left_out, "area"));
}

void Page::files() {
  if (all_.files.empty()) return;
  html_ +=
      "<table>\n<tr><th>File</th><th class=\"n\">Length</th><th class=\"n\">Cannot be read</th>"
      "<th>Where</th></tr>\n";
  for (const HitFile& hit : all_.files) {
    const bool known = hit.file.unknown.empty();
    html_ += std::format(
        "<tr class=\"failed\"><td>{}</td><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td><td>{}</td></tr>\n",
        escaped(printable(hit.file.path)), hit.file.folder ? "" : human_bytes(hit.file.bytes),
        known ? human_bytes(hit.file.missing.bytes()) : escaped(hit.file.unknown),
        escaped(hit.volume));
  }
  html_ += "</table>\n";
  if (all_.files_left_out > 0)
    html_ += std::format("<p>and {} more</p>\n", counted(all_.files_left_out, "file"));
}

void Page::curves() {
  if (!all_.speed) return;
  const auto in_words = [](double bytes) {
    return vendor_bytes(static_cast<std::uint64_t>(bytes));
  };
  Curve reading{.title = "Speed of reading in order over the whole drive",
                .points = {},
                .x_end = static_cast<double>(all_.geometry.bytes),
                .x_words = in_words,
                .y_words = [](double rate) { return rate_of(rate); }};
  for (const evaluate::SpeedPoint& point : all_.speed->sequential)
    reading.points.push_back({static_cast<double>(point.offset), point.bytes_per_second});
  figure(svg_curve(reading), "Reading in order, over the whole drive");
  Curve seeking{.title = "Time to go some way and read there",
                .points = {},
                .x_end = static_cast<double>(all_.geometry.bytes),
                .x_words = in_words,
                .y_words = [](double ms) { return std::format("{:.1f} ms", ms); }};
  for (const evaluate::SeekPoint& seek : all_.speed->seeks)
    seeking.points.push_back({static_cast<double>(seek.distance),
                              std::chrono::duration<double, std::milli>(seek.typical).count()});
  figure(svg_curve(seeking), "Going some way and reading there, by the distance");
}

void Page::attributes() {
  if (all_.health.attributes.empty()) return;
  html_ +=
      "<h2>SMART attributes</h2>\n<table>\n<tr><th class=\"n\">No.</th><th>Name</th>"
      "<th class=\"n\">Value</th><th class=\"n\">Lowest</th><th "
      "class=\"n\">Limit</th><th>Raw</th></tr>\n";
  for (const evaluate::Attribute& attribute : all_.health.attributes)
    html_ += std::format(
        "<tr{}><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{}</td>"
        "<td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
        attribute.failed == "now" ? " class=\"failed\"" : "", attribute.id, escaped(attribute.name),
        attribute.value, attribute.worst, attribute.threshold, escaped(attribute.raw));
  html_ += "</table>\n";
}

void Page::foot() {
  html_ += std::format(
      "<footer>{}, {}, {}, in {}</footer>\n</body>\n</html>\n", escaped(all_.path), all_.time,
      all_.tool, human_duration(std::chrono::duration_cast<std::chrono::seconds>(all_.elapsed)));
}

}  // namespace

std::string evaluation_html(const Evaluation& evaluation) {
  return Page(evaluation).text();
}

}  // namespace drydock::job
