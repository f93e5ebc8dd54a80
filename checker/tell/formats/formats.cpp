#include "tell/formats/formats.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "tell/formats/autolab.hpp"
#include "tell/formats/github.hpp"
#include "tell/formats/gradescope.hpp"
#include "tell/formats/junit.hpp"
#include "tell/formats/prairielearn.hpp"
#include "tell/formats/told.hpp"
#include "tell/report.hpp"

namespace tell::formats {
namespace {

template <std::string (*write)(const results::Run&)>
Exported text_alone(const results::Run& run, const Submission&) {
  return {write(run), ""};
}

// For a platform that shows what is printed: no colours, no signs, and no width of this machine's terminal.
Exported plain_report(const results::Run& run, const Submission&) {
  return {report(run, {.colour = false, .plain = true, .width = 80}), ""};
}

Exported for_classroom50(const results::Run& run, const Submission& submission) {
  return {classroom50(run, submission), told(run).open};
}

}  // namespace

const std::vector<Format>& all_formats() {
  static const std::vector<Format> all{
      {"autolab", "Autolab: the last two lines of a job's output; a problem for each lab, called as the lab is", text_alone<autolab>},
      {"classroom50", "Classroom 50: result.json; reads CLASSROOM, ASSIGNMENT, SUBMISSION_TAG, ... from the environment", for_classroom50},
      {"github", "GitHub Classroom's actions: the line result=... for $GITHUB_OUTPUT", text_alone<github>},
      {"gradescope", "Gradescope: results/results.json", text_alone<gradescope>},
      {"junit", "JUnit XML: GitLab, Jenkins, and whatever else reads test reports", text_alone<junit>},
      {"prairielearn", "PrairieLearn: results/results.json of an external grader", text_alone<prairielearn>},
      {"report", "the report of make grade, as plain text: for whatever shows what is printed", plain_report}};
  return all;
}

std::vector<std::string> names_nearest_first(const std::string& meant) {
  std::vector<std::string> all;
  for (const Format& format : all_formats()) all.push_back(format.name);
  std::vector<std::string> names = base::nearest(meant, all);
  for (const std::string& name : all)
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

}  // namespace tell::formats
