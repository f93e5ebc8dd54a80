// Lab 05: handlers that interrupt each other, and wait for a line each.
#include "check.hpp"

#include "answers.hpp"

using namespace delivery;

namespace {

// It has said `in`, and no line was typed since: whoever says `out` has not waited for one.
Verdict waits_after_in(Program& order, const std::string& name) {
  Verdict said = order.prints_next("in " + name + "\n").hints("Each handler says `in` and the name when it begins, and `out` and the name when it has its line.");
  if (!said.passed()) return said;
  order.settle();
  const std::string more = order.unread();
  if (!more.starts_with("out ")) return Verdict::yes();
  return Verdict::no("the handler of " + name + " waits for a line before it says out", "it has said " + quote(more) + ", and no line was typed since go")
      .hints("A handler of --nest says `in`, then waits in read() for a whole line, and says `out` when it has that.");
}

// The innermost has its line, and says so.
Verdict ends_next(Program& order, const std::string& lines) {
  Verdict ended = order.prints_next(lines);
  const bool silent = !order.has_printed("out ");
  return std::move(ended).hints("A line was typed for the innermost handler. When it has taken that, it says `out` and its name.", silent);
}

}  // namespace

TEST_SUITE_BEGIN("05-delivery");

TEST_CASE("with --nest another signal interrupts a handler, the same one waits, and the innermost ends first"
          * id("nest") * points(7) * needs("holds") * needs("let-in") * todo(6)
          * hint("The kernel holds back a handler's own signal while it runs, and those of its sa_mask. A read that was interrupted has read nothing.")) {
  const int other = SIGRTMIN + 1;
  auto order = lab.start("--nest USR1 TERM RTMIN+1");
  CHECK(is_ready(order));
  order.send(SIGTERM);
  order.type("go\n");
  CHECK(waits_after_in(order, "TERM"));
  CHECK(order.stays_alive());
  CHECK(holds_only(order, {SIGTERM}, "signal/interrupts-itself", "signal/handler-holds-others"));
  order.send(SIGUSR1);
  CHECK(waits_after_in(order, "USR1"));
  CHECK(order.blocks_only({SIGTERM, SIGUSR1}));
  order.send(SIGUSR1);
  order.send(SIGUSR1);
  order.send(other);
  CHECK(waits_after_in(order, "RTMIN+1"));
  CHECK(order.blocks_only({SIGTERM, SIGUSR1, other}));
  CHECK(order.has_pending_only({SIGUSR1}));
  // One empty line for each: each time the innermost handler, and no other, reads it.
  for (const char* next : {"out RTMIN+1\n", "out USR1\nin USR1\n", "out USR1\n"}) {
    order.type("\n");
    CHECK(ends_next(order, next));
    CHECK(order.prints_nothing_more().means("signal/interrupted-read"));
  }
  order.type("\n");
  CHECK(order.prints_next("out TERM\ndone "));
}

TEST_CASE("a handler of --nest waits for one line, or the end of its input, takes that line and no more"
          * id("nest-line") * points(4) * needs("nest")
          * hint("A line ends with its newline, however many bytes are before it. What is behind it is somebody else's.")) {
  auto order = lab.start("--nest USR1 TERM");
  CHECK(is_ready(order));
  order.send(SIGTERM);
  order.type("go\n");
  CHECK(order.prints_next("in TERM\n"));
  order.send(SIGUSR1);
  CHECK(order.prints_next("in USR1\n"));
  CHECK(order.stays_alive());
  order.type("a whole line\n");
  CHECK(order.prints_next("out USR1\n"));
  CHECK(order.prints_nothing_more().means("descriptor/part-of-the-line").where("one line of several letters was typed, for the inner handler"));
  order.type("and another\n");
  CHECK(order.prints_next("out TERM\ndone "));
  CHECK(order.prints("\n"));
  CHECK(order.prints_nothing_more());
  CHECK(order.complains_of_nothing().means("descriptor/part-of-the-line").where("a line of several letters was typed for the handler: what it left was read as the next word"));

  auto ahead = lab.start("--nest USR1 TERM");
  CHECK(is_ready(ahead));
  ahead.send(SIGTERM);
  ahead.type("go\n");
  CHECK(ahead.prints_next("in TERM\n"));
  ahead.send(SIGUSR1);
  CHECK(ahead.prints_next("in USR1\n"));
  CHECK(ahead.stays_alive());
  ahead.type("\n\n");  // two at once: the inner one leaves the second where it is
  CHECK(ahead.prints_next("out USR1\n"));
  CHECK(ahead.prints_next("out TERM\ndone ").means("descriptor/read-past-the-line").where("two empty lines were typed at once: one for each handler"));

  auto last = lab.start("--nest USR1");
  CHECK(is_ready(last));
  last.send(SIGUSR1);
  last.type("go\n");
  CHECK(last.prints_next("in USR1\n"));
  last.close_input();
  Verdict out = last.prints_next("out USR1\ndone ");
  const bool asks_on = out.failed_by(play::Evidence::Kind::spent);
  CHECK(std::move(out).hints("At the end of the input read() says 0, now and for ever: no line comes any more, and the handler is to go on.", asks_on));
  CHECK(last.exits_with(0));
}

TEST_CASE("with --nest, done counts the handlers that ran"
          * id("nest-count") * points(2) * needs("nest")
          * hint("Each handler counts itself, the inner ones too, and nobody counts what has not run.")) {
  for (const int handlers : {1, 2}) {
    auto order = lab.start("--nest USR1 TERM");
    CHECK(is_ready(order));
    order.send(SIGTERM);
    order.type("go\n");
    CHECK(order.prints_next("in TERM\n"));
    if (handlers == 2) {
      order.send(SIGUSR1);
      CHECK(order.prints_next("in USR1\n"));
      order.type("\n");
      CHECK(order.prints_next("out USR1\n"));
    }
    order.type("\n");
    CHECK(order.prints_next("out TERM\n"));
    CHECK(order.prints_next(done(handlers)));
  }
}

TEST_SUITE_END();
