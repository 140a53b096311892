#include <CLI/CLI.hpp>
#include <format>
#include <print>

#include "base/text.h"
#include "base/units.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/terminal_person.h"
#include "cli/verbs.h"
#include "cli/volume_line.h"
#include "job/inspect.h"

namespace drydock::cli {
namespace {

void print_manifest(const Manifest& manifest, std::uint64_t image_bytes) {
  std::println("Image      version {}, {}, id {}", manifest.version, human_bytes(image_bytes),
               manifest.image_id);
  std::println("Made       {} by {}, level {}",
               manifest.created.empty() ? "at an unknown time" : manifest.created, manifest.tool,
               manifest.level);
  if (!manifest.note.empty()) std::println("Note       {}", printable(manifest.note));
  std::println("Of         {} {}", printable(manifest.id.model), printable(manifest.id.serial));
}

void print_inner(const InnerVolume& inner) {
  std::println("       {}: {}", printable(inner.name), inner_line(inner));
  if (inner.whole_reason.empty())
    std::println("         used-block: an image keeps {}", human_bytes(inner.kept));
  else
    std::println("         whole: {}", inner.whole_reason);
}

void print_volume(const Volume& volume) {
  std::println("  {}", volume_line(volume.partition, volume.info));
  if (volume.info.used + volume.info.free != 0)  // it counts them
    std::println("       {} used, {} free, clusters of {}", human_bytes(volume.info.used),
                 human_bytes(volume.info.free), human_bytes(volume.info.cluster));
  if (volume.used_block())
    std::println("       used-block: an image keeps {}", human_bytes(volume.used.bytes()));
  else
    std::println("       whole: {}", volume.whole_reason);
  for (const InnerVolume& inner : volume.inner) print_inner(inner);
}

int inspect(Context& context, const std::string& path, bool as_json, TerminalPerson& person) {
  const auto found = job::inspect(context.machine, path, &person);
  if (!found) return report_error(found.error());
  if (as_json) {
    std::println("{}", json_of(*found));
    return 0;
  }
  std::println("{}: {} ({} bytes), sectors {}/{}", found->path, human_bytes(found->geometry.bytes),
               found->geometry.bytes, found->geometry.logical_sector,
               found->geometry.physical_sector);
  if (found->manifest) print_manifest(*found->manifest, found->image_bytes);
  const Layout& layout = found->map.layout;
  std::println("Table      {}{}{}", table_name(layout.table), layout.id.empty() ? "" : " ",
               layout.id);
  for (const std::string& note : layout.notes) std::println("           {}", note);
  for (const Volume& volume : found->map.volumes) print_volume(volume);
  std::println("An image keeps {} of it.", human_bytes(found->map.used.bytes()));
  return 0;
}

}  // namespace

void add_inspect(CLI::App& program, Context& context, Chosen& chosen) {
  CLI::App* verb = program.add_subcommand("inspect", "What is on a disk, in a file or in an image");
  auto path = std::make_shared<std::string>();
  auto person = std::make_shared<TerminalPerson>();
  person->add_option(*verb);
  auto as_json = std::make_shared<bool>(false);
  verb->add_option("PATH", *path, "A disk, a partition, a file, or an image by path or URL")
      ->required();
  verb->add_flag("--json", *as_json, "Print JSON");
  verb->callback([&context, &chosen, path, as_json, person] {
    chosen = [&context, path, as_json, person] {
      return inspect(context, *path, *as_json, *person);
    };
  });
}

}  // namespace drydock::cli
