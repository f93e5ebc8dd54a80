#include "play/object/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "play/testbed/wait.hpp"
#include "play/verdict/obstructed.hpp"
#include "room/reach.hpp"

namespace play {

namespace {

// What an act of the check met in a program's reach is the program's doing.
template <class Act>
auto in_reach_of_programs(const std::string& wanted, const Act& act) {
  try {
    return act();
  } catch (const room::Planted& e) {
    throw Obstructed(wanted, e.what());
  }
}

}  // namespace

std::string read_file(const std::string& path) {
  return in_reach_of_programs("there is a file " + path + " to be read", [&] {
    std::string name;
    const room::Reach folder = room::Reach::of(path, name);
    auto text = folder.read(name);
    if (!text) throw room::Planted("there is none");
    return *text;
  });
}

void write_file(const std::string& path, const std::string& text, mode_t mode) {
  in_reach_of_programs("the check can write the file " + path, [&] {
    std::string name;
    room::Reach::of(path, name).put(name, text, mode);
  });
}

void File::put(const std::string& text, mode_t mode) const {
  testbed_->note_file(name_, text);
  write_file(name_, text, mode);
}

void File::append(const std::string& text) const {
  testbed_->note_act(fmt::format("append to the file {}: {}", name_, base::quote(text, 60)));
  in_reach_of_programs("the check can append to the file " + name_, [&] {
    std::string name;
    const room::Reach folder = room::Reach::of(name_, name);
    const base::Fd file = folder.open(name, O_WRONLY | O_APPEND);
    if (!file) throw room::Planted("it has gone");
    base::write_all(file.get(), text);
  });
}

std::optional<std::string> File::read(std::string& why_not) const {
  try {
    std::string name;
    const room::Reach folder = room::Reach::of(name_, name);
    auto text = folder.read(name);
    if (!text) why_not = "it does not exist";
    return text;
  } catch (const room::Planted& e) {
    why_not = e.what();
    return std::nullopt;
  }
}

std::string File::text() const {
  std::string why_not;
  return read(why_not).value_or("");
}

// The program that was started last is taken to be the one that had to do with the file.
Verdict File::refuse(std::string expected, std::string actual) const {
  Evidence e;
  e.expected = std::move(expected);
  e.actual = std::move(actual);
  e.shows_in_a_shell = true;
  if (!testbed_->all_started().empty()) {
    const Started& last = testbed_->all_started().back();
    const auto add = [&](const char* how, const Output& output) {
      if (!output.text.empty())
        e.lines.push_back(fmt::format("{} {}: {}", last.name, how, base::quote(output.text, 200)));
    };
    add("printed", last.out);
    add("wrote on standard error", last.err);
  }
  return Verdict::no(std::move(e));
}

Verdict File::has_text(const std::string& text) const {
  const std::string expected = fmt::format("the file {} holds {}", name_, text.empty() ? "nothing" : base::quote(text));
  std::string why_not;
  const auto found = read(why_not);
  if (!found) return refuse(expected, why_not);
  if (*found == text) return Verdict::yes();
  return refuse(expected, found->empty() ? "it is empty" : "it holds " + base::quote(*found));
}

Verdict File::begins_with(const std::string& text) const {
  const std::string expected = fmt::format("the file {} begins with {}", name_, base::quote(text));
  std::string why_not;
  const auto found = read(why_not);
  if (!found) return refuse(expected, why_not);
  if (found->starts_with(text)) return Verdict::yes();
  return refuse(expected, found->empty() ? "it is empty" : "it holds " + base::quote(*found));
}

namespace {

std::optional<struct stat> look_at(const std::string& path) {
  std::string name;
  return room::Reach::of(path, name).look(name);
}

}  // namespace

Verdict File::has_mode(mode_t mode) const {
  const std::string expected = fmt::format("the file {} has the permissions {:04o}", name_, mode);
  const auto info = look_at(name_);
  if (!info) return refuse(expected, "it does not exist");
  if (!S_ISREG(info->st_mode)) return refuse(expected, "it is " + room::kind_of(info->st_mode));
  const mode_t found = info->st_mode & 07777;
  return found == mode ? Verdict::yes() : refuse(expected, fmt::format("it has {:04o}", found));
}

Verdict File::exists() const {
  if (look_at(name_)) return Verdict::yes();
  return refuse("there is a file " + name_, "there is none");
}

Verdict File::is_removed() const {
  const Waited waited = wait_until(*testbed_, [&] { return !look_at(name_); });
  return waited ? Verdict::yes()
                : refuse(fmt::format("there is no file {} now", name_), "there is: it holds " + base::quote(text()));
}

Verdict File::does_not_exist() const {
  if (!look_at(name_)) return Verdict::yes();
  return refuse("there is no file " + name_, "there is one");
}

}  // namespace play
