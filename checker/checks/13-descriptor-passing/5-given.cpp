// Lab 13: what was given: command lines, policies, the socket's file, the end.
#include <filesystem>
#include <fmt/format.h>

#include "words.hpp"

using namespace handover;

TEST_SUITE_BEGIN("13-descriptor-passing");

TEST_CASE("a wrong command line ends with 2, before anything is done"
          * id("command-line") * points(1) * needs("no")
          * hint("The parsing is given. Did you change it, or begin the work before it?")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes_and_is_heard(ann, broker));
  const std::vector<std::string> lines{"", "serve", "serve policy", "serve policy other more", "give policy other", "take", "take door", "take door a", "take door a --",
                                       "take door -- true", "take door " + many_names(17) + " -- true", "take door " + std::string(64, 'n') + " -- true",
                                       "take door a\x01 -- true"};
  for (const std::string& words : lines) {
    auto wrong = lab.start(words);
    CHECK(wrong.exits_with(2));
    CHECK(wrong.prints_nothing_more());
  }
  CHECK(lab.file("other").does_not_exist());
}

TEST_CASE("a policy with a wrong line, or a file that cannot be opened: 1, no ready, no socket"
          * id("policy") * points(1) * needs("no") * needs("ok")
          * hint("Reading and opening are given, and come before the socket. A line that is wrong ends it: nothing is skipped, and nothing is made.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes_and_is_heard(ann, broker));
  const std::string too_long = std::string(64, 'n') + " r * a.txt";
  for (const std::string& line : {std::string("a r *"), std::string("a w * a.txt"), std::string("a r ann a.txt"), std::string("a r 1,,2 a.txt"),
                                  std::string("a r * no-such-file"), std::string("a a * no-such-file"), too_long}) {
    lab.file("wrong").put("b r * b.txt\n" + line + "\n");
    auto other = lab.start("serve wrong other");
    CHECK(other.refuses().where("the second line of its policy: " + quote(line)));
    CHECK(lab.file("other").does_not_exist());
    CHECK(lab.file("no-such-file").does_not_exist());
  }
  CHECK(is_given(ann, broker, "spaced").where("its PATH has a blank in it"));
  const auto fds = ann.take_descriptors();
  CHECK(refers_to(fds[0], "two words.txt"));
}

TEST_CASE("a socket's file that a killed broker has left is replaced, a live broker is left alone"
          * id("socket-file") * points(1) * needs("silent") * needs("one-file")
          * hint("`listen_at` is given: connect(2) says ECONNREFUSED where nobody listens any more, and only there is the name taken.")) {
  Broker killed;
  auto ann = asker("ann");
  CHECK(comes_and_is_heard(ann, killed));
  killed.program.send(SIGKILL);
  CHECK(killed.program.dies_of(SIGKILL));
  Broker next;
  Verdict starts = next.program.has_ended() ? next.program.stays_alive() : Verdict::yes();
  CHECK(std::move(starts).is_explained_by("socket/name-left-over"));
  auto bea = asker("bea");
  CHECK(comes_and_is_heard(bea, next));
  auto third = lab.start("serve policy door");
  Verdict refused = third.refuses();
  const bool stolen = !refused.passed() && !third.has_ended();
  CHECK(std::move(refused).is_explained_by("socket/name-stolen", stolen));
  auto cleo = asker("cleo");
  CHECK(comes_and_is_heard(cleo, next));
}

TEST_CASE("SIGTERM and SIGINT end it with 0, whoever is connected, and the socket's file is removed"
          * id("stopped") * points(1) * needs("silent")
          * hint("Both come as a descriptor, which poll(2) is asked for. unlink(2) on the way out.")) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Broker broker;
    auto ann = asker("ann");
    CHECK(comes_and_is_heard(ann, broker));
    ann.send("half");
    broker.program.settle();
    broker.program.send(signal);
    Verdict ends = broker.program.exits_with(0);
    const bool by_default = ends.ended_by(signal);
    CHECK(std::move(ends).is_explained_by("socket/not-told-to-stop", by_default));
    CHECK(lab.file("door").does_not_exist().means("socket/name-left"));
  }
}

TEST_SUITE_END();
