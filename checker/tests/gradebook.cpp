// The gradebook's pages: strangers' bytes stay text, points are those of grades.csv, and a student's page knows nobody else. How they
// look and work in a browser is gradebook.sh's business.
#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <regex>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "tell/gradebook/class_page.hpp"
#include "tell/gradebook/document.hpp"
#include "tell/gradebook/mistake.hpp"
#include "tell/gradebook/student.hpp"
#include "tell/grades.hpp"
#include "tests/invented.hpp"

namespace {

using results::Grade, results::Gradebook, results::Grades;
namespace pages = tell::gradebook;

bool stands_in(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Every tag with the names of its attributes: what a browser makes elements of. Text and values are left out.
std::string tags_of(const std::string& page) {
  static const std::regex tag("<(/?[a-z0-9]+)([^<>]*)>"), value("\"[^\"]*\"");
  std::string all;
  for (auto at = std::sregex_iterator(page.begin(), page.end(), tag); at != std::sregex_iterator(); ++at)
    all += (*at)[1].str() + std::regex_replace((*at)[2].str(), value, "") + "\n";
  return all;
}

std::string page_of_class(const Gradebook& book) {
  pages::Overview overview(book);
  for (const Grades& s : book.students) overview.add(pages::runs_of(book, s));
  return pages::class_page(book, overview);
}

std::string page_of(const Gradebook& book, size_t who) {
  return pages::student_page(book.students[who], pages::runs_of(book, book.students[who]));
}

bool is_harmless(const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const size_t length = base::utf8_length(rest);
    if (length == 0 && (rest[0] < 0x20 || rest[0] == 0x7F || stands_in("<>\"'", std::string(1, rest[0])))) return false;
    const unsigned point = length ? base::code_point(rest.substr(0, length)) : 0;
    for (const unsigned bad :
         {0x9bU, 0xadU, 0x61cU, 0x200bU, 0x200eU, 0x200fU, 0x202aU, 0x202eU, 0x2066U, 0x2069U, 0x2028U, 0xfeffU, 0x3164U, 0xe0041U})
      if (point == bad) return false;
    rest.remove_prefix(std::max<size_t>(1, length));
  }
  return true;
}

}  // namespace

TEST_CASE("of 1,000 names and the worst for a page, none leaves the text of a page") {
  std::mt19937 random(18);
  for (int i = 0; i < 1000; ++i) {
    const std::string name = tests::random_name(random);
    INFO(base::escape(name));
    REQUIRE(is_harmless(pages::escaped(name)));
    REQUIRE(is_harmless(pages::address(name)));
  }
  for (const std::string& name : tests::for_a_page) {
    INFO(base::escape(name));
    CHECK(is_harmless(pages::escaped(name)));
    const pages::Html piece = pages::html("<a title=\"{}\">{}</a>", name, name);
    CHECK(tags_of(piece.code()) == "a title=\n/a\n");
  }
  CHECK(pages::escaped("\u202e\033\xff\n") == "\\u{202e}\\x1b\\xff\\n");
  CHECK(pages::address("a/b-1.html?x#\"") == "a/b-1.html%3Fx%23%22");
}

TEST_CASE("a name in any script stays as it is written") {
  for (const char* name : {"Zoë Müller", "李小龙", "Владимир", "שרה", "ตัวอย่าง", "Nguyễn Ngọc", "Nguye\u0302\u0303n", "نرگس\u200cالسادات",
                           "क्\u200dष", "Łukasz"})
    CHECK(pages::escaped(name) == name);
  CHECK(pages::escaped("O'Brien & \"Co\"") == "O&#39;Brien &amp; &quot;Co&quot;");
  CHECK(pages::escaped("山田\u3000太郎\u00a0x") == "山田 太郎 x");
  CHECK(pages::escaped("a\u200cb") == "a\\u{200c}b");  // nothing to join: somebody wants two names to look the same
  CHECK(pages::escaped("e\u0301\u0301\u0301\u0301") == "e\u0301\u0301\u0301\\u{0301}");
}

TEST_CASE("hostile names make no element and no attribute, on no page") {
  const Gradebook hostile = tests::invented_class(20 * std::size(tests::for_a_page), 2, true);
  Gradebook plain = hostile;
  plain.source = "/somewhere/class";
  for (size_t who = 0; who < plain.students.size(); ++who) plain.students[who].name = fmt::format("Nr{:04}", who);
  const std::string page = page_of_class(hostile);
  CHECK(tags_of(page) == tags_of(page_of_class(plain)));
  for (size_t who = 0; who < hostile.students.size(); who += 10)
    REQUIRE(std::regex_replace(tags_of(page_of(hostile, who)), std::regex("/?code\n"), "") ==
            std::regex_replace(tags_of(page_of(plain, who)), std::regex("/?code\n"), ""));
}

TEST_CASE("the class's page has the points of grades.csv") {
  const Gradebook book = tests::invented_class(60, 12, false);
  const std::string page = page_of_class(book);
  std::string csv = tell::grades_as_csv(book);
  std::erase(csv, '"');
  const std::vector<std::string> rows = base::split(csv, '\n');
  const std::regex cell("<td class=\"number\">(?:<a href=\"[^\"]*\">)?([0-9]+|refused|<span[^>]*>–</span>)");
  for (size_t who = 0; who < book.students.size(); ++who) {
    const size_t start = page.find("<tr><th scope=\"row\"><a href=\"students/" + book.students[who].key);
    REQUIRE(start != std::string::npos);
    const std::string row = page.substr(start, page.find("<td><details", start) - start);
    std::vector<std::string> shown;
    for (auto at = std::sregex_iterator(row.begin(), row.end(), cell); at != std::sregex_iterator(); ++at)
      shown.push_back((*at)[1] == "refused" ? "0" : std::isdigit((*at)[1].str()[0]) ? (*at)[1].str() : "");
    REQUIRE(shown.size() == 13);
    CHECK(stands_in(rows.at(who + 1), "," + base::join(shown, ",") + ","));
    CHECK(shown.back() == std::to_string(book.students[who].total()));
  }
}

TEST_CASE("a student's page has nothing of anybody else") {
  const Gradebook book = tests::invented_class(40, 3, false);
  for (size_t who = 0; who < book.students.size(); ++who) {
    const std::string page = page_of(book, who);
    CHECK(stands_in(page, pages::escaped(book.students[who].name)));
    for (size_t other = 0; other < book.students.size(); ++other) {
      if (other == who) continue;
      for (const std::string* word :
           {&book.students[other].key, &book.students[other].name, &book.students[other].id, &book.students[other].email})
        REQUIRE(!stands_in(page, pages::escaped(*word)));
      REQUIRE(!stands_in(page, fmt::format("SEED={}", 1000 + other)));
    }
    CHECK(!stands_in(page, book.source));
  }
}

TEST_CASE("a student's page explains each failure in full, and how to repeat it at home") {
  const Gradebook book = tests::invented_class(3, 2, false);
  const results::Run run = book.record_of(book.students[1], book.students[1].labs[1]);
  const auto failed = std::ranges::find(run.records, results::Result::failed, &results::Record::result);
  REQUIRE(failed != run.records.end());
  const std::string page = page_of(book, 1);
  for (const std::string& part : {std::string("make grade LAB=01 SEED=1001"), "make grade LAB=01 CHECK=" + failed->id + " SEED=1001",
                                  failed->by_hand, std::string("expected that it exits with 0, but it printed &quot;Zoë Nr0001&quot;"),
                                  std::string("read this first"), std::string("└ Zoë Nr0001 4      blocked in read(0) on pipe A"),
                                  std::string("write(1, &quot;Zoë"), std::string("default-src 'none'")})
    CHECK_MESSAGE(stands_in(page, part), part);
  CHECK(stands_in(page, "script-src 'none'"));
}

TEST_CASE("each record is read once, and where it cannot be the points stay") {
  Gradebook book = tests::invented_class(10, 4, false);
  int asked = 0;
  book.record_of = [&](const Grades&, const Grade&) -> results::Run {
    ++asked;
    throw std::runtime_error("gone");
  };
  int graded = 0;
  for (const Grades& s : book.students) graded += static_cast<int>(std::ranges::count(s.labs, Grade::State::graded, &Grade::state));
  const std::string page = page_of_class(book);
  CHECK(asked == graded);
  CHECK(stands_in(page, fmt::format("<td class=\"number\">{}</td>", book.students[0].total())));
  CHECK(stands_in(page_of(book, 0), "The record behind these points could not be read."));
}

TEST_CASE("mistakes are counted by students, and the catalogue's words stand beside them") {
  Gradebook book = tests::invented_class(30, 1, false);
  const std::vector<Grades> students = book.students;
  // A third makes one mistake in two checks, and everybody else passes.
  book.record_of = [](const Grades& student, const Grade& grade) {
    results::Run run = tests::run_of({tests::example(), tests::example()});
    run.records[1].id = "second";
    for (results::Record& r : run.records) {
      r.lab = grade.lab;
      if (student.key.back() > '2') r.result = results::Result::passed, r.diagnoses.clear();
    }
    return run;
  };
  for (Grades& s : book.students) s.labs[0].state = Grade::State::graded;
  pages::Overview overview(book);
  for (const Grades& s : book.students) overview.add(pages::runs_of(book, s));
  REQUIRE(overview.mistakes().size() == 1);
  CHECK(overview.mistakes()[0].who.size() == 9);
  CHECK(pages::Overview::hardest(overview.labs()[0]).front().passed == 21);
  const std::string page = pages::class_page(book, overview);
  CHECK(stands_in(page, "<b>9 of 30</b> The program keeps a write end"));
  CHECK(stands_in(page, "A reader meets end-of-file when the last write end of its pipe is closed"));
  CHECK(stands_in(page, "<pre>parent    [write end]"));
}

TEST_CASE("of Markdown the catalogue's paragraphs, pictures and code are known") {
  course::Diagnosis d;
  d.text = "One `a < b`\nline.\n\n    picture\n\n      more\n\nThen `open.\n";
  const std::string code = pages::mistake_in_full(d).code();
  CHECK(stands_in(code, "<p>One <code>a &lt; b</code> line.</p>\n<pre>picture\n\n  more</pre>\n<p>Then `open.</p>\n"));
}

// gradebook.sh asks for it: the pages of a thousand students and of a few, for a browser.
TEST_CASE("pages for a browser, where IPCLAB_PAGES asks for them") {
  const char* folder = std::getenv("IPCLAB_PAGES");
  if (!folder) return;
  for (const auto& [name, students, labs] :
       {std::tuple{"large", size_t{1000}, size_t{12}}, std::tuple{"small", size_t{140}, size_t{12}}}) {
    const std::string work = std::string(folder) + "/" + name;
    std::filesystem::create_directories(work + "/students");
    const Gradebook book = tests::invented_class(students, labs, true);
    pages::Overview overview(book);
    for (const Grades& s : book.students) {
      const pages::Runs runs = pages::runs_of(book, s);
      base::write_file(work + "/students/" + s.key + ".html", pages::student_page(s, runs));
      overview.add(runs);
    }
    base::write_file(work + "/gradebook.html", pages::class_page(book, overview));
  }
}
