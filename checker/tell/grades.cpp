#include "tell/grades.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/csv.hpp"
#include "base/text.hpp"
#include "course/lab.hpp"

namespace tell {
namespace {

using results::Grade, results::Gradebook, results::Grades;

// A name in any script, on one line: what a terminal or a spreadsheet would obey is left out.
std::string one_line(const std::string& text) {
  std::string clean;
  for (const unsigned char c : text)
    if (c >= 0x20 && c != 0x7f) clean += static_cast<char>(c);
  return base::no_formula(clean);
}

std::string points_of(const Grade& g) {
  if (g.state == Grade::State::graded) return std::to_string(g.points);
  return g.state == Grade::State::refused ? "0" : "";
}

size_t count(const Gradebook& book, size_t lab, Grade::State state) {
  return static_cast<size_t>(std::ranges::count_if(book.students, [&](const Grades& s) { return s.labs[lab].state == state; }));
}

std::string lab_in_short(const Gradebook& book, size_t lab) {
  const std::vector<int> points = book.points_in(lab);
  std::string line = fmt::format("  {:<24}{:>4} graded", book.labs[lab], points.size());
  if (!points.empty()) line += fmt::format("   median {:>3}   {:>3} whole", points[points.size() / 2], std::ranges::count(points, 100));
  const auto refused = std::ranges::count_if(book.students, [&](const Grades& s) { return s.refused.empty() && s.labs[lab].state == Grade::State::refused; });
  if (refused > 0) line += fmt::format("   {} refused", refused);
  if (const size_t left = count(book, lab, Grade::State::not_graded); left > 0) line += fmt::format("   {} not graded", left);
  return line + "\n";
}

}  // namespace

std::vector<std::string> remarks_on(const Grades& student) {
  std::vector<std::string> all = student.notes;
  if (student.late) all.insert(all.begin(), "late");
  if (!student.refused.empty()) all.insert(all.begin(), "refused: " + student.refused);
  for (const Grade& g : student.labs) {
    for (const std::string& note : g.notes) all.push_back(g.lab + ": " + note);
    if (g.state == Grade::State::not_graded) all.push_back(g.lab + ": not graded yet");
    if (!g.instead.empty()) all.push_back(g.lab + ": " + g.instead + " does what the lab is about");
  }
  return all;
}

std::string grades_as_csv(const Gradebook& book) {
  std::vector<std::string> header{"key", "name", "id", "email", "section"};
  header.insert(header.end(), book.labs.begin(), book.labs.end());
  header.insert(header.end(), {"total", "remarks"});
  std::string all = base::csv_row(header);
  for (const Grades& s : book.students) {
    std::vector<std::string> row{s.key, one_line(s.name), one_line(s.id), one_line(s.email), one_line(s.section)};
    for (const Grade& g : s.labs) row.push_back(points_of(g));
    row.push_back(std::to_string(s.total()));
    row.push_back(base::no_formula(base::join(remarks_on(s), "; ")));
    all += base::csv_row(row);
  }
  return all;
}

std::string roster_with_grades(const std::vector<std::vector<std::string>>& roster, const Gradebook& book) {
  std::string all;
  for (size_t row = 0; row < roster.size(); ++row) {
    std::vector<std::string> fields = roster[row];
    fields.resize(std::max(fields.size(), roster[0].size()));
    const auto student = std::ranges::find(book.students, static_cast<int>(row), &Grades::roster_row);
    for (size_t lab = 0; lab < book.labs.size(); ++lab)
      fields.push_back(row == 0 ? book.labs[lab] : student == book.students.end() ? "" : points_of(student->labs[lab]));
    all += base::csv_row(fields);
  }
  return all;
}

std::string grades_in_short(const Gradebook& book, const Style& style) {
  std::string out = fmt::format("{} students\n", book.students.size());
  for (size_t lab = 0; lab < book.labs.size(); ++lab) out += lab_in_short(book, lab);
  for (const std::string& note : book.notes) out += wrapped(style, "  ", note);
  for (const Grades& s : book.students) {
    const std::vector<std::string> remarks = remarks_on(s);
    if (remarks.empty()) continue;
    out += "  " + base::printable(s.name) + "\n";
    for (const std::string& remark : remarks) out += wrapped(style, "    ", remark);
  }
  return out;
}

}  // namespace tell
