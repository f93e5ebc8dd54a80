// Lab 08: questions and answers through one queue.
#include <algorithm>
#include <fmt/format.h>

#include "words.hpp"

using namespace mailroom;

TEST_SUITE_BEGIN("08-sysv-queue");

TEST_CASE("ask posts its number and its line to box 1, and takes the answer out of the box of its number alone"
          * id("ask") * points(4) * needs("post") * needs("fetch") * todo(6)
          * hint("getpid(2) is the number of a box that nobody else reads. msgrcv(2) with that type waits for it, whatever else lies in the queue.")) {
  const SysvQueue queue = a_queue();
  const std::string text = some_text(), answer = some_text();
  const Message others{some_text(), 900000000 + some_box()};
  lay(queue, {others});
  auto ann = run("ask", queue), ben = run("ask", queue);
  ann.type(text + " A\n");
  Verdict asks = queue.counts(2);
  const bool its_own = ann.has_printed(fmt::format("{} {}", number_of(ann), text)), anothers = !its_own && ann.has_printed(text + " A");
  CHECK(std::move(asks)
            .is_explained_by("letter/any-letter", ann.has_printed(others.bytes))
            .is_explained_by("letter/anothers-number", anothers)
            .hints("It has taken its own question out of box 1 again. The answer comes into another box: that of its own number.", its_own));
  CHECK(has_asked(queue, ann, text + " A"));
  ben.type(text + " B\n");
  CHECK(queue.counts(2));
  CHECK(has_asked(queue, ben, text + " B"));
  const int id = queue.id();
  for (const auto& [one, mine] : {std::pair{&ben, answer + " B"}, {&ann, answer + " A"}}) {
    lay(queue, {{mine, number_of(*one)}});
    Verdict printed = one->prints_next(mine + "\n");
    const bool taken = !printed.passed() && !one->has_ended() && queue.count() == 1;
    CHECK(std::move(printed).hints(held_back, taken));
  }
  for (Program* one : {&ann, &ben}) {
    one->close_input();
    CHECK(one->exits_with(0));
    CHECK(one->prints_nothing_more());
  }
  CHECK(is_there(queue, id));
  CHECK(queue.held({others}));
}

TEST_CASE("a question that does not fit into a letter ends ask with 1"
          * id("long-question") * points(2) * needs("ask") * needs("left-out")
          * hint("`PID LINE` must fit into 8192 bytes. Who left out a question and went on would print the next answer in the place of this one.")) {
  const SysvQueue queue = a_queue();
  const std::string text = some_text();
  auto ask = run("ask", queue);
  ask.type(text + "\n");
  CHECK(queue.counts(1));
  CHECK(has_asked(queue, ask, text));
  lay(queue, {{"an answer", number_of(ask)}});
  CHECK(ask.prints_next("an answer\n"));
  ask.type(std::string(8192, 'q') + "\nafter it\n");
  CHECK(ask.exits_with(1));
  CHECK(Verdict::yes_if(!ask.complained().empty(), "ask says why on standard error", "it says nothing"));
  CHECK(queue.counts(0));
}

TEST_CASE("ask has one question open: the next line goes out when the answer has come"
          * id("one-open") * points(2) * needs("ask")
          * hint("Post, wait for the answer, print it; then read on. Who puts in all at once fills the queue, and no answer finds room.")) {
  const SysvQueue queue = a_queue();
  const std::string text = some_text();
  auto ask = run("ask", queue);
  ask.type(text + " 1\n" + text + " 2\n" + text + " 3\n");
  ask.close_input();
  for (int i = 1; i <= 3; ++i) {
    ask.settle();
    CHECK(queue.counts(1).means("letter/all-questions-first", queue.count().value_or(0) > 1));
    CHECK(has_asked(queue, ask, fmt::format("{} {}", text, i)));
    lay(queue, {{fmt::format("{}", i * i), number_of(ask)}});
    CHECK(ask.prints_next(fmt::format("{}\n", i * i)));
  }
  CHECK(ask.exits_with(0));
}

TEST_CASE("answer posts each question's text in capitals to the box of who asked"
          * id("answer") * points(5) * needs("bytes") * needs("fetch") * todo(7)
          * hint("The question says who asked: its first word is a number, and that is the box. Everything behind the first blank is text. It takes from box 1 and from no other.")) {
  const SysvQueue queue = a_queue();
  const long ann = some_box(), ben = 4000000000 + some_box(), others = some_box();
  const Message left{some_text(), others};
  const std::string text = some_text();
  lay(queue, {left});
  auto answer = run("answer", queue);
  const auto replies = [&](long box, const std::string& question, const std::string& reply) {
    lay(queue, {{fmt::format("{} {}", box, question), 1}});
    const Letters came = arrives(queue, answer, box);
    if (Verdict right = are(came, {{reply, box}}); right.passed()) return right;
    const Letters rest = taken_from(queue);
    const bool theirs = std::find(rest.begin(), rest.end(), left) == rest.end();
    const bool elsewhere = came.empty() && rest.size() == 2 && rest[1].tag != box && rest[1].tag != 1 && rest[1].bytes.starts_with(reply);
    return are(came, {{reply, box}}).where("then " + text_of(rest)).is_explained_by("letter/any-letter", theirs).is_explained_by("letter/answered-elsewhere", elsewhere);
  };
  std::string capitals;
  for (const char c : text) capitals += static_cast<char>(c - 'a' + 'A');
  CHECK(replies(ann, "", ""));
  CHECK(replies(ann, text + " x", capitals + " X"));
  CHECK(replies(ben, " {z} " + capitals + "  \xc3\xa9 7", " {Z} " + capitals + "  \xc3\xa9 7"));
  CHECK(queue.held({left}));
}

TEST_CASE("a question that does not say who asks is told on standard error, and answer goes on"
          * id("bad-question") * points(2) * needs("answer") * needs("whole")
          * hint("Anybody may put anything into box 1. A number above 1, then a blank: else one line on standard error, no letter, and the next question.")) {
  const SysvQueue queue = a_queue();
  const long box = some_box();
  auto answer = run("answer", queue);
  const std::vector<std::string> bad{some_text(), "", "0 x", fmt::format("1 {} x", box), "-" + std::to_string(box) + " x", std::to_string(box), "who x"};
  for (const std::string& question : bad) lay(queue, {{question, 1}});
  lay(queue, {{fmt::format("{} good", box), 1}});
  CHECK(are(arrives(queue, answer, box), {{"GOOD", box}}));
  CHECK(queue.held({}));
  CHECK(complains_in_lines(answer, bad.size()));
}

TEST_CASE("the queue is removed while ask and answer wait in it: they end with 1, and say so"
          * id("ends-with-the-queue") * points(3) * needs("removed") * needs("ask") * needs("answer")
          * hint("answer has no other end than this one. EIDRM says that nobody will ever answer, or ask, any more.")) {
  const SysvQueue questions = a_queue(), unasked = a_queue();
  auto ask = run("ask", questions), answer = run("answer", unasked);
  ask.type(some_text() + "\n");
  CHECK(questions.is_waited_on_for(ask, number_of(ask)));
  CHECK(unasked.is_waited_on_for(answer, 1));
  remove(questions);
  CHECK(is_told(ask));
  remove(unasked);
  CHECK(is_told(answer));
}

TEST_CASE("six that ask and two that answer: each gets its own answers, in its order"
          * id("many") * points(4) * needs("bytes") * needs("whole") * needs("ask") * needs("one-open") * needs("answer")
          * hint("Two answer at one time, and six wait: whatever is taken from a box that is not one's own is missing elsewhere.")) {
  const SysvQueue queue = a_queue();
  const Message left{some_text(), 900000000 + some_box()};
  lay(queue, {left});
  auto one = run("answer", queue), two = run("answer", queue);
  std::vector<Program> asking;
  std::vector<std::string> expected;
  for (char who = 'a'; who < 'g'; ++who) {
    std::string input, output;
    for (int i = 0; i < 300; ++i) {
      input += fmt::format("{} of {}\n", i, who);
      output += fmt::format("{} OF {}\n", i, static_cast<char>(who - 'a' + 'A'));
    }
    asking.push_back(run("ask", queue));
    asking.back().type(input);
    asking.back().close_input();
    expected.push_back(output);
  }
  for (size_t i = 0; i < asking.size(); ++i) {
    CHECK(asking[i].prints_only(expected[i]));
    CHECK(asking[i].exits_with(0));
  }
  CHECK(queue.held({left}));
}

TEST_CASE("a letter that lay in its box before ask began is no answer"
          * id("old-answers") * points(5) * stretch() * needs("ask") * needs("whole") * needs("sleeps")
          * hint("A number is given again when its process has gone, and what was meant for that one lies there still. What can ask do before its first question?")) {
  const SysvQueue queue = a_queue();
  const std::string text = some_text();
  auto door = lab.gate("door");
  auto ask = lab.start_program("gate", "door mailroom ask " + queue.name());
  CHECK(door.is_reached());
  lay(queue, {{"an old one", number_of(ask)}, {std::string(8192, 'x'), number_of(ask)}});
  door.open();
  ask.type("hello\n");
  CHECK(queue.is_waited_on_for(ask, number_of(ask)));
  CHECK(has_asked(queue, ask, "hello"));
  lay(queue, {{text, number_of(ask)}});
  CHECK(ask.prints_only(text + "\n"));
}

TEST_CASE("list prints a line for every queue: its key, and what stat says of it"
          * id("list") * points(5) * stretch() * needs("stat")
          * hint("MSG_INFO tells the highest place that is used, MSG_STAT looks at a place: msgctl(2). Or read /proc/sysvipc/msg.")) {
  const SysvQueue one = a_queue(), two = a_queue();
  lay(two, {{some_text(), 5}, {some_text(), 7}});
  auto list = lab.start("list");
  CHECK(list.exits_with(0));
  for (const SysvQueue* queue : {&one, &two}) {
    const std::string line = fmt::format("0x{:08x} letters {} bytes {} of {}\n", static_cast<unsigned>(queue->key()), queue->count().value_or(0), queue->bytes().value_or(0), queue->room().value_or(0));
    CHECK(Verdict::yes_if(list.has_printed(line), "it prints " + quote(line), "it does not", {"it printed " + quote(list.printed(), 300)}));
  }
}

TEST_SUITE_END();
