#include "play/object/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "play/testbed/wait.hpp"

namespace play {

void File::put(const std::string& text, mode_t mode) const {
  testbed_->note_act(fmt::format("write the file {}: {}", name_, base::quote(text, 60)));
  base::write_file(name_, text, mode);
  std::string format = base::escape(text);
  for (size_t at = 0; (at = format.find('%', at)) != std::string::npos; at += 2) format.insert(at, "%");
  const std::string printing = base::shell_words({"printf", format});
  testbed_->make_by_hand(name_, fmt::format("{} > {}", printing, base::shell_words({name_})));
}

void File::append(const std::string& text) const {
  testbed_->note_act(fmt::format("append to the file {}: {}", name_, base::quote(text, 60)));
  base::write_all(base::open_file(name_, O_WRONLY | O_APPEND).get(), text);
}

std::string File::text() const {
  const base::Fd file(open(name_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  return file ? base::read_all(file.get()) : "";
}

// The program that was started last is taken to be the one that had to do with the file.
Verdict File::refuse(std::string expected, std::string actual) const {
  Evidence e;
  e.expected = std::move(expected);
  e.actual = std::move(actual);
  if (!testbed_->all_started().empty()) {
    const Started& last = testbed_->all_started().back();
    const auto add = [&](const char* how, const Output& output) {
      if (!output.text.empty())
        e.lines.push_back(fmt::format("{} {}: {}", last.name, how, base::quote(output.text, 200)));
    };
    add("printed", last.out);
    add("wrote on standard error", last.err);
    e.by_hand = testbed_->by_hand(last);
  }
  return Verdict::no(std::move(e));
}

Verdict File::has_text(const std::string& text) const {
  const std::string expected = fmt::format("the file {} holds {}", name_, text.empty() ? "nothing" : base::quote(text));
  if (access(name_.c_str(), F_OK) != 0) return refuse(expected, "it does not exist");
  if (access(name_.c_str(), R_OK) != 0) {
    struct stat info {};
    stat(name_.c_str(), &info);
    return refuse(expected, fmt::format("it cannot be read: its permissions are {:04o}", info.st_mode & 07777));
  }
  const std::string found = this->text();
  if (found == text) return Verdict::yes();
  return refuse(expected, found.empty() ? "it is empty" : "it holds " + base::quote(found));
}

Verdict File::begins_with(const std::string& text) const {
  const std::string expected = fmt::format("the file {} begins with {}", name_, base::quote(text));
  const std::string found = this->text();
  if (found.starts_with(text)) return Verdict::yes();
  if (access(name_.c_str(), F_OK) != 0) return refuse(expected, "it does not exist");
  return refuse(expected, found.empty() ? "it is empty" : "it holds " + base::quote(found));
}

Verdict File::has_mode(mode_t mode) const {
  const std::string expected = fmt::format("the file {} has the permissions {:04o}", name_, mode);
  struct stat info {};
  if (stat(name_.c_str(), &info) != 0) return refuse(expected, "it does not exist");
  const mode_t found = info.st_mode & 07777;
  return found == mode ? Verdict::yes() : refuse(expected, fmt::format("it has {:04o}", found));
}

Verdict File::exists() const {
  if (access(name_.c_str(), F_OK) == 0) return Verdict::yes();
  return refuse("there is a file " + name_, "there is none");
}

Verdict File::is_removed() const {
  const Waited waited = wait_until(*testbed_, [&] { return access(name_.c_str(), F_OK) != 0; });
  return waited ? Verdict::yes()
                : refuse(fmt::format("there is no file {} now", name_), "there is: it holds " + base::quote(text()));
}

Verdict File::does_not_exist() const {
  if (access(name_.c_str(), F_OK) != 0) return Verdict::yes();
  return refuse("there is no file " + name_, "there is one");
}

}  // namespace play
