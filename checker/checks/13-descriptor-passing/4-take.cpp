// Lab 13: take, where the check is its broker: which answers are right, and what the command gets.
#include <fmt/format.h>
#include <tuple>

#include "words.hpp"

using namespace handover;

TEST_SUITE_BEGIN("13-descriptor-passing");

TEST_CASE("take asks in one line, and runs CMD with the descriptor that it gets as 3"
          * id("take") * points(4) * todo(5)
          * hint("receive() until the newline has come. The descriptors come with the read that takes the first byte of their message: who takes that by read(2) or recv(2) loses them.")) {
  Desk desk;
  auto gate = lab.gate("g");
  const int status = lab.some_status();
  const Fd file = opened("given.txt", "given\n");
  Take one = take("some-name", {"gate", "g", "sh", "-c", fmt::format("exit {}", status)});
  CHECK(asks(one, desk, "some-name").hints("A request is its names, one blank between two, and a newline: not a byte less or more."));
  CHECK(one.broker->receives_nothing().hints("After its request it waits for the answer, with no limit of time, and keeps the connection until then."));
  one.broker->send_with("ok\n", {file.get()});
  CHECK(gate.is_reached());
  CHECK(gate.has_open_file_at(3, file.get(), "what it was given")
            .hints("CMD runs, and its 3 is not what was passed. What was put there first, and what has closed or overwritten it since?"));
  gate.open();
  CHECK(one.program.exits_with(status).hints("Its status is CMD's: it has become CMD (exec), or it has waited for it and says what waitpid(2) said."));
}

TEST_CASE("several descriptors are CMD's 3, 4, ... in the order of the names"
          * id("in-place") * points(2) * needs("take")
          * hint("`become` is given the descriptors in their order, and puts them into place. Each has a number already, which may be the place of another.")) {
  Desk desk;
  CHECK(works(desk));
  for (const size_t count : {3, 16}) {
    std::vector<Fd> files;
    std::vector<int> fds;
    for (size_t i = 0; i < count; ++i) {
      files.push_back(opened(fmt::format("f{}", i), fmt::format("{}\n", i)));
      fds.push_back(files.back().get());
    }
    const std::string name = fmt::format("g{}", count);
    auto gate = lab.gate(name);
    Take one = take(many_names(count), {"gate", name, "true"});
    CHECK(asks(one, desk, many_names(count)).hints("All names go in one line: one blank between two, one newline at the end."));
    one.broker->send_with("ok\n", fds);
    CHECK(gate.is_reached());
    for (size_t i = 0; i < count; ++i)
      CHECK(gate.has_open_file_at(3 + static_cast<int>(i), files[i].get(), fmt::format("number {} of the {} that were sent", i + 1, count))
                .means("passing/one-over-the-other"));
    gate.open();
    CHECK(one.program.exits_with(0));
  }
}

TEST_CASE("CMD has these, and the 0, 1, 2 that take was given, and nothing else of take's"
          * id("nothing-else") * points(2) * needs("take")
          * hint("The connection, and what take itself was started with, is none of CMD's business: close-on-exec. SOCK_CLOEXEC, MSG_CMSG_CLOEXEC, close_range(2).")) {
  Desk desk;
  const Fd file = opened("given.txt", "given\n"), other = opened("other.txt", "other\n");
  auto gate = lab.gate("g");
  Take one = take("a b", {"gate", "g", "true"});
  CHECK(asks(one, desk, "a b"));
  one.broker->send_with("ok\n", {file.get(), other.get()});
  CHECK(gate.is_reached());
  CHECK(gate.keeps_open({0, 1, 2, 3, 4}, "passing/kept-over-exec"));
  gate.open();
  CHECK(one.program.exits_with(0));
}

TEST_CASE("also where take's own 0 is closed, and where it has more than it needs"
          * id("inherited") * points(1) * needs("nothing-else") * needs("in-place")
          * hint("With 0 closed the next descriptor that is made is 0: the connection, or one that came. CMD's 0 is closed too, for take was given none.")) {
  Desk desk;
  const Fd file = opened("given.txt", "given\n");
  auto gate = lab.gate("g"), again = lab.gate("h");
  Take closed{lab.start("take desk a -- gate g true", play::inheriting([] { close(0); }))};
  CHECK(asks(closed, desk, "a"));
  closed.broker->send_with("ok\n", {file.get()});
  CHECK(gate.is_reached());
  CHECK(gate.keeps_open({1, 2, 3}, "passing/kept-over-exec"));
  CHECK(gate.has_open_file_at(3, file.get(), "what it was given"));
  gate.open();
  CHECK(closed.program.exits_with(0));
  Take more{lab.start("take desk a -- gate h true", play::inheriting([] { dup2(1, 3), dup2(1, 4), dup2(1, 20); }))};
  CHECK(asks(more, desk, "a"));
  more.broker->send_with("ok\n", {file.get()});
  CHECK(again.is_reached());
  CHECK(again.keeps_open({0, 1, 2, 3}, "passing/kept-over-exec"));
  again.open();
  CHECK(more.program.exits_with(0));
}

TEST_CASE("take ends as CMD does; with 127 where there is no such command, with 126 where it cannot be executed"
          * id("statuses") * points(1) * needs("take")
          * hint("After exec the status is the command's own. execvp(3) says ENOENT for a command that is not there, and another errno for one that is.")) {
  Desk desk;
  CHECK(works(desk));
  const Fd file = opened("given.txt", "given\n");
  lab.file("no-program").put("text\n", 0644);
  const auto run = [&](const std::vector<std::string>& command) {
    Take one = take("a", command);
    if (Verdict asked = asks(one, desk, "a"); asked.passed()) one.broker->send_with("ok\n", {file.get()});
    return one.program;
  };
  Program killed = run({"sh", "-c", "kill -9 $$"});
  Verdict exits = killed.exits_with(128 + SIGKILL);
  if (!exits.ended_by(SIGKILL))
    CHECK(std::move(exits).hints("Who waits for CMD asks WIFSIGNALED too: 128 + WTERMSIG then. WEXITSTATUS of a command that a signal ended means nothing."));
  CHECK(run({"no-such-command"}).exits_with(127));
  CHECK(run({"./no-program"}).exits_with(126));
}

TEST_CASE("the answer may come in any pieces"
          * id("answer-in-pieces") * points(3) * needs("take")
          * hint("The descriptors come with the first byte, and the newline may come later: keep both until the line is whole.")) {
  Desk desk;
  CHECK(works(desk));
  const Fd file = opened("given.txt", "given\n"), other = opened("other.txt", "other\n");
  for (const auto& pieces : std::vector<std::vector<std::string>>{{"ok", "\n"}, {"o", "k", "\n"}}) {
    Take one = take_that_prints("a b");
    CHECK(asks(one, desk, "a b"));
    for (size_t i = 0; i < pieces.size(); ++i) {
      if (i == 0) one.broker->send_with(pieces[i], {file.get(), other.get()});
      else one.broker->send(pieces[i]);
      if (i + 1 == pieces.size()) break;
      CHECK(one.broker->has_been_read());
      one.program.settle();
      CHECK(one.program.stays_alive().is_explained_by("passing/read-is-an-answer"));
    }
    CHECK(one.program.prints("ran\n"));
    CHECK(one.program.exits_with(0));
  }
}

TEST_CASE("a refusal ends it with 1, CMD is not run, and the reason is in the message"
          * id("take-refused") * points(2) * needs("take")
          * hint("What stands behind `no ` is for the person in front: one line on standard error.")) {
  Desk desk;
  CHECK(works(desk));
  const std::string reason = lab.word(8) + " " + lab.word(5);
  Take one = take_that_prints("a");
  CHECK(asks(one, desk, "a"));
  one.broker->send("no " + reason + "\n");
  CHECK(runs_nothing(one));
  CHECK(one.program.complains(reason));
}

TEST_CASE("too few descriptors, or too many: 1, and CMD is not run"
          * id("count") * points(3) * needs("take")
          * hint("Exactly one for each name. Count what came (cmsg_len), not what was asked for: the room for one, CMSG_SPACE(4), is enough for two.")) {
  Desk desk;
  CHECK(works(desk));
  const Fd file = opened("given.txt", "given\n");
  for (const auto& [names, sent] : std::vector<std::pair<size_t, size_t>>{{1, 0}, {1, 2}, {2, 1}, {3, 4}, {16, 15}}) {
    Take one = take_that_prints(many_names(names));
    CHECK(asks(one, desk, many_names(names)));
    one.broker->send_with("ok\n", std::vector<int>(sent, file.get()));
    Verdict nothing = runs_nothing(one);
    const bool ran = one.program.has_printed("ran\n");
    CHECK(std::move(nothing).where(fmt::format("{} came for {}", sent, names)).is_explained_by("passing/not-counted", ran));
  }
}

TEST_CASE("also where more were sent than it has room for, or may have open"
          * id("cut") * points(1) * needs("count")
          * hint("MSG_CTRUNC in msg_flags: some are missing, however many there seem to be.")) {
  Desk desk;
  CHECK(works(desk));
  const Fd file = opened("given.txt", "given\n");
  // Room for two, four, or sixteen is full then, and the count of what came is right. Of 6 open files three are 0, 1, 2, and one the connection.
  using Sizes = std::tuple<size_t, size_t, size_t>;
  for (const auto& [names, sent, limit] : std::vector<Sizes>{{2, 3, 256}, {4, 100, 256}, {16, 17, 256}, {2, 3, 6}, {4, 4, 6}}) {
    room::Order order;
    order.limits.descriptors = limit;
    Take one = take_that_prints(many_names(names), std::move(order));
    CHECK(asks(one, desk, many_names(names)));
    one.broker->send_with("ok\n", std::vector<int>(sent, file.get()));
    Verdict nothing = runs_nothing(one);
    CHECK(std::move(nothing)
              .where(fmt::format("{} came for {}, and it may have {} open", sent, names, limit))
              .is_explained_by("passing/cut-not-seen", one.program.has_printed("ran\n")));
  }
}

TEST_CASE("another text is no answer: 1, and CMD is not run"
          * id("text") * points(2) * needs("take")
          * hint("The right one has three bytes, `ok` and a newline. Compare all of it: what only begins so is something else.")) {
  Desk desk;
  CHECK(works(desk));
  const Fd file = opened("given.txt", "given\n");
  for (const std::string text : {"okay\n", "ok \n", "OK\n", "\n", " ok\n", "ok\r\n", "yes\n"}) {
    Take one = take_that_prints("a");
    CHECK(asks(one, desk, "a"));
    one.broker->send_with(text, {file.get()});
    Verdict nothing = runs_nothing(one);
    CHECK(std::move(nothing).where("the answer was " + quote(text) + ", with one descriptor"));
  }
}

TEST_CASE("an answer without its end: 1, and CMD is not run"
          * id("no-end") * points(2) * needs("take")
          * hint("0 bytes mean that nothing more comes. A line ends with its newline, and not with the connection.")) {
  Desk desk;
  CHECK(works(desk));
  const Fd file = opened("given.txt", "given\n");
  for (const std::string text : {"", "o", "ok", "no"}) {
    Take one = take_that_prints("a");
    CHECK(asks(one, desk, "a"));
    if (!text.empty()) one.broker->send_with(text, {file.get()});
    one.broker->close();
    Verdict nothing = runs_nothing(one);
    const bool ran = one.program.has_printed("ran\n");
    CHECK(std::move(nothing).where("after " + quote(text) + " came end-of-file").is_explained_by("passing/end-for-the-newline", ran));
  }
}

TEST_CASE("where no broker is there, take ends with 1, and CMD is not run"
          * id("nobody") * points(1) * needs("take")
          * hint("`dial` says why in errno: no such name, nobody listens on it any more, a path that is too long.")) {
  {
    Desk desk;
    CHECK(works(desk));
    Take none{lab.start("take no-such-desk a -- echo ran")};
    CHECK(runs_nothing(none));
    desk.listener().close();
    Take dead = take_that_prints("a");
    CHECK(runs_nothing(dead));
  }
  Take too_long{lab.start("take " + std::string(108, 'd') + " a -- echo ran")};
  CHECK(runs_nothing(too_long));
}

TEST_CASE("to be stopped and continued while it waits changes nothing"
          * id("continued") * points(1) * needs("answer-in-pieces")
          * hint("EINTR is no answer: call it again.")) {
  Desk desk;
  const Fd file = opened("given.txt", "given\n");
  Take one = take_that_prints("a");
  CHECK(asks(one, desk, "a"));
  one.program.settle();
  one.program.freeze();
  one.program.thaw();
  one.program.settle();
  CHECK(one.program.stays_alive().is_explained_by("socket/interrupted-by-nothing"));
  one.broker->send_with("ok\n", {file.get()});
  CHECK(one.program.prints("ran\n"));
  CHECK(one.program.exits_with(0));
}

TEST_SUITE_END();
