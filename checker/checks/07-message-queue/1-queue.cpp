// Lab 07: the queue itself: made, told of, dropped. The words are explained in check.hpp, and queues in play/object/queues.hpp.
#include "words.hpp"

using namespace dispatch;

TEST_SUITE_BEGIN("07-message-queue");

TEST_CASE("make makes the queue with exactly these sizes, or 8 messages of 128 bytes, for its user alone"
          * id("made") * points(5) * todo(1)
          * hint("mq_open(3) with O_CREAT takes four arguments: the mode, and a mq_attr with mq_maxmsg and mq_msgsize. Which of the two is which?")) {
  const PosixQueue jobs(lab.testbed()), plain(lab.testbed());
  const Sizes sizes = some_sizes();
  const Sizes system{atol(play::kernel_setting("fs/mqueue/msg_default").c_str()), atol(play::kernel_setting("fs/mqueue/msgsize_default").c_str())};
  auto maker = start_on(jobs, "make", {"-m", std::to_string(sizes.messages), "-s", std::to_string(sizes.bytes)});
  CHECK(is_done(maker));
  CHECK(jobs.has_sizes(sizes).means("queue/sizes-not-given", jobs.has_sizes(system).passed()));
  CHECK(jobs.has_mode(0600).hints("The mode is mq_open(3)'s third argument, and an octal number, 0600: with the 0 in front. It is for the queue's user alone."));
  auto another = start_on(plain, "make");
  CHECK(is_done(another));
  CHECK(plain.has_sizes({8, 128}));
}

TEST_CASE("make refuses a queue that is there already, and leaves it and what is in it alone"
          * id("made-once") * points(3) * needs("made")
          * hint("O_CREAT alone opens what is there, and the sizes are ignored in silence. One more flag makes that an error.")) {
  const PosixQueue fresh(lab.testbed()), jobs(lab.testbed());
  auto first = start_on(fresh, "make");
  CHECK(is_done(first));
  const Sizes sizes = some_sizes();
  const std::string text = some_text("kept");
  set_up(jobs, sizes);
  put_all(jobs, {text});
  auto second = start_on(jobs, "make", {"-m", std::to_string(sizes.messages + 1), "-s", std::to_string(sizes.bytes + 1)});
  static_cast<void>(second.exits().passed());
  CHECK(jobs.has_sizes(sizes).means("queue/made-anew"));
  CHECK(held_texts(jobs, {text}).means("queue/made-anew"));
  Verdict refused = second.refuses();
  const bool content = refused.ended_with(0);
  CHECK(std::move(refused).is_explained_by("queue/taken-in-silence", content));
}

TEST_CASE("stat says how many messages are in it, and what it is for"
          * id("stat") * points(3) * todo(2)
          * hint("mq_getattr(3) gives three numbers: how many are in it (mq_curmsgs), how many may be (mq_maxmsg), and how long one may be (mq_msgsize).")) {
  const PosixQueue jobs(lab.testbed());
  const Sizes sizes = some_sizes();
  set_up(jobs, sizes);
  put_all(jobs, {"one"});
  for (const int messages : {1, 2}) {
    if (messages == 2) put_all(jobs, {"two"});
    auto told = start_on(jobs, "stat");
    CHECK(told.exits_with(0));
    CHECK(told.prints_only("messages " + std::to_string(messages) + " max " + std::to_string(sizes.messages) + " size " + std::to_string(sizes.bytes) + "\n"));
  }
  CHECK(jobs.counts(2));
}

TEST_CASE("drop takes the name away"
          * id("drop") * points(3) * todo(2)
          * hint("mq_unlink(3). Closing is something else: a queue does not go with its last descriptor.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, some_sizes());
  auto end = start_on(jobs, "drop");
  CHECK(is_done(end));
  CHECK(jobs.is_gone().means("ipc/object-left"));
}

TEST_CASE("send, work, stat and drop refuse a name without a queue, and make none"
          * id("no-queue") * points(2) * needs("stat")
          * hint("Only make gives mq_open(3) the flag O_CREAT. The others look at what it returns.")) {
  const PosixQueue there(lab.testbed()), jobs(lab.testbed());
  set_up(there, some_sizes());
  auto told = start_on(there, "stat");
  CHECK(told.prints("messages 0 "));
  for (const char* verb : {"stat", "drop", "work", "send"}) {
    auto one = start_on(jobs, verb);
    one.type("line\n");
    one.close_input();
    Verdict refused = one.refuses();
    const bool made = jobs.count().has_value();
    const bool dropped_well = refused.ended_with(0) && std::string(verb) == "drop";
    CHECK(std::move(refused).is_explained_by("queue/made-on-first-use", made).hints("There was no such queue, and drop has not noticed: mq_unlink(3) returns -1 then.", dropped_well));
    CHECK(jobs.is_gone().means("queue/made-on-first-use"));
    CHECK(one.complains(jobs.name()));
  }
}

TEST_CASE("a wrong command line ends with 2 and a usage line, and nothing is made"
          * id("command-line") * points(1) * needs("made")
          * hint("command_line.hpp is given: parse() says whether the words can be understood. What do you do before you have asked it?")) {
  const PosixQueue right(lab.testbed()), jobs(lab.testbed());
  auto first = start_on(right, "make");
  CHECK(is_done(first));
  CHECK(right.has_mode(0600));
  const std::string name = jobs.name();
  for (const Words& words : std::vector<Words>{{}, {"make"}, {"make", "-m", "0", name}, {"make", "-m", "many", name}, {"make", "-s", "0", name},
                                               {"make", "-s", "12x", name}, {"make", name, "more"}, {"send", "-p", "-1", name}, {"send", "-p", name},
                                               {"send", name, "more"}, {"work", name, "--"}, {"work", name, "true"}, {"work"}, {"stat", name, "more"},
                                               {"drop"}, {"take", name}}) {
    auto wrong = lab.start_words(words);
    CHECK(wrong.exits_with(2));
    CHECK(wrong.complains("usage"));
    CHECK(jobs.is_gone());
  }
}

TEST_SUITE_END();
