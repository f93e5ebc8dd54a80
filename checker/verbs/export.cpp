// ipclab export: one grading's record in the format of a course platform, on standard output or in a file.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "results/journal.hpp"
#include "tell/formats/formats.hpp"
#include "tell/formats/told.hpp"
#include "verbs/verb.hpp"

namespace verbs {
namespace {

namespace fs = std::filesystem;
using tell::formats::Exported, tell::formats::Format, tell::formats::Submission;

struct Exporting {
  std::string format, results, output;
};

std::string from_environment(const char* variable) {
  const char* value = std::getenv(variable);
  return value ? value : "";
}

// As Classroom 50 gives it to an autograder.
Submission submission_of_environment() {
  Submission s;
  s.classroom = from_environment("CLASSROOM");
  s.assignment = from_environment("ASSIGNMENT");
  s.kind = from_environment("ASSIGNMENT_TYPE");
  s.owner = from_environment("OWNER");
  if (s.owner.empty()) s.owner = from_environment("USERNAME");
  s.tag = from_environment("SUBMISSION_TAG");
  s.commit = from_environment("COMMIT_URL");
  s.release = from_environment("RELEASE_URL");
  s.review = from_environment("REVIEW_URL");
  return s;
}

int list_formats() {
  for (const Format& format : tell::formats::all_formats()) std::printf("%-13s %s\n", format.name.c_str(), format.what.c_str());
  return all_passed;
}

void write(const std::string& path, const std::string& text) {
  if (path.empty()) return base::write_all(fileno(stdout), text);
  const fs::file_status status = fs::symlink_status(path);
  if (fs::exists(status) && !fs::is_regular_file(status))
    throw std::runtime_error("this cannot go to " + path + ": it is no ordinary file");
  if (const fs::path folder = fs::path(path).parent_path(); !folder.empty()) fs::create_directories(folder);
  base::write_file(path, text);
}

int export_run(const Exporting& o) {
  if (o.format == "list") return list_formats();
  const std::vector<Format>& all = tell::formats::all_formats();
  const auto format = std::find_if(all.begin(), all.end(), [&](const Format& f) { return f.name == o.format; });
  if (format == all.end()) {
    const std::string known = base::join(tell::formats::names_nearest_first(o.format), ", ");
    return wrong((o.format.empty() ? "which format? There are " : "there is no format " + base::quote(o.format) + "; there are ") + known);
  }
  const std::string path = o.results.empty() ? course::build_folder() + "/results/labs/results.json" : o.results;
  if (!fs::exists(path)) return wrong("there are no results in " + path + ": make grade writes them, and JSON= says where else they are");
  const Exported exported = format->write(results::load(path), submission_of_environment());
  write(o.output, exported.text);
  return exported.trouble.empty() ? all_passed : wrong(exported.trouble);
}

}  // namespace

void add_export(CLI::App& app, Work& work) {
  const auto o = std::make_shared<Exporting>();
  CLI::App* verb = app.add_subcommand("export", "one grading in the format of a course platform");
  verb->add_option("format", o->format, "junit, gradescope, ...; list says which there are")->envname("IPCLAB_FORMAT");
  verb->add_option("results", o->results, "the grading's results.json; without it that of labs")->envname("IPCLAB_JSON");
  verb->add_option("--output", o->output, "the file it goes to, instead of standard output")->envname("IPCLAB_OUTPUT");
  verb->callback([&work, o] { work = [o] { return export_run(*o); }; });
}

}  // namespace verbs
