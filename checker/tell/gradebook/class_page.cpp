#include "tell/gradebook/class_page.hpp"

#include <algorithm>

#include "tell/gradebook/document.hpp"
#include "tell/gradebook/findings.hpp"
#include "tell/gradebook/mistake.hpp"
#include "tell/gradebook/student.hpp"
#include "tell/grades.hpp"

namespace tell::gradebook {
namespace {

using results::Grade, results::Gradebook, results::Grades;

// The last part of the path that was handed over: what a person calls the class.
std::string name_of_class(const Gradebook& book) {
  const size_t end = book.source.find_last_not_of('/');
  if (end == std::string::npos) return "the class";
  const size_t start = book.source.find_last_of('/', end);
  return book.source.substr(start == std::string::npos ? 0 : start + 1, start == std::string::npos ? end + 1 : end - start);
}

// Which columns there is anything to say in.
struct Columns {
  bool id = false, section = false, remarks = false;
  explicit Columns(const Gradebook& book) {
    for (const Grades& s : book.students) {
      id = id || !s.id.empty();
      section = section || !s.section.empty();
      remarks = remarks || !remarks_on(s).empty();
    }
  }
};

Html head_of(const Gradebook& book, const Columns& has) {
  Html out = html("<thead><tr><th scope=\"col\">Name</th>");
  if (has.id) out.add("<th scope=\"col\">Id</th>");
  if (has.section) out.add("<th scope=\"col\">Section</th>");
  for (const std::string& lab : book.labs) {
    const size_t dash = lab.find('-');  // "01-pipeline": the number large, the name below it
    const std::string name = dash == std::string::npos ? "" : lab.substr(dash + 1);
    out.add("<th scope=\"col\" class=\"number\">{} <small>{}</small></th>", lab.substr(0, dash), name);
  }
  out.add("<th scope=\"col\" class=\"number\">Total</th><th scope=\"col\" class=\"counts\">First failures</th>");
  if (has.remarks) out.add("<th scope=\"col\" class=\"remarks\">Remarks</th>");
  return out.add("</tr></thead>\n");
}

Html cell_of(const Grades& student, const Grade& grade) {
  if (grade.state == Grade::State::not_handed_in || !student.refused.empty())
    return html("<td class=\"number\">{}</td>", points_of(grade));
  return html("<td class=\"number\"><a href=\"{}\">{}</a></td>", place_of_page(student, grade.lab), points_of(grade));
}

// A lab each: where to look first, and the mistake that is likely behind it.
Html first_failures_of(const Gradebook& book, const Overview& overview, size_t student) {
  const std::vector<First>& all = overview.first_failures(student);
  if (all.empty()) return html("<td></td>");
  Html out = html("<td><details><summary>{} {}</summary><ul>", all.size(), all.size() == 1 ? "lab" : "labs");
  for (const First& first : all) {
    const Check& check = overview.labs()[first.lab].checks[first.check];
    out.add("<li>{} <a href=\"{}/{}\">{}</a>: ", book.labs[first.lab].substr(0, 2),
            place_of_page(book.students[student], book.labs[first.lab]), address(check.id), check.id);
    if (first.mistake)
      out.add("<a href=\"#mistake-{}\">{}</a></li>", *first.mistake, with_code(title_of(overview.mistakes()[*first.mistake])));
    else out.add("{}</li>", check.title);
  }
  return out.add("</ul></details></td>");
}

Html remarks_in_cell(const Grades& student) {
  const std::vector<std::string> remarks = remarks_on(student);
  if (remarks.empty()) return html("<td></td>");
  Html out = html("<td><ul>");
  for (const std::string& remark : remarks) out.add("<li>{}</li>", remark);
  return out.add("</ul></td>");
}

Html row_of(const Gradebook& book, const Overview& overview, size_t place, const Columns& has) {
  const Grades& student = book.students[place];
  Html out = html("<tr><th scope=\"row\"><a href=\"{}\">{}</a></th>", place_of_page(student), name_of(student));
  if (has.id) out.add("<td><bdi>{}</bdi></td>", student.id);
  if (has.section) out.add("<td><bdi>{}</bdi></td>", student.section);
  for (const Grade& grade : student.labs) out.add("{}", cell_of(student, grade));
  out.add("<td class=\"number\">{}</td>{}", student.total(), first_failures_of(book, overview, place));
  if (has.remarks) out.add("{}", remarks_in_cell(student));
  return out.add("</tr>\n");
}

Html students_of_class(const Gradebook& book, const Overview& overview) {
  const Columns has(book);
  Html out = html(
      "<section aria-labelledby=\"students\">\n<h2 id=\"students\">Students</h2>\n"
      "<p id=\"search\" role=\"search\" hidden><label>Search <input type=\"search\" autocomplete=\"off\" spellcheck=\"false\"></label> "
      "<output></output> <button type=\"button\" hidden>Show all</button></p>\n"
      "<div class=\"scroll tall\" role=\"region\" aria-labelledby=\"students\" tabindex=\"0\">\n<table id=\"grades\">\n{}<tbody>\n",
      head_of(book, has));
  for (size_t place = 0; place < book.students.size(); ++place) out.add("{}", row_of(book, overview, place, has));
  return out.add("</tbody>\n</table>\n</div>\n</section>\n");
}

}  // namespace

std::string class_page(const Gradebook& book, const Overview& overview) {
  const std::string name = name_of_class(book);
  Html body = html("<header>\n<h1><bdi>{}</bdi></h1>\n<p>{} students, {} {}</p>\n", name, book.students.size(), book.labs.size(),
                   book.labs.size() == 1 ? "lab" : "labs");
  for (const std::string& note : book.notes) body.add("<p>{}</p>\n", note);
  body.add(
      "<nav aria-label=\"On this page\"><a href=\"#students\">Students</a> <a href=\"#labs\">Labs</a> <a "
      "href=\"#mistakes\">Mistakes</a></nav>\n</header>\n");
  body.add("<main>\n{}{}{}</main>\n", students_of_class(book, overview), labs_of_class(book, overview),
           mistakes_of_class(book, overview));
  return document("Gradebook: " + name, body, Script::for_the_class);
}

}  // namespace tell::gradebook
