// Lab 10: the command line, and the command: what it is given, what it hears, how it ended. The same for both kinds, so a
// case asks --posix, and --sysv beside it where that has begun to run commands.
#include <fmt/format.h>

#include "answers.hpp"

using namespace permits;

namespace {

// Every kind with which a command runs: --posix, which must, and --sysv. Each command comes to permits of its own: what
// the next one would find there is another case's.
std::vector<Kind> that_run() {
  const auto set = fresh(Kind::sysv);
  auto gate = lab.gate("does-it-run");
  auto one = limit(*set, 1, {"gate", "does-it-run", "true"});
  let_it_get_on(one, gate);
  // One that has no set of this key shares another one between all of these commands.
  if (gate.is_reached_in(lab.testbed().family()) && set->count()) return {Kind::posix, Kind::sysv};
  return {Kind::posix};
}

room::Order with_usr1_blocked() {
  return play::inheriting([] { play::block_signals({SIGUSR1}); });
}

}  // namespace

TEST_SUITE_BEGIN("10-semaphore");

TEST_CASE("it ends as its command did, and prints nothing itself"
          * id("status") * points(2) * needs("posix")
          * hint("run() returns what limit should end with. Whatever you do after it, that is the status; and a status that you did not make is not yours to explain.")) {
  const int status = lab.some_status();
  // No signal that limit blocks for itself: whether the command hears those is another case's.
  const std::pair<Words, int> endings[] = {{{"sh", "-c", "kill -KILL $$"}, 137}, {{"sh", "-c", fmt::format("exit {}", status)}, status},
                                           {{"sh", "-c", "kill -USR1 $$"}, 138}, {{"no-such-command"}, 127},
                                           {{"sh", "-c", "kill -ALRM $$"}, 142}, {{"sh", "-c", "kill -PIPE $$"}, 141},
                                           {{"sh", "-c", "exit 124"}, 124},      {{"sh", "-c", "exit 125"}, 125},
                                           {{"./plain"}, 126},                   {{"true"}, 0}};
  lab.file("plain").put("not a program", 0644);
  for (const Kind kind : that_run())
    for (const auto& [command, wanted] : endings) {
      auto next = limit(*fresh(kind), 1, command);
      CHECK(ends_as(next, wanted));
      CHECK(next.prints_only(""));
      if (wanted != 126 && wanted != 127) CHECK(next.complains_of_nothing());
    }
}

TEST_CASE("what the system refuses limit itself it says, and ends with 125: a process for its command, a name that cannot be"
          * id("trouble") * points(1) * needs("posix") * needs("status")
          * hint("fork(2) returns -1 where it is refused, and sem_open(3) SEM_FAILED. Whose result is not looked at? The message names what was refused, and why.")) {
  const char* const refused = "here the system refuses every new process (fork fails with EAGAIN)";
  for (const Kind kind : that_run()) {
    const auto permits = fresh(kind);
    auto poor = lab.start(join(words_for(*permits, {"-n", "1"}, {"echo", "it-runs"}), " "), play::inheriting([] { play::seccomp::refuse_children(EAGAIN); }));
    CHECK(poor.exits().where(refused));
    if (poor.has_printed("it-runs")) continue;  // one that becomes its command needs no other process
    CHECK(poor.exits_with(125).where(refused));
    CHECK(poor.complains("Resource temporarily unavailable").where(refused));
  }
  const std::string name = fresh(Kind::posix)->name() + "/below";
  auto nowhere = lab.start_words({"--posix", "-n", "1", name, "--", "true"});
  CHECK(nowhere.exits_with(125));
  CHECK(nowhere.complains(name));
}

TEST_CASE("SIGTERM, SIGINT and SIGHUP for a running limit reach its command, each of them"
          * id("signals") * points(2) * needs("posix")
          * hint("command.hpp is given: run() takes these signals with sigwaitinfo(2) and sends them to the command, as often as they come.")) {
  int made = 0;
  for (const Kind kind : that_run()) {
    for (const int s : {SIGTERM, SIGINT, SIGHUP}) {
      const std::string name = fmt::format("g{}", ++made);
      auto gate = lab.gate(name);
      auto holder = limit(*fresh(kind), 1, {"sh", "-c", "trap 'echo heard; exit 5' TERM INT HUP; gate " + name + " true"});
      CHECK(gate.is_reached());
      holder.send(s);
      CHECK(holder.stays_alive());
      gate.open();
      CHECK(holder.prints_only("heard\n"));
    }
    const std::string name = fmt::format("g{}", ++made);
    auto gate = lab.gate(name);
    auto holder = limit(*fresh(kind), 1, {"sh", "-c", "trap 'echo TERM' TERM; trap 'echo HUP' HUP; gate " + name + " true; exit 0"});
    CHECK(gate.is_reached());
    for (const int s : {SIGTERM, SIGHUP}) {
      holder.send(s);
      CHECK(holder.stays_alive());
    }
    gate.open();
    CHECK(holder.prints_in_any_order({"HUP", "TERM"}));
  }
}

TEST_CASE("the command has descriptors 0, 1, 2 and the signal mask that limit was given, and no more"
          * id("command") * points(2) * needs("posix")
          * hint("Whatever limit opens or blocks for itself stops at exec: close it, or O_CLOEXEC; and become() puts the mask back.")) {
  int made = 0;
  for (const Kind kind : that_run()) {
    const std::string name = fmt::format("c{}", ++made), plain = fmt::format("c{}", ++made);
    auto gate = lab.gate(name), other = lab.gate(plain);
    auto holder = lab.start(join(words_for(*fresh(kind), {"-n", "1"}, {"gate", name, "true"}), " "), with_usr1_blocked());
    CHECK(gate.is_reached());
    CHECK(gate.keeps_open({0, 1, 2}, "descriptor/leaked-to-the-command"));
    for (const int fd : {0, 1, 2}) CHECK(gate.shares(fd, holder, fd));
    CHECK(is_itself_or_its_child(gate, holder));
    limit(*fresh(kind), 1, {"gate", plain, "true"});
    CHECK(other.is_reached());
    CHECK(other.starts_clean().means("signal/passed-on-to-the-command"));
    CHECK(gate.blocks_only({SIGUSR1}));  // what limit was given
  }
}

TEST_CASE("a wrong command line ends with 2 and a usage line, and nothing is made"
          * id("command-line") * points(2) * needs("posix-made")
          * hint("parse() of command_line.hpp is given: it says whether the words can be understood. What do you do before you have asked it?")) {
  const auto right = fresh(Kind::posix), wrong = fresh(Kind::posix), wrong_set = fresh(Kind::sysv);
  auto first = limit(*right, 100, {"true"});
  CHECK(first.exits());
  CHECK(are_made(*right, 100, first));
  const std::string name = wrong->name(), key = wrong_set->name();
  const Words lines[] = {{"-n", "0", name, "--", "true"},
                         {"-n", "32768", name, "--", "true"},
                         {"-n", "3x", name, "--", "true"},
                         {"-n", "3", name},
                         {"-n", "3", name, "--"},
                         {"-n", "3", name.substr(1), "--", "true"},
                         {name, "--", "true"},
                         {"--sysv", "-n", "3", key + "x", "--", "true"},
                         {"--sysv", "-n", "3", fmt::format("{:#x}", 0x100000000UL + std::stoul(key, nullptr, 0)), "--", "true"},
                         {"--sysv", "-n", "3", "0", "--", "true"},
                         {"--sysv", "-n", "3", key},
                         {"-n", "3", "--timeout", "1x", name, "--", "true"},
                         {"stat", name, "more"},
                         {"drop"}};
  for (const Words& words : lines) {
    auto next = lab.start_words(words);
    CHECK(next.exits_with(2));
    CHECK(next.complains("usage"));
    CHECK(wrong->is_gone());
    CHECK(wrong_set->is_gone());
  }
}

TEST_SUITE_END();
