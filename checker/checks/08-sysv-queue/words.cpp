#include "words.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace mailroom {
namespace {

std::string one(const Message& m) {
  return fmt::format("{} ({} byte{}, box {})", quote(m.bytes, 60), m.bytes.size(), m.bytes.size() == 1 ? "" : "s", m.tag);
}

std::vector<std::string> listed(const Letters& letters) {
  std::vector<std::string> lines;
  for (const Message& m : letters) lines.push_back("in the queue: " + one(m));
  return lines;
}

// Which mistake is it that makes this letter out of that one?
Verdict told(Verdict verdict, const Message& is, const Message& wanted) {
  if (is.tag != wanted.tag) return verdict;
  const bool begins = is.bytes.starts_with(wanted.bytes);
  const bool more = begins && !wanted.bytes.empty() && is.bytes.size() > wanted.bytes.size() && is.bytes != wanted.bytes + "\n";
  const size_t end = wanted.bytes.find('\0');
  const bool c_string = end != std::string::npos && is.bytes == wanted.bytes.substr(0, end);
  return std::move(verdict).means("letter/more-than-the-text", more).means("letter/text-ends-at-a-nul", c_string);
}

Verdict compared(const Letters& letters, const Letters& wanted, bool whole) {
  for (size_t i = 0; i < std::max(letters.size(), wanted.size()); ++i) {
    const bool right = i < letters.size() && i < wanted.size() && letters[i].tag == wanted[i].tag &&
                       (whole ? letters[i].bytes == wanted[i].bytes : letters[i].bytes.starts_with(wanted[i].bytes));
    if (right) continue;
    Verdict no = Verdict::no(i < wanted.size() ? fmt::format("letter {} in the queue is {}", i + 1, one(wanted[i])) : fmt::format("{} letters are in the queue", wanted.size()),
                             i < letters.size() ? "it holds " + one(letters[i]) : "there is none", listed(letters));
    return i < letters.size() && i < wanted.size() ? told(std::move(no), letters[i], wanted[i]) : std::move(no);
  }
  return Verdict::yes();
}

}  // namespace

std::string some_text() { return lab.word(8); }

long some_box() {
  static long next = 1000;  // a check has a process of its own
  next += 1 + static_cast<long>(lab.dice()() % 50);
  return next;
}

SysvQueue a_queue(std::optional<long> room) {
  SysvQueue queue(lab.testbed());
  lab.note("makes the queue " + queue.name() + (room ? fmt::format(" for {} bytes", *room) : ""));
  queue.make(room);
  return queue;
}

void lay(const SysvQueue& queue, const Letters& letters) {
  for (const Message& m : letters) {
    lab.note("puts " + one(m) + " into " + queue.name());
    if (!queue.put(m)) throw play::Obstructed("the check can put a letter into " + queue.what(), "it is full");
  }
}

Letters taken_from(const SysvQueue& queue) {
  Letters letters;
  while (auto next = queue.take()) letters.push_back(*next);
  lab.note(fmt::format("takes {} letter{} out of {}", letters.size(), letters.size() == 1 ? "" : "s", queue.name()));
  return letters;
}

Letters arrives(const SysvQueue& queue, const Program& program, long box) {
  Letters came;
  static_cast<void>(play::wait_until(lab.testbed(), [&] {
    if (auto next = queue.take(box)) came.push_back(*next);
    return !came.empty() || program.has_ended();
  }));
  lab.note(fmt::format("takes {} out of box {} of {}", came.empty() ? "nothing" : "a letter", box, queue.name()));
  return came;
}

std::string text_of(const Letters& letters) {
  std::vector<std::string> texts;
  for (const Message& m : letters) texts.push_back(one(m));
  return "the queue held " + (texts.empty() ? "no letter" : join(texts, ", "));
}

void remove(const SysvQueue& queue) {
  lab.note("removes the queue " + queue.name());
  queue.remove();
}

Program run(const std::string& words, const SysvQueue& queue, const std::string& more) {
  return lab.start(words + " " + queue.name() + (more.empty() ? "" : " " + more));
}

Program run(const std::string& words, const SysvQueue& queue, long box) { return run(words, queue, std::to_string(box)); }

Verdict are(const Letters& letters, const Letters& wanted) { return compared(letters, wanted, false); }
Verdict are_exactly(const Letters& letters, const Letters& wanted) { return compared(letters, wanted, true); }

Verdict leaves(const SysvQueue& queue, const Letters& wanted) {
  const bool gone = !queue.count();
  const Letters left = taken_from(queue);
  const bool moved = left != wanted && std::is_permutation(left.begin(), left.end(), wanted.begin(), wanted.end());
  return are_exactly(left, wanted).means("letter/removed-by-a-user", gone).means("letter/put-back", moved);
}

bool goes_another_way(const SysvQueue& queue, long box, const std::string& text) {
  if (queue.count() != 0) return false;
  auto fetch = run("fetch --try", queue, box);
  static_cast<void>(fetch.exits().passed());
  return fetch.has_printed(text);
}

Verdict sleeps_for(const SysvQueue& queue, Program& program, long type) {
  if (Verdict lives = program.stays_alive(); !lives.passed()) {
    const bool asks = !program.has_ended();
    return std::move(lives).is_explained_by("letter/asks-again", asks);
  }
  if (Verdict asleep = program.sleeps(); !asleep.passed()) return std::move(asleep).is_explained_by("letter/asks-again");
  Verdict verdict = queue.is_waited_on_for(program, type);
  const bool for_any = !verdict.passed() && type != 0 && queue.is_waited_on_for(program, 0).passed();
  return std::move(verdict).means("letter/any-letter", for_any);
}

Verdict sleeps_for_room(const SysvQueue& queue, Program& post) {
  if (Verdict lives = post.stays_alive(); !lives.passed()) {
    const bool asks = !post.has_ended(), lost = !asks && !lives.ended_by_a_signal() && queue.count().value_or(0) > 0;
    return std::move(lives).is_explained_by("letter/asks-again", asks).is_explained_by("letter/full-is-lost", lost);
  }
  if (Verdict asleep = post.sleeps(); !asleep.passed()) return std::move(asleep).is_explained_by("letter/asks-again");
  Verdict verdict = queue.is_waited_on_by(post);
  const bool reads_on = !verdict.passed() && post.waits_at(0).passed();
  return std::move(verdict).means("letter/full-is-lost", reads_on);
}

Verdict does_not_wait(const SysvQueue& queue, Program& program) {
  Verdict verdict = program.exits_with(124);
  const bool waits = !verdict.passed() && !program.has_ended() && queue.waiter_of(program.pid()) != 0;
  return std::move(verdict).is_explained_by("letter/waits-unasked", waits);
}

Verdict is_told(Program& program) {
  Verdict verdict = program.exits_with(1);
  const bool again = verdict.failed_by(Evidence::Kind::spent);
  const bool as_an_end = verdict.ended_with(0) || verdict.ended_with(124);
  if (!verdict.passed())
    return std::move(verdict).is_explained_by("letter/removed-and-asked-again", again).is_explained_by("letter/removed-is-no-end", as_an_end);
  return program.complains("removed");
}

Verdict is_there(const SysvQueue& queue, int id) {
  if (queue.id() == id) return Verdict::yes();
  return Verdict::no(queue.what() + " is there, as it was", queue.id() < 0 ? "it is gone" : "it is another one, made anew")
      .means("letter/removed-by-a-user", queue.id() < 0);
}

Verdict is_not_made(const SysvQueue& queue) {
  if (!queue.count()) return Verdict::yes();
  return Verdict::no("there is still no queue " + queue.name(), "it has been made").means("letter/made-on-use");
}

Verdict names_line(const Program& program, int number) {
  const std::string text = program.complained(), wanted = std::to_string(number);
  const auto is_word = [&](size_t at) { return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])); };
  for (size_t at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1))
    if ((at == 0 || !is_word(at - 1)) && !is_word(at + wanted.size())) return Verdict::yes();
  return Verdict::no("its standard error names line " + wanted, text.empty() ? "it is empty" : "it does not", {"standard error: " + quote(text, 200)});
}

Verdict complains_in_lines(const Program& program, size_t wanted) {
  const auto lines = [&] {
    const std::string said = program.complained();
    return static_cast<size_t>(std::count(said.begin(), said.end(), '\n'));
  };
  static_cast<void>(play::wait_until(lab.testbed(), [&] { return lines() >= wanted; }));
  if (lines() == wanted) return Verdict::yes();
  return Verdict::no(fmt::format("{} has written {} lines on standard error", program.name(), wanted), fmt::format("it has written {}", lines()), {"standard error: " + quote(program.complained(), 300)});
}

long number_of(const Program& program) { return program.inside().number; }

Verdict has_asked(const SysvQueue& queue, Program& ask, const std::string& text) {
  const Message wanted{fmt::format("{} {}", number_of(ask), text), 1};
  const auto came = queue.take(1);
  lab.note("takes a question out of box 1 of " + queue.name());
  if (came && came->bytes.starts_with(wanted.bytes)) return Verdict::yes();
  const std::string number = came ? came->bytes.substr(0, came->bytes.find(' ')) : "";
  const bool anothers = came && came->bytes == number + " " + text && number != std::to_string(number_of(ask));
  return Verdict::no("the question in box 1 is " + one(wanted), came ? "it is " + one(*came) : "there is none").means("letter/anothers-number", anothers);
}

}  // namespace mailroom
