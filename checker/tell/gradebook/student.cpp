#include "tell/gradebook/student.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "results/score.hpp"
#include "tell/explanation.hpp"
#include "tell/gradebook/document.hpp"
#include "tell/gradebook/mistake.hpp"
#include "tell/grades.hpp"

namespace tell::gradebook {
namespace {

using results::Grade, results::Grades, results::Record, results::Result, results::Run;

Html in_lines(const std::vector<std::string>& lines) { return Html{}.add_lines(base::join(lines, "\n")); }

std::string result_of(const Record& r) {
  if (r.result == Result::failed && !r.todos.empty()) return "to do";
  return r.result == Result::skipped ? "not tried" : results::name_of(r.result);
}

// Passed, failed or neither: what the colour of its word says once more.
std::string kind_of(const Record& r) {
  if (r.result == Result::passed) return "passed";
  return r.result == Result::failed && r.todos.empty() ? "failed" : "neither";
}

Html line_to_type(const char* what, const std::string& line) {
  return line.empty() ? Html{} : html("<p><b>{}</b> <code>{}</code></p>\n", what, line);
}

Html explanation_of(const Record& r, const Run& run) {
  const Explanation e = explain(r, run);
  Html out = html("<p class=\"sentence\">{}</p>\n", Html{}.add_lines(e.sentence));
  if (!e.lines.empty()) out.add("<pre>{}</pre>\n", in_lines(e.lines));
  if (!e.steps.empty()) {
    out.add("<p><b>Steps</b></p>\n<ul>");
    for (const std::string& step : e.steps) out.add("<li>{}</li>", step);
    out.add("</ul>\n");
  }
  if (!e.calls.empty()) out.add("<p>{}</p>\n<pre>{}</pre>\n", e.calls_are, in_lines(e.calls));
  if (!e.hint.empty()) out.add("<p><b>Hint</b> {}</p>\n", with_code(e.hint));
  out.add("{}{}", line_to_type("By hand", e.by_hand), line_to_type("Again", e.again));
  if (e.mistake) {
    course::Diagnosis known = *e.mistake;
    known.hint.clear();  // it stands above
    out.add("<details class=\"mistake\"><summary>{}</summary>\n{}</details>\n", with_code(known.title), mistake_in_full(known));
  }
  return out;
}

// What nobody could tell anything of: a check that has not come to be run.
bool has_explanation(const Record& r) {
  return r.result == Result::failed || r.result == Result::could_not_check || (r.result == Result::follows && !r.actual.empty());
}

// What failed for a reason of its own is open. What follows from it is not: most of the time it is the same once more.
Html row_of(const Record& r, const Run& run, bool read_first) {
  Html out = html("<tr id=\"{}/{}\"><td class=\"number\">{}</td><td class=\"{}\">{}</td><td>{} <code>{}</code></td></tr>\n",
                  address(r.lab), address(r.id), r.stretch ? html("<span title=\"on top of the 100 points\">+</span>") : html("{}", r.points),
                  kind_of(r), result_of(r), r.title, r.id);
  if (!has_explanation(r)) return out;
  const char* summary = read_first                    ? "Why: read this first"
                        : r.result == Result::follows ? "Why: probably for the same reason as a check that it needs"
                                                      : "Why";
  return out.add("<tr class=\"why\"><td colspan=\"3\"><details{}><summary>{}</summary>\n{}</details></td></tr>\n",
                 r.result == Result::follows ? html("") : html(" open"), summary, explanation_of(r, run));
}

Html checks_of(const std::string& lab, const Run& run) {
  std::vector<const Record*> records;
  for (const Record& r : run.records)
    if (r.lab == lab) records.push_back(&r);
  const Record* first = results::first_failure(records);
  Html out;
  // When nothing could be built, all checks failed for that one reason: it is said once.
  const bool built = std::ranges::any_of(records, [](const Record* r) { return r->ground != results::Ground::not_built; });
  if (!records.empty() && !built) return explanation_of(*records.front(), run);
  out.add(
      "<table class=\"checks\">\n<thead><tr><th scope=\"col\" class=\"number\">Points</th><th scope=\"col\">Result</th>"
      "<th scope=\"col\">Check</th></tr></thead>\n<tbody>\n");
  for (const Record* r : records) out.add("{}", row_of(*r, run, r == first));
  return out.add("</tbody>\n</table>\n");
}

Html notes_as_list(const std::vector<std::string>& notes) {
  Html out;
  if (notes.empty()) return out;
  out.add("<ul class=\"notes\">");
  for (const std::string& note : notes) out.add("<li>{}</li>", note);
  return out.add("</ul>\n");
}

Html lab_in_full(const Grade& grade, const std::optional<Run>& run) {
  Html out = html("<section aria-labelledby=\"{}\">\n<h2 id=\"{}\">{} <span class=\"points\">{}</span></h2>\n", address(grade.lab),
                  address(grade.lab), grade.lab, points_of(grade));
  if (!grade.instead.empty())
    out.add("<p class=\"cap\">At most {} points, whatever else passes: {} does here what this lab is about.</p>\n",
            results::most_without_mechanism, grade.instead);
  out.add("{}", notes_as_list(grade.notes));
  if (run) {
    out.add("{}", line_to_type("At home", line_to_grade_again(grade.lab, "", *run)));
    if (!run->warnings.empty()) out.add("<p><b>The compiler warns</b></p>\n<pre>{}</pre>\n", in_lines(run->warnings));
    out.add("{}", checks_of(grade.lab, *run));
  } else if (grade.state == Grade::State::graded) {
    out.add("<p>The record behind these points could not be read.</p>\n");
  }
  return out.add("</section>\n");
}

Html labs_in_short(const Grades& student) {
  Html out = html(
      "<table class=\"labs\">\n<caption>Points</caption>\n<thead><tr><th scope=\"col\">Lab</th><th scope=\"col\" "
      "class=\"number\">Points</th></tr></thead>\n<tbody>\n");
  for (const Grade& grade : student.labs) {
    const bool told = grade.state != Grade::State::not_handed_in;
    const Html lab = told ? html("<a href=\"#{}\">{}</a>", address(grade.lab), grade.lab) : html("{}", grade.lab);
    out.add("<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td></tr>\n", lab, points_of(grade));
  }
  return out.add("</tbody>\n<tfoot><tr><th scope=\"row\">total</th><td class=\"number\">{}</td></tr></tfoot>\n</table>\n",
                 student.total());
}

}  // namespace

Html name_of(const Grades& student) { return html("<bdi>{}</bdi>", student.name.empty() ? student.key : student.name); }

std::string place_of_page(const Grades& student, const std::string& lab) {
  return "students/" + address(student.key) + ".html" + (lab.empty() ? "" : "#" + address(lab));
}

Html points_of(const Grade& grade) {
  switch (grade.state) {
    case Grade::State::graded: return html("{}", grade.points);
    case Grade::State::refused: return html("refused");
    case Grade::State::not_graded: return html("not graded");
    case Grade::State::not_handed_in: break;
  }
  return html("<span class=\"none\" title=\"not handed in\">–</span>");
}

std::string student_page(const Grades& student, const Runs& runs) {
  Html body = html("<header>\n<h1>{}</h1>\n<p class=\"who\">", name_of(student));
  for (const std::string* word : {&student.id, &student.email, &student.section})
    if (!word->empty()) body.add("<bdi>{}</bdi> ", *word);
  body.add("</p>\n</header>\n<main class=\"student\">\n");
  if (!student.refused.empty()) body.add("<p class=\"cap\">Nothing of it was graded: {}</p>\n", student.refused);
  if (student.late) body.add("<p>Handed in late.</p>\n");
  body.add("{}{}", notes_as_list(student.notes), labs_in_short(student));
  for (size_t lab = 0; lab < student.labs.size(); ++lab)
    if (student.labs[lab].state != Grade::State::not_handed_in && student.refused.empty())
      body.add("{}", lab_in_full(student.labs[lab], lab < runs.size() ? runs[lab] : std::nullopt));
  body.add("</main>\n");
  return document(student.name.empty() ? student.key : student.name, body, Script::none);
}

}  // namespace tell::gradebook
