#include "records.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace fifo {
namespace {

/// "12 " of "12 ann: hello".
std::string number_before(const std::string& line) {
  const size_t end = line.find_first_not_of("0123456789");
  return end != 0 && end != std::string::npos && line[end] == ' ' ? line.substr(0, end + 1) : "";
}

/// The next lines are these records, as far as `as_it_is` does not take over the beginning that the program has given a line: so a
/// failure is told as any other failure of what is printed.
using Begins = std::function<std::string(const std::string& line, const std::string& record)>;
Verdict prints_lines(Program& serve, const std::vector<std::string>& records, const Begins& as_it_is) {
  const auto lines_in = [](const std::string& text) { return static_cast<size_t>(std::ranges::count(text, '\n')); };
  static_cast<void>(play::wait_until(lab.testbed(), [&] { return lines_in(serve.unread()) >= records.size() || serve.has_ended(); }));
  const std::vector<std::string> lines = split(serve.unread(), '\n');
  const size_t before = lines_in(serve.printed()) - lines_in(serve.unread());
  std::string expected;
  for (size_t i = 0; i < records.size(); ++i)
    expected += (i < lines_in(serve.unread()) ? as_it_is(lines[i], records[i]) : std::to_string(before + i + 1) + " " + records[i]) + "\n";
  return serve.prints_next(expected);
}

Verdict printed_otherwise(std::string expected, std::string actual, std::vector<std::string> lines = {}) {
  Evidence e{.expected = std::move(expected), .actual = std::move(actual), .lines = std::move(lines)};
  e.shows_in_a_shell = true;
  return Verdict::no(std::move(e));
}

constexpr size_t longest_frame = 14;  // "[1234567]: " behind the name, and a little more

}  // namespace

Verdict prints_records(Program& serve, const std::vector<std::string>& records) {
  return prints_lines(serve, records, [](const std::string& line, const std::string& record) { return number_before(line) + record; });
}

Verdict prints_texts(Program& serve, const std::vector<std::string>& records) {
  return prints_lines(serve, records, [](const std::string& line, const std::string& record) {
    return line.ends_with(record.substr(record.find(": ") + 2)) ? line : number_before(line) + record;
  });
}

Verdict prints_framed(Program& serve, const std::string& text, std::string& frame) {
  return prints_lines(serve, {frame + text}, [&](const std::string& line, const std::string& record) {
    const std::string number = number_before(line);
    if (!line.ends_with(text) || line.size() < number.size() + text.size()) return number + record;
    frame = line.substr(number.size(), line.size() - text.size() - number.size());
    return line;
  });
}

Verdict prints_in_turn(Program& serve, const std::vector<std::string>& texts) {
  for (const std::string& text : texts)
    if (Verdict verdict = serve.prints(text + "\n"); !verdict.passed()) return verdict;
  return Verdict::yes();
}

bool any_line(const std::string& printed, const std::function<bool(const std::string& record)>& is_so) {
  const std::vector<std::string> lines = split(printed.ends_with('\n') ? printed.substr(0, printed.size() - 1) : printed, '\n');
  return std::ranges::any_of(lines, [&](const std::string& line) { return is_so(line.substr(number_before(line).size())); });
}

Verdict has_nothing_more(Program& serve) {
  static_cast<void>(play::wait_until_rest(lab.testbed(), [&] { return !serve.unread().empty(); }));
  return serve.unread().empty() ? Verdict::yes() : serve.prints_nothing_more();
}

Verdict all_are_there(Program& serve, const std::vector<Sender>& sent) {
  std::map<std::string, size_t> next;
  std::map<std::string, std::string> frames;  // what stands before the text: the same for all of one writer
  size_t wanted = 0, number = 0;
  for (const Sender& s : sent) wanted += s.texts.size();
  const auto lines = [&] { return static_cast<size_t>(std::ranges::count(serve.printed(), '\n')); };
  // An empty one of each may be among them.
  static_cast<void>(play::wait_until(lab.testbed(), [&] { return lines() >= wanted + sent.size(); }));
  const std::string expected = fmt::format("serve prints {} whole records of {} writers, those of each writer in its "
                                           "order", wanted, sent.size());
  for (const std::string& line : split(serve.printed(), '\n')) {
    const std::string record = line.substr(number_before(line).size());
    const auto sender = std::ranges::find_if(sent, [&](const Sender& s) { return record.starts_with(s.name); });
    const bool known = sender != sent.end();
    if (!known && number == 0) continue;  // what it says before any record is another check's
    if (record.empty() || (known && frames.contains(sender->name) && record == frames[sender->name])) continue;
    const std::string text = known && next[sender->name] < sender->texts.size() ? sender->texts[next[sender->name]] : "";
    const std::string frame = !text.empty() && record.ends_with(text) ? record.substr(0, record.size() - text.size()) : "";
    const bool whole = !frame.empty() && frame.size() <= sender->name.size() + longest_frame &&
                       frames.try_emplace(sender->name, frame).first->second == frame;
    if (!whole)
      return printed_otherwise(expected, fmt::format("line {} is none", number + 1),
                               {"it is: " + quote(line, 100), text.empty() ? "" : "next of this writer: " + quote(text, 100)});
    ++number;
    ++next[sender->name];
  }
  if (number == wanted) return Verdict::yes();
  return printed_otherwise(expected, fmt::format("it prints {}", number));
}

}  // namespace fifo
