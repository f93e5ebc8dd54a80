#include "tell/gradebook/findings.hpp"

#include <algorithm>

#include "course/catalogue.hpp"
#include "tell/gradebook/mistake.hpp"
#include "tell/gradebook/student.hpp"

namespace tell::gradebook {
namespace {

using results::Grade, results::Gradebook, results::Grades;

size_t handed_in(const Gradebook& book, size_t lab) {
  return static_cast<size_t>(
      std::ranges::count_if(book.students, [&](const Grades& s) { return s.labs[lab].state != Grade::State::not_handed_in; }));
}

int percent(const Check& check) { return check.tried ? 100 * check.passed / check.tried : 0; }

Html row_of(const Gradebook& book, const Lab& lab, size_t place) {
  constexpr size_t shown = 3;
  const std::vector<int> points = book.points_in(place);
  std::vector<Check> hard = Overview::hardest(lab);
  std::erase_if(hard, [](const Check& c) { return c.stretch || c.tried == 0 || c.passed == c.tried; });
  if (hard.size() > shown) hard.resize(shown);
  Html out = html("<tr><th scope=\"row\"><a href=\"#checks-of-{}\">{}</a></th><td class=\"number\">{}</td><td class=\"number\">{}</td>",
                  address(lab.lab), lab.lab, handed_in(book, place), points.size());
  if (points.empty()) out.add("<td class=\"number\">–</td><td class=\"number\">–</td><td>");
  else
    out.add("<td class=\"number\">{}</td><td class=\"number\">{}</td><td>", points[points.size() / 2], std::ranges::count(points, 100));
  for (const Check& check : hard) out.add("<code>{}</code> {} % ", check.id, percent(check));
  return out.add("</td></tr>\n");
}

Html checks_of(const Lab& lab) {
  Html out = html(
      "<details id=\"checks-of-{}\"><summary>{}: every check, the hardest first</summary>\n<div class=\"scroll\" role=\"region\" "
      "aria-label=\"{}\" tabindex=\"0\">"
      "<table>\n<thead><tr><th scope=\"col\" class=\"number\">Passed by</th><th scope=\"col\" class=\"number\">of</th><th "
      "scope=\"col\">Share</th>"
      "<th scope=\"col\" class=\"number\">Points</th><th scope=\"col\">Check</th></tr></thead>\n<tbody>\n",
      address(lab.lab), lab.lab, "the checks of " + lab.lab);
  for (const Check& c : Overview::hardest(lab))
    out.add(
        "<tr><td class=\"number\">{}</td><td class=\"number\">{}</td><td><meter aria-hidden=\"true\" min=\"0\" max=\"100\" "
        "value=\"{}\"></meter> {} %</td>"
        "<td class=\"number\">{}</td><td>{} <code>{}</code></td></tr>\n",
        c.passed, c.tried, percent(c), percent(c), c.stretch ? html("+") : html("{}", c.points), c.title, c.id);
  return out.add("</tbody>\n</table></div></details>\n");
}

// Of how many it is told: those with a result in a lab where the mistake was made.
size_t could_make(const Gradebook& book, const Mistake& mistake) {
  return static_cast<size_t>(std::ranges::count_if(book.students, [&](const Grades& s) {
    return std::ranges::any_of(mistake.labs, [&](size_t lab) { return s.labs[lab].state == Grade::State::graded; });
  }));
}

Html names_of(const Gradebook& book, const Mistake& mistake) {
  Html out = html("<details class=\"names\"><summary>Who: {}</summary>\n<ul>", mistake.who.size());
  for (const size_t who : mistake.who)
    out.add("<li><a href=\"{}\">{}</a></li>", place_of_page(book.students[who]), name_of(book.students[who]));
  return out.add("</ul></details>\n");
}

Html mistake_of_class(const Gradebook& book, const Overview& overview, size_t place) {
  const Mistake& mistake = overview.mistakes()[place];
  Html labs;
  for (const size_t lab : mistake.labs) labs.add("{}{}", labs.empty() ? html("") : html(", "), book.labs[lab]);
  Html out = html("<details class=\"mistake\" id=\"mistake-{}\"><summary><b>{} of {}</b> {} <span class=\"where\">{}</span></summary>\n",
                  place, mistake.who.size(), could_make(book, mistake), with_code(title_of(mistake)), labs);
  if (const auto known = course::diagnosis(mistake.id)) out.add("{}", mistake_in_full(*known));
  return out.add("{}</details>\n", names_of(book, mistake));
}

}  // namespace

std::string title_of(const Mistake& mistake) {
  const auto known = course::diagnosis(mistake.id);
  return known && !known->title.empty() ? known->title : mistake.id;
}

Html labs_of_class(const Gradebook& book, const Overview& overview) {
  Html out = html(
      "<section aria-labelledby=\"labs\">\n<h2 id=\"labs\">Labs</h2>\n<div class=\"scroll\" role=\"region\" aria-labelledby=\"labs\" "
      "tabindex=\"0\">"
      "<table>\n<thead><tr><th scope=\"col\">Lab</th><th scope=\"col\" class=\"number\">Handed in</th><th scope=\"col\" "
      "class=\"number\">Graded</th>"
      "<th scope=\"col\" class=\"number\">Median</th><th scope=\"col\" class=\"number\">With 100</th><th scope=\"col\">Hardest checks, "
      "and who passes them</th></tr></thead>\n<tbody>\n");
  for (size_t lab = 0; lab < book.labs.size(); ++lab) out.add("{}", row_of(book, overview.labs()[lab], lab));
  out.add("</tbody>\n</table></div>\n");
  for (const Lab& lab : overview.labs())
    if (!lab.checks.empty()) out.add("{}", checks_of(lab));
  return out.add("</section>\n");
}

Html mistakes_of_class(const Gradebook& book, const Overview& overview) {
  Html out = html("<section aria-labelledby=\"mistakes\">\n<h2 id=\"mistakes\">Mistakes</h2>\n");
  const std::vector<size_t> places = overview.most_frequent();
  if (places.empty()) out.add("<p>None that the catalogue knows.</p>\n");
  for (const size_t place : places) out.add("{}", mistake_of_class(book, overview, place));
  return out.add("</section>\n");
}

}  // namespace tell::gradebook
