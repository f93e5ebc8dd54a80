// Lab 08: the queue itself: made, looked at, removed, and how it gets its key.
#include <fmt/format.h>
#include <sys/ipc.h>

#include "words.hpp"

using namespace mailroom;

TEST_SUITE_BEGIN("08-sysv-queue");

TEST_CASE("make makes the queue of this key with mode 0600, and it outlives its maker"
          * id("made") * points(4) * todo(1)
          * hint("msgget(2) with IPC_CREAT makes it. Its lowest nine bits are the permissions: who may read, who may write? By hand: ipcs -q")) {
  const SysvQueue queue(lab.testbed());
  auto make = run("make", queue);
  CHECK(make.exits_with(0));
  CHECK(make.prints_only(""));
  CHECK(queue.counts(0));
  CHECK(queue.has_mode(0600));
}

TEST_CASE("make refuses a key that has a queue, and leaves that as it is"
          * id("exists") * points(3) * needs("made")
          * hint("Which flag of msgget(2) makes it fail where there is one already?")) {
  const SysvQueue fresh(lab.testbed());
  auto first = run("make", fresh);
  CHECK(first.exits_with(0));
  const SysvQueue queue = a_queue();
  const Letters letters{{some_text(), some_box()}, {some_text(), some_box()}};
  lay(queue, letters);
  const int id = queue.id();
  auto second = run("make", queue);
  Verdict refused = second.exits_with(1);
  const bool same = queue.id() == id, content = refused.ended_with(0);
  CHECK(std::move(refused).means("letter/exists-already", content && same).hints("The queue that was there has been removed, with what was in it, and another one made: make removes nothing.", content && !same));
  CHECK(is_there(queue, id));
  CHECK(queue.held(letters));
}

TEST_CASE("stat says how many letters there are, how many bytes, and how many there may be"
          * id("stat") * points(4) * todo(2)
          * hint("msgctl(2) with IPC_STAT fills a struct msqid_ds. letters is msg_qnum, bytes what lies there now, and of what it may hold: msg_qbytes.")) {
  const long room = 500 + static_cast<long>(lab.dice()() % 500);
  const SysvQueue queue = a_queue(room);
  const int count = 2 + static_cast<int>(lab.dice()() % 5);
  long bytes = 0;
  for (int i = 0; i < count; ++i) {
    const std::string text(1 + lab.dice()() % 40, 'x');
    lay(queue, {{text, some_box()}});
    bytes += static_cast<long>(text.size());
  }
  auto stat = run("stat", queue);
  CHECK(stat.prints_only(fmt::format("letters {} bytes {} of {}\n", count, bytes, room)));
  CHECK(stat.exits_with(0));
}

TEST_CASE("drop removes the queue, whoever made it, with all that is in it"
          * id("drop") * points(3) * todo(2)
          * hint("msgctl(2) with IPC_RMID. It wants the identifier, and not the key.")) {
  const SysvQueue queue = a_queue();
  lay(queue, {{some_text(), some_box()}});
  auto drop = run("drop", queue);
  CHECK(drop.exits_with(0));
  CHECK(drop.prints_only(""));
  CHECK(queue.is_gone().means("ipc/object-left"));
}

TEST_CASE("where there is no queue every verb but make ends with 1, says why, and makes none"
          * id("none") * points(3) * needs("stat")
          * hint("msgget(2) without IPC_CREAT finds the queue or says ENOENT. Who but make should have it make one?")) {
  const SysvQueue queue = a_queue();
  auto alive = run("stat", queue);
  CHECK(alive.exits_with(0));
  for (const char* verb : {"stat", "drop", "ask", "answer"}) {
    const SysvQueue none(lab.testbed());
    auto program = run(verb, none);
    CHECK(program.refuses().is_explained_by("letter/made-on-use", none.count().has_value()));
    CHECK(is_not_made(none));
  }
  for (const char* verb : {"post", "fetch", "fetch --try"}) {
    const SysvQueue none(lab.testbed());
    auto program = run(verb, none, some_box());
    program.close_input();  // there is no queue, whether or not a line comes
    CHECK(program.refuses().is_explained_by("letter/made-on-use", none.count().has_value()));
    CHECK(is_not_made(none));
  }
  // All 32 bits of a key count: with the highest one it is another key.
  CHECK(lab.start(fmt::format("stat {:#x}", static_cast<unsigned>(queue.key()) ^ 0x80000000U)).exits_with(1));
}

TEST_CASE("key prints the key that ftok makes of PATH and ID, as 0x and eight digits"
          * id("key") * points(3) * todo(2)
          * hint("ftok(3) takes the path and the ID. Where no ID is given it is 1. A key may begin with zeros: eight digits.")) {
  const std::string name = some_text();
  lab.file(name).put("x\n");
  const int number = 2 + static_cast<int>(lab.dice()() % 254);
  for (const int id : {1, number}) {
    auto key = lab.start("key " + name + (id == 1 ? "" : fmt::format(" {}", id)));
    CHECK(key.prints_only(fmt::format("0x{:08x}\n", static_cast<unsigned>(ftok(name.c_str(), id)))));
    CHECK(key.exits_with(0));
  }
}

TEST_CASE("key refuses a path that is not there, and prints nothing"
          * id("no-path") * points(2) * needs("key")
          * hint("ftok(3) returns -1 where it cannot look at PATH. That is a number like any other for msgget(2): key 0xffffffff.")) {
  const std::string name = some_text();
  lab.file(name).put("x\n");
  CHECK(lab.start("key " + name).prints("0x"));
  auto lost = lab.start("key " + some_text());
  Verdict refused = lost.refuses();
  CHECK(std::move(refused).is_explained_by("letter/minus-one-as-a-key", lost.has_printed("ffffffff")));
}

TEST_CASE("a wrong command line does nothing, prints nothing and ends with 2"
          * id("command-line") * points(2) * needs("stat")
          * hint("The parsing is given. Did you change it, or begin the work before it?")) {
  const SysvQueue queue = a_queue();
  auto alive = run("stat", queue);
  CHECK(alive.exits_with(0));
  const std::string name = queue.name(), no_such = fmt::format("0x1{:08x}", static_cast<unsigned>(queue.key()));  // 33 bits
  for (const std::string& words : std::vector<std::string>{"", "stat", "make 0", "make " + no_such, "make " + name + " more", "post " + name, "fetch -n 0 " + name + " 7",
                                   "fetch -s 8193 " + name + " 7", "fetch --cut " + name + " 7", "post -n 2 " + name + " 7", "key . 256", "read " + name}) {
    auto wrong = lab.start(words);
    CHECK(wrong.exits_with(2));
    CHECK(wrong.prints_nothing_more());
  }
  for (const long box : {0L, -1L}) {  // refused before it is tried, or by the system
    auto wrong = run("post", queue, box);
    wrong.type("x\n");
    wrong.close_input();
    CHECK(wrong.exits());
    CHECK((wrong.exits_with(1).passed() ? Verdict::yes() : wrong.exits_with(2)));
  }
  CHECK(queue.counts(0));
}

TEST_SUITE_END();
