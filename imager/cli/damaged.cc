#include <CLI/CLI.hpp>
#include <cstdio>
#include <print>

#include "base/units.h"
#include "cli/output.h"
#include "cli/terminal_person.h"
#include "cli/verbs.h"
#include "job/damaged_files.h"

namespace drydock::cli {
namespace {

struct DamagedOptions {
  job::DamagedFilesRequest request;
  std::string csv;
  std::string progress;
  TerminalPerson person;
};

// Where --csv wants the list: a new file, or standard output for "-".
class CsvFile {
 public:
  static Result<CsvFile> open(const std::string& path) {
    CsvFile csv(path);
    if (path.empty()) return csv;
    if (path != "-") csv.file_.reset(std::fopen(path.c_str(), "wxe"));
    if (csv.out() == nullptr)
      return fail(Error{Code::environment, errno, path, "cannot be made",
                        "Give the name of a file that is not there yet"});
    csv.write(job::damaged_files_csv_header());
    return csv;
  }

  bool on_output() const { return path_ == "-"; }
  void write(std::string_view line) {
    if (out() != nullptr && std::fwrite(line.data(), 1, line.size(), out()) != line.size())
      failed_ = true;
  }
  Result<void> finish() {
    if (out() != nullptr && std::fflush(out()) != 0) failed_ = true;
    if (!failed_) return {};
    return fail(Error{Code::environment, errno, path_, "cannot be written",
                      "The list in it is not whole; choose another place"});
  }

 private:
  explicit CsvFile(std::string path) : path_(std::move(path)) {}

  std::FILE* out() const { return on_output() ? stdout : file_.get(); }

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  bool failed_ = false;
};

Result<job::DamagedFilesReport> list(Context& context, const DamagedOptions& options,
                                     job::Observer& observer, CsvFile& csv) {
  std::string volume;
  const bool as_text = !csv.on_output();
  auto report = TRY(job::list_damaged_files(
      context.machine, options.request, observer,
      [&](const std::string& name, const fs::DamagedFile& file) {
        csv.write(job::damaged_files_csv(name, file));
        if (!as_text) return;
        if (volume != name) std::println("{}", name);
        volume = name;
        std::println("  {}", job::describe_damaged(file));
      },
      context.stop));
  TRY(csv.finish());
  return report;
}

int damaged(Context& context, DamagedOptions options) {
  options.request.person = &options.person;
  auto csv = CsvFile::open(options.csv);
  if (!csv) return report_error(csv.error());
  const ProgressMode mode = progress_mode(options.progress, context.terminal);
  const auto observer = make_observer(mode, stderr);
  const auto report = list(context, options, *observer, *csv);
  if (!report) return report_error(report.error());
  std::FILE* const out = csv->on_output() ? stderr : stdout;
  if (report->missing == 0) std::println(out, "Nothing is missing.");
  for (const job::DamagedVolume& volume : report->volumes)
    std::println(out, "{}.", job::describe_damaged(volume));
  std::uint64_t in_volumes = 0;
  for (const job::DamagedVolume& volume : report->volumes) in_volumes += volume.missing;
  if (in_volumes < report->missing)
    std::println(out, "{} are missing outside of all partitions.",
                 human_bytes(report->missing - in_volumes));
  return report->missing == 0 ? 0 : 5;
}

}  // namespace

void add_damaged(CLI::App& program, Context& context, Chosen& chosen) {
  CLI::App* verb = program.add_subcommand("damaged", "Which files unreadable areas have hit");
  auto options = std::make_shared<DamagedOptions>();
  job::DamagedFilesRequest& request = options->request;
  verb->add_option("PATH", request.path, "An image, or the copy that a rescue made, by path or URL")
      ->required();
  verb->add_option("--map", request.map, "The map of the rescue; PATH.map");
  verb->add_option("--csv", options->csv, "Write the list to this new file too; - for output");
  verb->add_option("--threads", request.threads, "Threads that decompress; as many as processors")
      ->check(CLI::Range(1, 256));
  verb->add_option("--progress", options->progress, "bar, json or none")
      ->check(CLI::IsMember({"bar", "json", "none"}));
  options->person.add_option(*verb);
  verb->callback([&context, &chosen, options] {
    chosen = [&context, options] { return damaged(context, *options); };
  });
}

}  // namespace drydock::cli
