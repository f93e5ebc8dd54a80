// Lab 07: workers that print, with the check as the one who sends.
#include <algorithm>
#include <map>
#include <sys/syscall.h>

#include "words.hpp"

using namespace dispatch;

TEST_SUITE_BEGIN("07-message-queue");

TEST_CASE("work prints each message and a newline, at once: what was there before it came, and what comes"
          * id("prints") * points(5) * todo(5)
          * hint("mq_receive(3), again and again. What it returns is how long the message is; it says EMSGSIZE, and takes nothing, where the buffer is smaller than the queue's messages may be.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {4, 64});
  const std::string texts[] = {some_text("early"), some_text("thing"), some_text("later"), some_text("still")};
  put_all(jobs, {texts[0], texts[1]});
  auto worker = work_on(jobs);
  CHECK(prints_message(jobs, worker, texts[0]));
  CHECK(prints_message(jobs, worker, texts[1]));
  for (int i = 2; i < 4; ++i) {
    put_all(jobs, {texts[i]});
    CHECK(prints_message(jobs, worker, texts[i]));
  }
}

TEST_CASE("a message is printed whole and nothing else with it: any bytes, also none, and as long as this queue allows"
          * id("any-size") * points(4) * needs("prints")
          * hint("A message is no text: it has a length, and no NUL at its end. What the one before has left in the buffer is not part of it.")) {
  for (const long most : {16L, 1L, 129L + static_cast<long>(lab.dice()() % 100), 8192L}) {
    const PosixQueue jobs(lab.testbed());
    set_up(jobs, {4, most});
    const std::string full(static_cast<size_t>(most), static_cast<char>('a' + lab.dice()() % 26));
    const std::string bytes = std::string("\0n\xffp\0", 5).substr(0, static_cast<size_t>(most));
    put_all(jobs, {full, "s", bytes, ""});
    auto worker = work_on(jobs);
    CHECK(prints_message(jobs, worker, full));
    CHECK(prints_message(jobs, worker, "s"));
    Verdict whole = worker.prints_next(bytes + "\n");
    const bool cut = worker.printed().find("\ns\n\n") != std::string::npos;
    CHECK(std::move(whole).is_explained_by("queue/text-ends-at-nul", cut));
    CHECK(worker.prints_next("\n").hints("A message of 0 bytes is a message, and is printed as an empty line: mq_receive(3) returns 0 for it."));
    const std::string next(1, 'x');
    put_all(jobs, {next});
    Verdict goes_on = worker.prints_next(next + "\n");
    const bool ended = ended_by_itself(worker, goes_on);
    CHECK(std::move(goes_on).hints("A message of 0 bytes is a message: mq_receive(3) returns 0 for it, and never says that something has come to its end.", ended));
  }
}

TEST_CASE("without work it sleeps in the kernel on the queue, and uses no clock"
          * id("sleeps") * points(4) * needs("prints")
          * hint("mq_receive(3) sleeps until there is a message, where the queue was opened without O_NONBLOCK. poll(2) on its descriptor does so too.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {4, 64});
  auto worker = work_on(jobs);
  CHECK(waits_for_work(jobs, worker));
  const std::string text = some_text("job");
  put_all(jobs, {text});
  CHECK(worker.prints_next(text + "\n"));
  CHECK(waits_for_work(jobs, worker));
}

TEST_CASE("where another one was faster with a message, a worker goes on waiting"
          * id("faster") * points(2) * needs("sleeps")
          * hint("Whom poll(2) wakes with O_NONBLOCK set is not sure to find something: EAGAIN is neither an error nor an end.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {4, 64});
  play::BeforeCall taking(lab.testbed(), {{SYS_mq_timedreceive}});
  auto worker = work_given(jobs, taking.order());
  const std::string text = some_text("job"), last = some_text("last");
  put_all(jobs, {text});
  CHECK(worker.prints_next(text + "\n"));
  let_it_wait(jobs, worker);
  if (finds_it_taken(jobs, worker, taking)) {
    Verdict alive = worker.stays_alive();
    const bool ended = ended_by_itself(worker, alive);
    CHECK(std::move(alive)
              .is_explained_by("queue/somebody-was-faster", ended)
              .where("it was held before mq_receive() while the message that had woken it was taken by another one"));
  } else {
    CHECK(worker.prints_next("for another one\n"));
  }
  put_all(jobs, {last});
  CHECK(worker.prints_next(last + "\n"));
}

TEST_CASE("an interrupted wait is no message and no end"
          * id("interrupted") * points(2) * needs("sleeps") * needs("faster")
          * hint("-1 with EINTR: nothing was taken, and nothing is wrong. Was it the word to stop? If not, wait again.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {4, 64});
  auto worker = work_on(jobs);
  CHECK(worker.stays_alive());
  interrupt(worker);
  const std::string text = some_text("job");
  put_all(jobs, {text});
  Verdict goes_on = worker.prints_next(text + "\n");
  const bool crashed = goes_on.ended_by_a_signal();
  CHECK(std::move(goes_on).is_explained_by("queue/interrupted", !crashed).where("its sleep was ended with EINTR before, and nothing else had happened"));
}

TEST_CASE("many senders and many workers at once: each message is taken by exactly one worker"
          * id("exactly-once") * points(4) * needs("prints") * needs("faster") * needs("any-size") * needs("bytes") * needs("full")
          * hint("Nothing has to be agreed upon: the kernel gives each message to one. A worker that ended before the end may have met a queue that another one had just emptied.")) {
  constexpr int senders = 4, workers = 4, each = 150;
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {4, 64});
  std::vector<Program> takers, givers;
  for (int i = 0; i < workers; ++i) takers.push_back(work_on(jobs));
  std::map<std::string, int> left;
  for (int s = 0; s < senders; ++s) {
    std::string input;
    const std::string name = some_text("s" + std::to_string(s));
    for (int i = 0; i < each; ++i) {
      const std::string line = name + " " + std::to_string(i);
      ++left[line];
      input += line + "\n";
    }
    givers.push_back(send_all(jobs, input));
  }
  for (Program& giver : givers) CHECK(giver.exits_with(0));
  const auto printed = [&] {
    long lines = 0;
    for (Program& taker : takers) lines += std::ranges::count(taker.printed(), '\n');
    return lines;
  };
  static_cast<void>(play::wait_until(lab.testbed(), [&] { return printed() >= senders * each; }));
  for (Program& taker : takers) {
    CHECK(taker.stays_alive());
  }
  for (Program& taker : takers) {
    std::map<std::string, int> last;
    for (std::string line : split(taker.printed(), '\n')) {
      line.resize(line.find_last_not_of('\0') + 1);  // whether it is sent with a NUL at its end is another case's
      if (line.empty()) continue;
      const auto sent = left.find(line);
      const bool is_new = sent != left.end() && sent->second-- > 0;
      CHECK(Verdict::yes_if(is_new, "each line printed is one that was sent, once", "this is none, or was printed before: " + quote(line, 60)));
      const std::string name = line.substr(0, line.find(' '));
      const int number = atoi(line.substr(name.size() + 1).c_str()) + 1;
      CHECK(Verdict::yes_if(number > last[name], "the messages of each sender come in their order", "this one came too late: " + quote(line, 60)));
      last[name] = number;
    }
  }
  CHECK(Verdict::yes_if(printed() == senders * each, "the workers print " + std::to_string(senders * each) + " messages", "they print " + std::to_string(printed())));
}

TEST_CASE("after a drop who has the queue open goes on with it, sending and taking; a new make is another queue"
          * id("drop-in-use") * points(2) * needs("made") * needs("drop") * needs("sent") * needs("prints")
          * hint("Open the queue once. A name that is looked up again for each message may stand for another queue by then.")) {
  PosixQueue jobs(lab.testbed());
  set_up(jobs, {4, 64});
  const std::string texts[] = {some_text("before"), some_text("after"), some_text("at-last")};
  auto worker = work_on(jobs);
  auto sender = start_on(jobs, "send");
  sender.type(texts[0] + "\n");
  CHECK(worker.prints(texts[0]));
  let_it_wait(jobs, worker);
  auto end = start_on(jobs, "drop");
  CHECK(end.exits_with(0));
  auto maker = start_on(jobs, "make");
  CHECK(maker.exits_with(0));
  for (int i = 1; i < 3; ++i) {
    sender.type(texts[i] + "\n");
    Verdict goes_on = worker.prints(texts[i]);
    const bool in_the_new_one = jobs.count() != 0, waits_there = jobs.waiter_of(worker.pid()) != 0;
    CHECK(std::move(goes_on).is_explained_by("queue/looked-up-again", in_the_new_one || waits_there));
  }
}

TEST_SUITE_END();
