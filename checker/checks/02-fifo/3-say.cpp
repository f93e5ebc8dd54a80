// Lab 02: writers, alone and with the server.
#include <climits>
#include <csignal>
#include <sys/syscall.h>

#include "calls.hpp"
#include "records.hpp"
#include "words.hpp"

using namespace fifo;

TEST_SUITE_BEGIN("02-fifo");

TEST_CASE("where nobody reads, say ends with 1 at once, before it has read anything"
          * id("nobody") * points(4) * todo(4)
          * hint("open(2) for writing sleeps until there is a reader. With O_NONBLOCK it does not, and errno says what is missing.")) {
  const Path path(some_name("log"));
  path.make();
  auto alone = say(path, "ann");  // its input stays open
  Verdict ends = alone.refuses();
  const bool asleep = ends.failed_by(Evidence::Kind::stuck), reads = ends.failed_by(Evidence::Kind::waits_for_check);
  const bool ended = alone.has_ended(), silent = ended && alone.complained().empty();
  CHECK(std::move(ends).is_explained_by("fifo/waits-unasked", asleep).is_explained_by("fifo/no-reader-not-noticed", reads)
            .hints("It has noticed, and says nothing: whoever typed has to learn on standard error that nobody reads.", silent)
            .hints("It has noticed, and the exit status of that is 1: 0 says that all lines are in the FIFO.", ended));
}

TEST_CASE("say --wait sleeps until there is a reader, and goes on"
          * id("wait") * points(4) * needs("nobody") * needs("made") * needs("prints")
          * hint("A blocking open(2) is such a sleep. Nobody needs to ask again and again.")) {
  const Path path(some_name("log"));
  path.make();
  auto patient = lab.start("say --wait " + path.name() + " ann");
  const play::Budget usual = have_less_time();  // who asks again and again shows it soon
  Verdict asleep = patient.sleeps();
  const bool usage = patient.has_ended() && patient.exits_with(2).passed();
  const bool asks = !asleep.passed() && !patient.has_ended() && of_say_that_waits().no_reader;
  CHECK(std::move(asleep).is_caused_by("fifo/asks-for-a-reader", asks)
            .hints("It ended with 2, as for a wrong command line, and this one is right: say [--wait] PATH NAME.", usage)
            .hints("It ended, and was asked to wait for a reader: a blocking open(2) does.", patient.has_ended()));
  lab.testbed().set_budget(usual);
  patient.type("here\n");
  patient.close_input();
  auto server = serve(path);
  CHECK(patient.exits_with(0));
  CHECK(prints_in_turn(server, {"here"}));
}

TEST_CASE("what is said is printed, at once, with its name"
          * id("said") * points(6) * needs("prints") * needs("nobody") * todo(5)
          * hint("A record is NAME, a colon, a space, the line, a newline: written when the line has come, not later.")) {
  const Path path(some_name("log"));
  const std::string a = some_name("ann"), b = some_name("ben"), word = some_name("word");
  play::Execs execs(lab.testbed(), "fifolog");
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto ann = lab.start("say " + path.name() + " " + a, execs.order());
  auto ben = say(path, b);
  ann.type("hello\n");
  CHECK(prints_records(server, {a + ": hello"}));
  ben.type(word + "\n");
  CHECK(prints_records(server, {b + ": " + word}));
  ann.type("again\n");
  CHECK(prints_records(server, {a + ": again"}));
  CHECK(execs.are_its_own());
  for (Program* one : {&ann, &ben}) {
    one->close_input();
    CHECK(one->exits_with(0));
  }
}

TEST_CASE("a line is any bytes, also none, also a last one without its newline"
          * id("bytes") * points(4) * needs("said") * needs("pieces")
          * hint("A NUL is a byte like any other, for std::string and write(2), and not for strlen(3) and printf(3).")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto ann = say(path, "ann");
  std::string frame = "ann: ";
  ann.type("first\n");
  CHECK(prints_framed(server, "first", frame));
  auto ben = say(path, "ben");  // is there when ann leaves: who ends with its last writer has not ended by then
  ben.type("second\n");
  CHECK(prints_in_turn(server, {"second"}));
  const std::string bytes("\r\x1b[31m\0\xff x: y", 14);
  ann.type("\n" + bytes + "\n  spaces  \nlast");
  ann.close_input();
  CHECK(ann.exits_with(0));
  Verdict all = prints_records(server, {frame, frame + bytes, frame + "  spaces  ", frame + "last"});
  const std::string came = server.unread();
  CHECK(std::move(all).hints("Not every line has its name: one read(2) of standard input may bring several lines, and half of "
                             "one.", any_line(came, [&](const std::string& record) { return !record.starts_with(frame); }))
            .hints("A line without a byte is a line: its record is NAME, a colon, a space and a "
                   "newline.", !any_line(came, [&](const std::string& record) { return record == frame; }))
            .hints("The last line is missing, which came without its newline: the end of the input ends "
                   "it.", came.find("last") == std::string::npos));
  ben.type("whole\n");
  ben.close_input();
  CHECK(ben.exits_with(0));
  CHECK(prints_in_turn(server, {"whole"}));
  CHECK(has_nothing_more(server).hints("That is one record too many: at the end of the input there is no line any more, where the last "
                                       "one had its newline or was sent."));
}

TEST_CASE("a line whose record is longer than PIPE_BUF is left out whole, and the others pass"
          * id("limit") * points(4) * needs("bytes")
          * hint("The record is what counts: NAME, colon, space, line and newline. PIPE_BUF is in <climits>, 4096 here.")) {
  const Path path(some_name("log"));
  const std::string name = some_name("ann");
  std::string frame = name + ": ";
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto ann = say(path, name);
  ann.type("one\n");
  CHECK(prints_framed(server, "one", frame));
  const std::string whole(PIPE_BUF - frame.size() - 1, 'x'), too_long = whole + "y";
  ann.type(whole + "\n" + too_long + "\nfour\n" + std::string(100000, 'z') + "\nsix\n");
  Verdict verdict = prints_records(server, {frame + whole, frame + "four", frame + "six"});
  const std::string printed = server.printed();
  const bool too_much = printed.find(too_long) != std::string::npos, too_little = printed.find(whole) == std::string::npos;
  const bool in_part = printed.find("zzz") != std::string::npos && !too_much;
  const bool stopped = ann.has_ended() && printed.find("four") == std::string::npos;
  CHECK(std::move(verdict).is_explained_by("fifo/longer-than-is-atomic", too_much).is_explained_by("fifo/line-cut", in_part)
            .is_explained_by("fifo/limit-too-low", too_little && !too_much && !in_part)
            .hints("It stopped at line 3, which is too long. Such a line is left out, and those behind it pass; the exit status comes at "
                   "the end.", stopped));
  CHECK(has_nothing_more(server));
}

TEST_CASE("a last line without its newline may be as long as any other"
          * id("last-fits") * points(1) * needs("limit")
          * hint("Its record has a newline, as every record, and that is one byte of the PIPE_BUF: count it once.")) {
  const Path path(some_name("log"));
  std::string frame = "ann: ";
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto ann = say(path, "ann");
  ann.type("one\n");
  CHECK(prints_framed(server, "one", frame));
  const std::string whole(PIPE_BUF - frame.size() - 1, 'x');
  ann.type(whole);
  ann.close_input();
  CHECK(prints_records(server, {frame + whole}));
}

TEST_CASE("a line that was left out is told with its number, and say ends with 1"
          * id("left-out") * points(3) * needs("limit")
          * hint("Whoever reads the log must be able to know that it is not whole: standard error, and the exit status.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto ann = say(path, "ann");
  const std::string long_one(PIPE_BUF, 'x');
  ann.type("one\n" + long_one + "\nthree\n\n" + long_one + "\nsix\n");
  ann.close_input();
  CHECK(ann.exits_with(1).means("fifo/left-out-in-silence"));
  CHECK(ann.names_lines({2, 5}, "was left out").means("fifo/left-out-in-silence"));
}

TEST_SUITE_END();
