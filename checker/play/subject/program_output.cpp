// Program's verdicts on what it prints and what it says on standard error.
#include <algorithm>
#include <cctype>
#include <cstring>
#include <fmt/format.h>

#include "base/text.hpp"
#include "play/subject/program.hpp"
#include "play/verdict/failure.hpp"

namespace play {
namespace {

std::string shown(const Output& output) { return output.text.empty() ? "nothing" : base::quote_end(output.text); }

int lines_with(const std::string& text, const std::string& part) {
  int times = 0;
  for (const std::string& line : base::split(text, '\n')) times += line.find(part) != std::string::npos;
  return times;
}

// Every run of digits in it.
std::vector<std::string> numbers_in(const std::string& text) {
  std::vector<std::string> found{""};
  for (const char c : text)
    if (std::isdigit(static_cast<unsigned char>(c))) found.back() += c;
    else if (!found.back().empty()) found.emplace_back();
  return found;
}

}  // namespace

Verdict Program::failed_output(const std::string& expected, const Waited& waited, const Output& output) const {
  if (started_->ending) {
    return Verdict::no(with_context(
        {.expected = expected, .actual = fmt::format("it {}, and had printed {}", describe(*started_->ending), shown(output)), .kind = Evidence::Kind::ended}));
  }
  Evidence e = failed_wait(expected, waited);
  e.lines.push_back("it has printed " + shown(output));
  return Verdict::no(with_context(std::move(e)));
}

Verdict Program::prints(const std::string& text) {
  size_t found = std::string::npos;
  const Waited waited = wait_until(*testbed_, [&] {
    found = started_->out.text.find(text, started_->out.looked_at);
    return found != std::string::npos || (started_->ending && started_->out.at_end());
  });
  if (found == std::string::npos) return failed_output("it prints " + base::quote(text), waited, started_->out);
  started_->out.looked_at = found + text.size();
  return Verdict::yes();
}

Verdict Program::prints_next(const std::string& text) {
  const std::string expected = "the next it prints is " + base::quote(text);
  Output& out = started_->out;
  const auto came = [&] { return out.unread().substr(0, text.size()); };
  const auto parted = [&] { return !std::string_view(text).starts_with(came()); };
  const Waited waited =
      wait_until(*testbed_, [&] { return came() == text || parted() || (started_->ending && out.at_end()); });
  if (came() == text) {
    out.looked_at += text.size();
    return Verdict::yes();
  }
  if (!parted()) return failed_output(expected, waited, out);
  // All that comes is told, not only as much as had come when it parted.
  wait_until(*testbed_, [&] { return started_->ending && out.at_end(); });
  return refuse(expected, base::first_difference(text, out.unread()), {"it printed " + base::quote(out.unread(), 400)});
}

Verdict Program::prints_only(const std::string& text) {
  const std::string expected = text.empty() ? "it prints nothing" : "it prints only " + base::quote(text);
  Output& out = started_->out;
  const Waited waited = wait_until(
      *testbed_, [&] { return !std::string_view(text).starts_with(out.unread()) || (started_->ending && out.at_end()); });
  const std::string_view unread = out.unread();
  const bool is_all = started_->ending && out.at_end();  // it may have ended after the wait was given up
  if (unread == text && (waited.outcome != Waited::Outcome::spent || is_all)) {
    out.looked_at = out.text.size();
    return Verdict::yes();
  }
  const std::string difference =
      text.empty() && !unread.empty() ? "it printed " + base::quote(unread) : base::first_difference(text, unread);
  if (waited || (started_->ending && unread != text))
    return refuse(expected, unread.empty() && started_->ending
                                ? fmt::format("it {} and printed nothing", describe(*started_->ending))
                                : difference);
  Evidence e = failed_wait(expected, waited);
  e.lines.push_back("of its output, " + difference);
  return Verdict::no(with_context(std::move(e)));
}

Verdict Program::prints_in_any_order(const std::vector<std::string>& lines) {
  Output& out = started_->out;
  const auto newlines = [&] { return static_cast<size_t>(std::count(out.unread().begin(), out.unread().end(), '\n')); };
  const std::string expected =
      "the next lines it prints are, in any order, " + base::quote(base::join(lines, ", "), 200);
  const Waited waited =
      wait_until(*testbed_, [&] { return newlines() >= lines.size() || (started_->ending && out.at_end()); });
  if (newlines() < lines.size()) return failed_output(expected, waited, out);
  std::vector<std::string> came = base::split(out.unread(), '\n');
  came.resize(lines.size());
  size_t bytes = 0;
  for (const std::string& line : came) bytes += line.size() + 1;
  std::vector<std::string> left = came;
  for (const std::string& line : lines) {
    const std::vector<std::string> either = base::split(line, '|');
    const auto found = std::find_first_of(left.begin(), left.end(), either.begin(), either.end());
    if (found == left.end()) return refuse(expected, "they are " + base::quote(base::join(came, ", "), 200));
    left.erase(found);
  }
  out.looked_at += bytes;
  return Verdict::yes();
}

Verdict Program::prints_nothing_more() {
  const std::string expected = "it prints nothing more";
  const Waited waited = wait_until(*testbed_, [&] {
    return started_->out.looked_at < started_->out.text.size() || (started_->ending && started_->out.at_end());
  });
  const std::string_view unread = started_->out.unread();
  if (!unread.empty()) return refuse(expected, "it printed " + base::quote(unread));
  return waited.outcome == Waited::Outcome::spent ? Verdict::no(with_context(failed_wait(expected, waited))) : Verdict::yes();
}

Verdict Program::complains(const std::string& text) {
  const Waited waited = wait_until(*testbed_, [&] {
    return started_->err.text.find(text) != std::string::npos || (started_->ending && started_->err.at_end());
  });
  if (started_->err.text.find(text) != std::string::npos) return Verdict::yes();
  const std::string expected = "it writes " + (text == "\n" ? "a line" : base::quote(text)) + " on standard error";
  if (started_->ending)
    return refuse(expected,
                  fmt::format("it {}, and had written {} there", describe(*started_->ending), shown(started_->err)));
  return Verdict::no(with_context(failed_wait(expected, waited)));
}

Verdict Program::complains_times(const std::string& text, int times) {
  if (const Verdict there = complains(text); !there.passed()) return there;
  const Waited ended = wait_until(*testbed_, [&] { return started_->ending && started_->err.at_end(); });
  const int found = lines_with(started_->err.text, text);
  if (ended && found == times) return Verdict::yes();
  const std::string expected = fmt::format("it writes {} on standard error {}", base::quote(text),
                                           times == 1 ? "once" : fmt::format("{} times", times));
  if (!ended) return Verdict::no(with_context(failed_wait(expected, ended)));
  return refuse(expected, fmt::format("it did so {} times", found));
}

Verdict Program::complains_of_nothing() {
  const Waited ended = wait_until(*testbed_, [&] { return started_->ending && started_->err.at_end(); });
  if (!started_->err.text.empty()) return refuse("it writes nothing on standard error", "it did");
  return ended.outcome == Waited::Outcome::spent
             ? Verdict::no(with_context(failed_wait("it writes nothing on standard error and ends", ended)))
             : Verdict::yes();
}

Verdict Program::refuses() {
  if (Verdict ends = exits_with(1); !ends.passed()) return ends;
  wait_until(*testbed_, [&] { return !started_->err.text.empty() || started_->err.at_end(); });
  if (started_->err.text.empty()) return refuse(name() + " says why on standard error", "it says nothing");
  return prints_nothing_more();
}

Verdict Program::names_lines(const std::vector<int>& numbers, const std::string& why) const {
  std::vector<std::string> missing;
  wait_until(*testbed_, [&] {
    missing.clear();
    const std::vector<std::string> named = numbers_in(started_->err.text);
    for (const int number : numbers)
      if (std::find(named.begin(), named.end(), std::to_string(number)) == named.end()) missing.push_back(std::to_string(number));
    return missing.empty() || (started_->ending && started_->err.at_end());
  });
  if (missing.empty()) return Verdict::yes();
  Verdict no = refuse(fmt::format("its standard error names each line that {} by its number", why), "it does not name " + base::join(missing, ", "));
  Evidence e = no.evidence();
  e.missing = std::move(missing);
  return Verdict::no(std::move(e));
}

bool Program::has_complained_of(int error) const { return complained().find(strerror(error)) != std::string::npos; }

Verdict Program::printed_lines(const std::vector<std::string>& these, const std::string& expected,
                      const std::vector<std::string>& others) const {
  const auto begins = [](const std::string& line, const std::vector<std::string>& with) {
    return std::any_of(with.begin(), with.end(), [&](const std::string& word) { return line.starts_with(word); });
  };
  std::string came;
  for (const std::string& line : base::split(printed(), '\n')) {
    if (begins(line, these)) came += line + "\n";
    else if (!line.empty() && !begins(line, others))
      return Verdict::no("each line that it prints is one whole event", "there is the line " + base::quote(line));
  }
  if (came == expected) return Verdict::yes();
  return Verdict::no(fmt::format("its lines that begin with {} are all there, once and in order", fmt::join(these, ", ")), base::first_difference(expected, came));
}

}  // namespace play
