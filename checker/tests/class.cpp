// Proofs that what platforms export is understood: whose it is, which lab's, what of it is put right and what is refused. Archives are
// made here with libarchive's own writer, the wicked ones too.
#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "class/apart.hpp"
#include "class/handed_in.hpp"
#include "class/intake.hpp"
#include "class/jobs.hpp"
#include "class/roster.hpp"
#include "class/sorting.hpp"
#include "results/difference.hpp"
#include "tests/folder.hpp"

using namespace intake;

namespace {

struct Entry {
  std::string path, bytes;
  unsigned type = AE_IFREG;
};

// An archive with these entries; `format` is libarchive's name for it: "zip", "ustar", "7zip".
void write_archive(const std::string& path, const std::string& format, const std::vector<Entry>& entries) {
  archive* a = archive_write_new();
  REQUIRE(archive_write_set_format_by_name(a, format.c_str()) == ARCHIVE_OK);
  REQUIRE(archive_write_open_filename(a, path.c_str()) == ARCHIVE_OK);
  for (const Entry& entry : entries) {
    archive_entry* head = archive_entry_new();
    archive_entry_set_pathname(head, entry.path.c_str());
    archive_entry_set_filetype(head, entry.type);
    archive_entry_set_perm(head, 0644);
    archive_entry_set_mtime(head, 1'000'000, 0);
    if (entry.type == AE_IFLNK) archive_entry_set_symlink(head, entry.bytes.c_str());
    else archive_entry_set_size(head, static_cast<la_int64_t>(entry.bytes.size()));
    REQUIRE(archive_write_header(a, head) == ARCHIVE_OK);
    if (entry.type == AE_IFREG)
      REQUIRE(archive_write_data(a, entry.bytes.data(), entry.bytes.size()) == static_cast<la_ssize_t>(entry.bytes.size()));
    archive_entry_free(head);
  }
  archive_write_free(a);
}

std::vector<std::string> paths_of(const Contents& contents) {
  std::vector<std::string> paths;
  for (const Found& file : contents.files) paths.push_back(file.path);
  return paths;
}

const Wanted pipeline{course::Lab("01-pipeline"), {"pipeline"}, {{"pipeline.cpp", "skeleton"}}};
const Wanted jobs{course::Lab("06-jobs"), {"jobs"}, {{"jobs.cpp", "skeleton"}, {"plumbing.hpp", "given"}}};

std::string text_in(const Sorted& sorted, const std::string& name) {
  for (const auto& [file, text] : sorted.files)
    if (file == name) return text;
  return "(none)";
}

Sorted only(const std::vector<Found>& files, const Wanted& lab) {
  const auto all = sort_into_labs(files, {lab});
  return all.empty() ? Sorted{lab.lab, {}, {}, "(nothing)", 0} : all.front();
}

}  // namespace

TEST_CASE("the names that platforms give lead to one person each") {
  const auto people =
      by_person({"Ada Lovelace_101_assignsubmission_file_", "Ada Lovelace_101_assignsubmission_onlinetext_",
                 "hoppergrace_LATE_77_4001_pipeline.cpp", "hoppergrace_77_4002_jobs-1.cpp",
                 "Lab 1_kt99_attempt_2026-11-30-10-11-12_pipeline.cpp", "Lab 1_kt99_attempt_2026-12-01-10-11-12_pipeline.cpp",
                 "Lab 1_kt99_attempt_2026-12-01-10-11-12.txt", "linus.tar.gz", "linus", "Zoë.zip", ".DS_Store", "__MACOSX"});
  std::vector<std::string> said;
  for (const HandedIn& one : people)
    said.push_back(one.who + "/" + one.id + (one.late ? " late" : "") + ": " + base::join(one.names, ", "));
  CHECK(said == std::vector<std::string>{"Ada Lovelace/101: Ada Lovelace_101_assignsubmission_file_", "Zoë/: Zoë.zip",
                                         "hoppergrace/77 late: hoppergrace_77_4002_jobs-1.cpp, hoppergrace_LATE_77_4001_pipeline.cpp",
                                         "kt99/kt99: Lab 1_kt99_attempt_2026-12-01-10-11-12_pipeline.cpp",
                                         "linus/: linus, linus.tar.gz"});
  CHECK(people[3].notes.size() == 1);
}

TEST_CASE("a roster of any platform tells who is meant, and nobody where it could be two") {
  const auto roster = read_roster(
      "\xef\xbb\xbfLast Name;First Name;SIS User "
      "ID;Email\r\nLovelace;Ada;7;ada@x.org\r\nM\xc3\xbcller;Zo\xc3\xab;8;zoe@x.org\r\nLee;Kim;9;k1@x.org\r\nLee;Kim;10;k2@x.org\r\n");
  REQUIRE(roster.size() == 4);
  const auto index = [&](const std::string& who, const std::string& id) { return find_person(roster, {who, id, {}, false, {}}); };
  CHECK(index("Ada Lovelace", "101") == 0);
  CHECK(index("lovelaceada", "") == 0);
  CHECK(index("Zo\xc3\xab M\xc3\xbcller", "") == 1);
  CHECK(index("zoe", "") == 1);
  CHECK(index("somebody", "8") == 1);
  CHECK(index("Kim Lee", "10") == 3);
  CHECK_FALSE(index("Kim Lee", ""));
  CHECK_FALSE(index("nobody", ""));
  CHECK_THROWS_AS(static_cast<void>(read_roster("a,b\n1,2\n")), std::runtime_error);
  CHECK_THROWS_AS(static_cast<void>(read_roster("")), std::runtime_error);
  CHECK_THROWS_AS(static_cast<void>(read_roster("name\n\"no end")), std::runtime_error);
}

TEST_CASE("a table comes back as it went, and computes nothing in a spreadsheet") {
  const std::vector<std::string> row{"a \"b\", c", "", "line\nbreak", "Zo\xc3\xab"};
  CHECK(base::csv_rows(base::csv_row(row)) == std::vector<std::vector<std::string>>{row});
  for (const char* formula : {"=cmd()", "+1", "-1", "@x"})
    CHECK(base::csv_rows(base::csv_row({base::no_formula(formula)}))[0][0] == std::string("'") + formula);
}

TEST_CASE("sources are found by name wherever they lie, and what was put right is said") {
  CHECK(text_in(only({{"a/b/01-pipeline/pipeline.cpp", "mine", 1}}, pipeline), "pipeline.cpp") == "mine");
  for (const char* path :
       {"Pipeline.cpp", "x/pipeline (1).cpp", "pipeline-1.cpp", "pipeline - Copy.cpp", "pipeline_2.cc", "pipeline copy 2.cpp"}) {
    CAPTURE(path);
    const Sorted sorted = only({{path, "mine", 1}}, pipeline);
    CHECK(text_in(sorted, "pipeline.cpp") == "mine");
    CHECK(sorted.notes.size() == 1);
  }
  for (const char* path : {"pipelines.cpp", "mypipeline.cpp", "pipeline.txt", "pipeline.cpp.bak"})
    CHECK(only({{path, "x", 1}}, pipeline).refused == "(nothing)");
}

TEST_CASE("of several versions the one is graded that is meant, or none") {
  // In its place before elsewhere; changed before untouched; the same twice is one.
  CHECK(text_in(only({{"pipeline.cpp", "old", 9}, {"01-pipeline/pipeline.cpp", "mine", 1}}, pipeline), "pipeline.cpp") == "mine");
  CHECK(text_in(only({{"pipeline.cpp", "mine", 1}, {"01-pipeline/pipeline.cpp", "skeleton", 9}}, pipeline), "pipeline.cpp") == "mine");
  CHECK(text_in(only({{"a/pipeline.cpp", "same", 1}, {"b/pipeline.cpp", "same", 2}}, pipeline), "pipeline.cpp") == "same");
  const Sorted newest = only({{"a/pipeline.cpp", "old", 5}, {"b/pipeline.cpp", "new", 6}}, pipeline);
  CHECK(text_in(newest, "pipeline.cpp") == "new");
  CHECK(newest.notes.size() == 1);
  const Sorted unknown = only({{"a/pipeline.cpp", "one", 5}, {"b/pipeline.cpp", "two", 5}}, pipeline);
  CHECK(unknown.files.empty());
  CHECK(unknown.refused.find("a/pipeline.cpp, b/pipeline.cpp") != std::string::npos);
}

TEST_CASE("headers beside a program come with it, the skeleton's where they are missing") {
  const Sorted flat =
      only({{"jobs.cpp", "mine", 1}, {"mine.hpp", "h", 1}, {"pipeline.cpp", "other", 1}, {"else/far.hpp", "x", 1}}, jobs);
  CHECK(text_in(flat, "mine.hpp") == "h");
  CHECK(text_in(flat, "plumbing.hpp") == "given");
  CHECK(text_in(flat, "pipeline.cpp") == "(none)");
  CHECK(text_in(flat, "far.hpp") == "(none)");
  CHECK(text_in(only({{"06-jobs/jobs.cpp", "mine", 1}, {"06-jobs/more.cpp", "c", 1}, {"06-jobs/plumbing.hpp", "own", 1}}, jobs),
                "plumbing.hpp") == "own");
}

TEST_CASE("archives are read as folders are, in archives too, and nothing else of them") {
  const tests::Folder folder;
  const std::string inner = folder.path + "/inner.zip", outer = folder.path + "/outer.tar";
  write_archive(
      inner, "zip",
      {{"src/pipeline.cpp", "deep"}, {"src/notes.pdf", "x"}, {"__MACOSX/src/._pipeline.cpp", "x"}, {"build/pipeline.cpp", "x"}});
  write_archive(outer, "ustar", {{"./a/jobs.cpp", "here"}, {"a\\windows.hpp", "w"}, {"inner.zip", base::read_file(inner)}});
  const Contents found = read_apart({outer});
  CHECK(found.refused == "");
  CHECK(paths_of(found) ==
        std::vector<std::string>{"outer.tar/a/jobs.cpp", "outer.tar/a/windows.hpp", "outer.tar/inner.zip/src/pipeline.cpp"});
  CHECK(found.files[2].bytes == "deep");
  CHECK(found.files[0].modified == 1'000'000);
  write_archive(folder.path + "/x.7z", "7zip", {{"pipeline.cpp", "seven"}});
  CHECK(paths_of(read_apart({folder.path + "/x.7z"})).size() == 1);
}

TEST_CASE("what is wicked is refused or left out, for that student alone, with the reason") {
  const tests::Folder folder;
  const std::string path = folder.path + "/x.tar";
  for (const char* name : {"../up.cpp", "/etc/up.cpp", "a/../../up.cpp", "a\x1b[2J/x.cpp", "C:\\up.cpp", "..\\up.cpp"}) {
    CAPTURE(name);
    write_archive(path, "pax", {{"pipeline.cpp", "x"}, {name, "x"}});
    const Contents found = read_apart({path});
    CHECK(found.refused.find("none of a file") != std::string::npos);
    CHECK(found.refused.find('\x1b') == std::string::npos);
  }
  write_archive(path, "pax", {{"pipeline.cpp", "/etc/passwd", AE_IFLNK}, {"jobs.cpp", "", AE_IFIFO}, {"fine.cpp", "x"}});
  const Contents links = read_apart({path});
  CHECK(paths_of(links) == std::vector<std::string>{"x.tar/fine.cpp"});
  CHECK(links.notes.size() == 2);
  write_archive(path, "pax", {{"pipeline.cpp", std::string(most_in_source + 1, 'x')}});
  CHECK(read_apart({path}).files.empty());
  std::vector<Entry> many;
  for (size_t i = 0; i <= most_sources; ++i) many.push_back({"f" + std::to_string(i) + ".cpp", "x"});
  write_archive(path, "pax", many);
  CHECK(read_apart({path}).refused.find("more than") != std::string::npos);
  base::write_file(path, "no archive at all");
  CHECK(read_apart({path}).notes.size() == 1);
  write_archive(path, "pax", {{"pipeline.cpp", std::string(5000, 'x')}});
  REQUIRE(truncate(path.c_str(), 2000) == 0);
  CHECK(read_apart({path}).files.empty());
  CHECK(read_apart({folder.path + "/is-not-there.zip"}).refused.find("could not be read") != std::string::npos);
}

TEST_CASE("in a folder no link is followed, and a FIFO keeps nobody waiting") {
  const tests::Folder folder;
  std::filesystem::create_directories(folder.path + "/one/deep");
  base::write_file(folder.path + "/secret.cpp", "secret");
  std::filesystem::create_symlink("../secret.cpp", folder.path + "/one/pipeline.cpp");
  std::filesystem::create_directory_symlink("..", folder.path + "/one/up");
  REQUIRE(mkfifo((folder.path + "/one/jobs.cpp").c_str(), 0600) == 0);
  base::write_file(folder.path + "/one/deep/fine.cpp", "x");
  CHECK(paths_of(read_apart({folder.path + "/one"})) == std::vector<std::string>{"deep/fine.cpp"});
}

TEST_CASE("a job's key changes with all that its result depends on, and its seed is nobody's to guess") {
  Class all{"x", {"01-pipeline"}, {}, {{"ada", "Ada", "", "", "", 0, false, {}, "", {{"01-pipeline", "digest", {}, "", 0}}}}};
  const Job job = jobs_of(all, "tools", "secret").at(0);
  CHECK(jobs_of(all, "tools", "secret").at(0).key == job.key);
  CHECK(jobs_of(all, "other tools", "secret").at(0).key != job.key);
  CHECK(jobs_of(all, "tools", "other secret").at(0).seed != job.seed);
  all.students[0].labs[0].digest = "another";
  CHECK(jobs_of(all, "tools", "secret").at(0).key != job.key);
  CHECK(jobs_of(all, "tools", "secret").at(0).seed == job.seed);
  all.students[0].labs[0].digest = "";
  CHECK(jobs_of(all, "tools", "secret").empty());
}

TEST_CASE("one student's folder is not taken for a class") {
  const tests::Folder folder;
  base::write_file(folder.path + "/pipeline.cpp", "x");
  const tests::Folder work;
  CHECK_THROWS_AS(static_cast<void>(take_in({folder.path, "", {course::Lab("01-pipeline")}, work.path}, [](size_t, size_t) {})),
                  std::runtime_error);
}

TEST_CASE("two runs that found the same differ in nothing, and what differs is named") {
  results::Run before;
  before.kernel = "6.1";
  before.seed = 7;
  before.records.resize(2);
  for (results::Record& r : before.records) {
    r.lab = "01-pipeline";
    r.id = &r == before.records.data() ? "flows" : "ends";
    r.points = 50;
    r.result = results::Result::passed;
  }
  results::Run now = before;
  CHECK(results::difference(before, now).verdicts.empty());
  CHECK(results::difference(before, now).means.empty());
  now.kernel = "6.12";
  now.records[1].result = results::Result::failed;
  const results::Difference d = results::difference(before, now);
  CHECK(d.verdicts == std::vector<std::string>{"01-pipeline, points: was 100, is 50", "01-pipeline/ends: was passed, is failed"});
  CHECK(d.means == std::vector<std::string>{"kernel: was 6.1, is 6.12"});
  now.records.pop_back();
  CHECK(results::difference(before, now).verdicts.back() == "01-pipeline/ends: was passed, is no check any more");
}
