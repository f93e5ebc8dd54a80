// Lab 07: senders, with the check as the one who takes.
#include "words.hpp"

using namespace dispatch;

namespace {

// Of five lines, of which the second and the fourth are too long and made of x and X, these have come.
Verdict are_the_short_lines(const std::vector<std::string>& came, const std::vector<std::string>& wanted, size_t most) {
  if (came == wanted) return Verdict::yes();
  Evidence e{.expected = "of five lines for a queue of " + std::to_string(most) + " bytes a message the first, third and last are in it",
             .actual = "it holds " + std::to_string(came.size()) + (came.size() == 8 ? " and more" : "")};
  bool cut = false;
  for (const std::string& text : came) {
    cut = cut || text.starts_with("x") || text.starts_with("X");
    e.lines.push_back(std::to_string(text.size()) + " bytes: " + quote(text, 40));
  }
  const bool stopped = came == std::vector<std::string>{wanted[0]};
  return Verdict::no(std::move(e))
      .means("queue/line-cut", cut)
      .hints("The first line that is too long was the end of all: what is wrong with it is no reason to leave the others out.", stopped);
}

}  // namespace

TEST_SUITE_BEGIN("07-message-queue");

TEST_CASE("send makes each line of its input a message, as soon as the line is there"
          * id("sent") * points(5) * todo(3)
          * hint("One line, one mq_send(3), at once: who types waits for no end of the input.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {4, 64});
  const std::string texts[] = {some_text("first"), some_text("then")};
  auto sender = start_on(jobs, "send");
  for (int i = 0; i < 2; ++i) {
    sender.type(texts[i] + "\n");
    CHECK(jobs.counts(i + 1));
  }
  sender.close_input();
  CHECK(sender.prints_only(""));
  for (const std::string& text : texts) CHECK(next_begins_with(jobs, text));
  CHECK(sender.exits_with(0));
}

TEST_CASE("a message is the line without its newline: any bytes, also none, also a last line without one"
          * id("bytes") * points(4) * needs("sent")
          * hint("The third argument of mq_send(3) is the length of the message: the line's own, and not what a buffer or a queue could hold.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {8, 64});
  const std::string bytes("\x01\0\xff x\r", 6), first = some_text("a longer line to begin with"), last = some_text("last");
  auto sender = send_all(jobs, first + "\n\n" + bytes + "\n  blanks  \n" + last);
  Verdict ends = sender.exits();
  const bool more = !ends.passed() && jobs.waiter_of(sender.pid()) != 0;
  CHECK(std::move(ends).hints("It waits for room in a queue for 8 messages, and its input has five lines. Is a line taken apart at its blanks?", more));
  const auto count = jobs.count();
  CHECK(held_texts(jobs, {first, "", bytes, "  blanks  ", last}).hints("The fifth line has no newline behind it, and is a line.", count == 4));
}

TEST_CASE("send gives each message its priority: the highest comes first, and within one the order of sending holds"
          * id("priority") * points(4) * needs("sent")
          * hint("The last argument of mq_send(3). The kernel does the rest: what is sent is what it sorts by.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {8, 64});
  std::vector<Message> sent;
  const long high = std::uniform_int_distribution(10, 900)(lab.dice());
  for (const long priority : {0L, high, 1L, 32767L, high, 0L, 1L}) {
    sent.push_back({some_text("of-" + std::to_string(priority) + "-line-" + std::to_string(sent.size())), priority});
    auto sender = send_all(jobs, sent.back().bytes + "\n", priority == 0 ? Words{} : Words{"-p", std::to_string(priority)});
    CHECK(sender.exits());
  }
  CHECK(jobs.counts(7));
  std::vector<Message> wanted, taken;
  for (const size_t i : {3, 1, 4, 2, 6, 0, 5}) wanted.push_back(sent[i]);
  while (auto next = jobs.take()) taken.push_back(*next);
  for (size_t i = 0; i < wanted.size(); ++i) {
    const Message &is = taken.at(i), &should = wanted[i];
    if (is.tag == should.tag && is.bytes.starts_with(should.bytes)) continue;
    const auto tell = [](const Message& m) { return quote(m.bytes, 60) + " with priority " + std::to_string(m.tag); };
    CHECK(Verdict::no("message " + std::to_string(i + 1) + " to be taken is " + tell(should), "it is " + tell(is)));
  }
}

TEST_CASE("a line that is longer than the queue's messages may be is left out whole, and the others pass"
          * id("too-long") * points(4) * needs("bytes")
          * hint("The limit is the queue's own, and mq_send(3) knows it: EMSGSIZE. It is about this line alone.")) {
  for (const size_t most : {size_t{1}, size_t{16}, size_t{129} + lab.dice()() % 100, size_t{8192}}) {
    const PosixQueue jobs(lab.testbed());
    set_up(jobs, {5, static_cast<long>(most)});
    const std::string whole(most, 'w'), last(most, 'z');
    auto sender = send_all(jobs, whole + "\n" + std::string(most + 1, 'x') + "\ny\n" + std::string(100000, 'X') + "\n" + last + "\n");
    static_cast<void>(sender.exits().passed());  // one that sends pieces has filled the queue
    std::vector<std::string> came;
    for (auto next = jobs.take(); next && came.size() < 8; next = jobs.take())
      came.push_back(next->bytes.substr(0, next->bytes.find_last_not_of('\0') + 1));
    CHECK(are_the_short_lines(came, {whole, "y", last}, most));
  }
}

TEST_CASE("a line that was left out is told with its number, and send ends with 1"
          * id("left-out") * points(3) * needs("too-long")
          * hint("The others are sent all the same, but whoever started send must hear that something is missing: a line on standard error, and the status.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {8, 16});
  std::vector<int> numbers;
  std::string input;
  for (int line = 1; line <= 9; ++line) {
    const bool out = line == 2 || (line > 4 && lab.dice()() % 2 == 0);
    if (out) numbers.push_back(line);
    input += out ? std::string(17, 'x') + "\n" : "short\n";
  }
  auto sender = send_all(jobs, input);
  CHECK(sender.exits_with(1));
  CHECK(sender.names_lines(numbers, "was not sent"));
  CHECK(jobs.counts(9 - static_cast<int>(numbers.size())));
}

TEST_CASE("a full queue is waited for, asleep, and each message goes in once"
          * id("full") * points(4) * needs("sent") * todo(4)
          * hint("mq_send(3) sleeps by itself until there is room, where the descriptor was opened without O_NONBLOCK.")) {
  const PosixQueue jobs(lab.testbed());
  const int most = static_cast<int>(std::uniform_int_distribution(2, 5)(lab.dice()));
  set_up(jobs, {most, 64});
  std::vector<std::string> texts;
  for (int i = 0; i < most + 2; ++i) texts.push_back(some_text("line-" + std::to_string(i)));
  auto sender = send_all(jobs, join(texts, "\n") + "\n");
  CHECK(jobs.counts(most));
  let_it_wait(jobs, sender);
  Verdict asleep = sleeps_at_all(sender);
  const bool ended = ended_by_itself(sender, asleep) && jobs.count() == most;
  CHECK(std::move(asleep).is_explained_by("queue/full-is-no-end", ended));
  CHECK(jobs.is_waited_on_by(sender));
  std::vector<std::string> taken;
  for (size_t i = 0; i < texts.size(); ++i) {
    CHECK(jobs.counts(std::min(most, static_cast<int>(texts.size() - i))));
    CHECK(next_begins_with(jobs, texts[i]));
  }
  CHECK(sender.exits_with(0));
  CHECK(jobs.counts(0));
}

TEST_CASE("send --try: the first line that finds no room ends it with 124, and its number is told"
          * id("try") * points(3) * needs("sent") * todo(4)
          * hint("O_NONBLOCK on the queue's descriptor makes a full queue EAGAIN. What was sent before stays, and what comes after is not sent.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {4, 64});
  put_all(jobs, {"there"});
  auto fits = send_all(jobs, "fits\n", {"--try"});
  CHECK(fits.exits_with(0));
  auto sender = start_on(jobs, "send", {"--try"});  // its input stays open: it ends at this line, and not at the last one
  sender.type("one\ntwo\nno room\nnor here\n");
  Verdict ends = sender.exits_with(124);
  const bool waits = !sender.has_ended() && jobs.waiter_of(sender.pid()) != 0;
  CHECK(std::move(ends).hints("It sleeps on the full queue. With --try the queue must be opened with O_NONBLOCK (mq_open(3)), or asked with a time that has passed.", waits));
  CHECK(sender.names_lines({3}, "was not sent"));
  CHECK(jobs.counts(4));
}

TEST_CASE("an interrupted send is not in, and nothing is wrong: it waits on"
          * id("send-interrupted") * points(2) * needs("full")
          * hint("-1 with EINTR: the message is not in, and the queue is as it was. Then?")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {1, 64});
  put_all(jobs, {"there"});
  const std::string text = some_text("late");
  auto sender = send_all(jobs, text + "\nafter\n");
  CHECK(jobs.is_waited_on_by(sender));
  interrupt(sender);
  static_cast<void>(jobs.take());
  Verdict goes_in = jobs.counts(1);
  const bool ended = ended_by_itself(sender, goes_in);
  CHECK(std::move(goes_in)
            .is_explained_by("queue/interrupted", ended)
            .where("its call was ended with EINTR before, and nothing else had happened"));
  CHECK(next_begins_with(jobs, text).means("queue/interrupted"));
  CHECK(sender.exits_with(0));
}

TEST_SUITE_END();
