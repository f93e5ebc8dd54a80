#include "class/intake.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <stdexcept>

#include "base/digest.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "class/apart.hpp"
#include "class/handed_in.hpp"
#include "class/roster.hpp"
#include "class/sorting.hpp"

namespace intake {
namespace {

namespace fs = std::filesystem;

// "ada-lovelace-1f2e3d4c": for a person to read, and for nobody to forge.
std::string key_of(const std::string& who, const std::string& id) {
  std::string slug;
  for (const unsigned char c : who) {
    if (std::isalnum(c) && c < 0x80) slug += static_cast<char>(std::tolower(c));
    else if (!slug.empty() && slug.back() != '-') slug += '-';
    if (slug.size() >= 40) break;
  }
  if (!slug.empty() && slug.back() != '-') slug += '-';
  return slug + base::sha256(who + '\0' + id).substr(0, 8);
}

std::vector<Wanted> wanted(const std::vector<course::Lab>& labs) {
  std::vector<Wanted> all;
  for (const course::Lab& lab : labs) {
    Wanted one{lab, course::programs_of(lab), {}};
    for (const auto& entry : fs::directory_iterator(course::course_folder() + "/labs/" + lab.key()))
      if (is_source(entry.path().filename())) one.skeleton.emplace_back(entry.path().filename(), base::read_file(entry.path()));
    std::ranges::sort(one.skeleton);
    all.push_back(std::move(one));
  }
  return all;
}

class Intake {
 public:
  explicit Intake(const Asked& asked) : asked_(asked), wanted_(wanted(asked.labs)) {
    all_.source = fs::canonical(asked.submissions);
    for (const course::Lab& lab : asked.labs) all_.labs.push_back(lab.key());
    std::filesystem::remove(roster_in(asked.work));
    if (!asked.roster.empty()) {
      const std::string table = base::read_file(asked.roster);
      roster_ = read_roster(table);
      base::write_file(roster_in(asked.work), table, 0600);
    }
    trees_ = asked.work + "/trees.part";
    fs::remove_all(trees_);
    fs::create_directories(trees_);
  }

  Class run(const std::function<void(size_t, size_t)>& progress) {
    const std::vector<HandedIn> people = by_person(names());
    refuse_one_students_folder(people);
    for (size_t i = 0; i < people.size(); ++i) {
      progress(i, people.size());
      take(people[i]);
    }
    add_who_is_missing();
    std::ranges::sort(all_.students, {}, [](const Student& s) { return std::pair(s.name, s.key); });
    const std::string final = asked_.work + "/trees";
    fs::remove_all(final);
    fs::rename(trees_, final);
    base::write_file(asked_.work + "/class.json", to_json(all_));
    return std::move(all_);
  }

 private:
  std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(asked_.submissions)) {
      const std::string name = entry.path().filename();
      const fs::file_status status = entry.symlink_status();
      const bool receipt = name.find("_attempt_") != std::string::npos;  // Blackboard's, beside what was handed in
      if (fs::is_directory(status) || (fs::is_regular_file(status) && (is_source(name) || is_archive(name) || receipt)))
        found.push_back(name);
      else if (!name.starts_with(".") && fs::absolute(entry.path()) != fs::absolute(asked_.roster))
        all_.notes.push_back("not looked at: " + base::printable(name));
    }
    return found;
  }

  void refuse_one_students_folder(const std::vector<HandedIn>& people) const {
    for (const HandedIn& one : people)
      for (const Wanted& lab : wanted_)
        if (std::ranges::find(lab.programs, one.who.substr(0, one.who.rfind('.'))) != lab.programs.end() || one.who == lab.lab.key())
          throw std::runtime_error(asked_.submissions + " holds " + one.who + ": is it one student's folder? TREE= grades that");
  }

  Student student_of(const HandedIn& handed_in) {
    Student s{key_of(handed_in.who, handed_in.id), handed_in.who, handed_in.id, {}, {}, 0, handed_in.late, handed_in.notes, {}, {}};
    if (asked_.roster.empty()) return s;
    const auto person = find_person(roster_, handed_in);
    if (!person) {
      s.notes.push_back("nobody on the roster is called so");
      return s;
    }
    const Person& p = roster_[*person];
    s.name = p.name, s.email = p.email, s.section = p.section, s.roster_row = p.row;
    if (!p.id.empty()) s.id = p.id;
    if (const auto [before, is_new] = met_.emplace(*person, handed_in.who); !is_new)
      s.notes.push_back(
          fmt::format("{} is on the roster once, and has two submissions: {} and {}", p.name, before->second, handed_in.who));
    return s;
  }

  void take(const HandedIn& handed_in) {
    Student s = student_of(handed_in);
    std::vector<std::string> paths;
    for (const std::string& name : handed_in.names) paths.push_back(asked_.submissions + "/" + name);
    Contents contents = read_apart(paths);
    s.notes.insert(s.notes.end(), contents.notes.begin(), contents.notes.end());
    s.refused = contents.refused;
    if (s.refused.empty()) {
      for (const Sorted& sorted : sort_into_labs(contents.files, wanted_)) s.labs.push_back(put(s, sorted));
      if (s.labs.empty())
        s.notes.push_back(contents.files.empty() ? "nothing was handed in that is a source"
                                                 : fmt::format("none of its {} sources bears a lab's name", contents.files.size()));
    }
    all_.students.push_back(std::move(s));
  }

  ForLab put(const Student& s, const Sorted& sorted) const {
    ForLab lab{sorted.lab.key(), {}, {}, base::printable(sorted.refused), sorted.modified};
    for (const std::string& note : sorted.notes) lab.notes.push_back(base::printable(note));
    if (!sorted.refused.empty()) return lab;
    const std::string folder = trees_ + "/" + s.key + "/" + lab.lab;
    fs::create_directories(folder);
    std::string text;
    for (const auto& [name, bytes] : sorted.files) {
      base::write_file(folder + "/" + name, bytes);
      text += fmt::format("{} {}\n{}", name, bytes.size(), bytes);
    }
    lab.digest = base::sha256(text);
    return lab;
  }

  void add_who_is_missing() {
    for (size_t i = 0; i < roster_.size(); ++i) {
      if (met_.contains(i)) continue;
      const Person& p = roster_[i];
      all_.students.push_back(
          {key_of(p.name, p.id), p.name, p.id, p.email, p.section, p.row, false, {"nothing was handed in"}, {}, {}});
    }
  }

  const Asked& asked_;
  std::vector<Wanted> wanted_;
  std::vector<Person> roster_;
  std::map<size_t, std::string> met_;  ///< of the roster, and what their submission was called
  std::string trees_;
  Class all_;
};

}  // namespace

Class take_in(const Asked& asked, const std::function<void(size_t, size_t)>& progress) { return Intake(asked).run(progress); }

Class class_in(const std::string& work) { return from_json(base::read_file(work + "/class.json")); }

std::string roster_in(const std::string& work) { return work + "/roster.csv"; }

std::string tree_of(const std::string& work, const Student& student) { return work + "/trees/" + student.key; }

}  // namespace intake
