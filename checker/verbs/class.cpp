// ipclab intake, jobs, gradebook: the three steps of grading a class that are not grading. tools/class puts them together.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <unistd.h>
#include <vector>

#include "base/csv.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "class/grades.hpp"
#include "class/intake.hpp"
#include "class/jobs.hpp"
#include "grade/run/kernel.hpp"
#include "results/build.hpp"
#include "room/rung.hpp"
#include "tell/gradebook/class_page.hpp"
#include "tell/gradebook/student.hpp"
#include "tell/grades.hpp"
#include "verbs/verb.hpp"

namespace verbs {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string submissions, roster, lab, work;
  bool untrusted = true, plain = false;
};

int take_in(const Options& o) {
  grade::refuse_an_old_kernel();
  const room::Choice chosen = room::choose_rung();
  if (o.untrusted && chosen.rung != room::Rung::namespaces)
    return wrong("a class is not graded in a weak room (" + chosen.why +
                 "): make doctor says what mends it. UNTRUSTED=no grades programs that you trust all the same");
  const std::vector<course::Lab> labs = course::labs_named(o.lab);
  if (labs.empty()) return no_such_lab(o.lab);
  if (!fs::is_directory(o.submissions)) return wrong("there is no folder " + o.submissions);
  fs::create_directories(o.work);
  const bool terminal = isatty(STDERR_FILENO);
  const intake::Class all = intake::take_in({o.submissions, o.roster, labs, o.work}, [&](size_t done, size_t of) {
    if (terminal) std::fprintf(stderr, "\r\033[Kipclab: taking in, %zu of %zu", done + 1, of);
  });
  if (terminal) std::fprintf(stderr, "\r\033[K");
  return all.students.empty() ? wrong(o.submissions + " holds no submissions") : all_passed;
}

std::vector<intake::Job> jobs_in(const intake::Class& all, const std::string& work) {
  const std::string tools =
      base::join({results::build_id(), results::compiler(), grade::kernel_release(), room::name_of(room::choose_rung().rung)}, "\n");
  return intake::jobs_of(all, tools, intake::secret_of(work));
}

// A line each: student, lab, seed, key.
int list_jobs(const Options& o) {
  for (const intake::Job& job : jobs_in(intake::class_in(o.work), o.work))
    if (!intake::is_done(o.work, job)) std::printf("%s\t%s\t%u\t%s\n", job.student.c_str(), job.lab.c_str(), job.seed, job.key.c_str());
  return all_passed;
}

// WORK/gradebook.html, and WORK/students/KEY.html for each: one student's records at a time are in memory.
void write_pages(const results::Gradebook& book, const std::string& work) {
  const fs::path folder = work + "/students";
  fs::create_directories(folder);
  std::set<std::string> pages;
  tell::gradebook::Overview overview(book);
  for (const results::Grades& student : book.students) {
    const tell::gradebook::Runs runs = tell::gradebook::runs_of(book, student);
    base::write_file(folder / (student.key + ".html"), tell::gradebook::student_page(student, runs));
    pages.insert(student.key + ".html");
    overview.add(runs);
  }
  base::write_file(work + "/gradebook.html", tell::gradebook::class_page(book, overview));
  // Who is no more in the class has no page.
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".html" && pages.count(entry.path().filename()) == 0) left.push_back(entry.path());
  for (const fs::path& page : left) fs::remove(page);
}

int write_gradebook(const Options& o) {
  const intake::Class all = intake::class_in(o.work);
  const results::Gradebook book = intake::gradebook_of(all, o.work, jobs_in(all, o.work));
  base::write_file(o.work + "/grades.csv", tell::grades_as_csv(book));
  const std::string with_grades = o.work + "/roster-with-grades.csv";
  fs::remove(with_grades);
  if (fs::exists(intake::roster_in(o.work)))
    base::write_file(with_grades, tell::roster_with_grades(base::csv_rows(base::read_file(intake::roster_in(o.work))), book), 0600);
  write_pages(book, o.work);
  std::fputs(tell::grades_in_short(book, tell::style_of_output(o.plain)).c_str(), stdout);
  for (const results::Grades& s : book.students) {
    if (!s.refused.empty()) return something_failed;
    for (const results::Grade& g : s.labs)
      if (g.state == results::Grade::State::not_graded || g.state == results::Grade::State::refused) return something_failed;
  }
  return all_passed;
}

CLI::App* with_work(CLI::App& app, const char* name, const char* what, Options& o) {
  CLI::App* verb = app.add_subcommand(name, what);
  verb->add_option("--work", o.work, "the folder for all that is made of the class")->required();
  return verb;
}

}  // namespace

void add_class(CLI::App& app, Work& work) {
  const auto o = std::make_shared<Options>();
  CLI::App* intake = with_work(app, "intake", "take in what a class has handed in: a tree a student", *o);
  intake->add_option("--submissions", o->submissions, "a folder of submissions")->required();
  intake->add_option("--roster", o->roster, "the people of the class, a CSV");
  intake->add_option("--lab", o->lab, "one lab: 01, pipeline or 01-pipeline");
  intake->add_flag("!--trusted", o->untrusted, "grade in a weak room too");
  intake->callback([&work, o] { work = [o] { return take_in(*o); }; });
  with_work(app, "jobs", "what is to be graded of a class, and is not graded yet", *o)->callback([&work, o] {
    work = [o] { return list_jobs(*o); };
  });
  CLI::App* book = with_work(app, "gradebook", "the grades of a class, from what was graded", *o);
  book->add_flag("--plain", o->plain, "no colours, no signs that draw")->envname("IPCLAB_PLAIN");
  book->callback([&work, o] { work = [o] { return write_gradebook(*o); }; });
}

}  // namespace verbs
