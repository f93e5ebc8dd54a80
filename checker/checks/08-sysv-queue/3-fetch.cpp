// Lab 08: letters come out.
#include <fmt/format.h>

#include "words.hpp"

using namespace mailroom;

TEST_SUITE_BEGIN("08-sysv-queue");

TEST_CASE("fetch takes the oldest letters of its box, and leaves all others where they are"
          * id("fetch") * points(5) * todo(4)
          * hint("msgrcv(2) is told which type it should take: n is the oldest of box n. It writes the type into the letter, and returns how long the text is.")) {
  const SysvQueue queue = a_queue();
  const int id = queue.id();
  const long mine = some_box(), other = some_box(), third = some_box();
  const Letters l{{some_text(), other}, {some_text(), mine}, {some_text(), third}, {some_text(), mine}, {some_text(), other}, {some_text(), mine}};
  lay(queue, l);
  auto fetch = run("fetch -n 2", queue, mine);
  Verdict printed = fetch.prints_only(fmt::format("{} {}\n{} {}\n", mine, l[1].bytes, mine, l[3].bytes));
  const bool any = !printed.passed() && fetch.has_printed(l[0].bytes);
  CHECK(std::move(printed).is_explained_by("letter/any-letter", any));
  CHECK(fetch.exits_with(0));
  CHECK(leaves(queue, {l[0], l[2], l[4], l[5]}));
  lay(queue, {l[2]});
  auto last = run("fetch", queue, third);
  CHECK(last.exits_with(0));
  CHECK(is_there(queue, id));
}

TEST_CASE("box 0 is the oldest letter of any box, and -n the lowest box up to n"
          * id("order") * points(5) * needs("fetch")
          * hint("msgrcv(2) knows both as they are: what fetch is told is what msgrcv(2) is told. The box that is printed is the letter's own.")) {
  const SysvQueue queue = a_queue();
  const long low = some_box(), next = some_box(), high = some_box(), highest = some_box();
  const Letters l{{some_text(), highest}, {some_text(), next}, {some_text(), low}, {some_text(), high}, {some_text(), low}};
  lay(queue, l);
  const auto prints = [&](const std::string& options, long box, const Letters& letters) {
    auto fetch = run("fetch" + options, queue, box);
    std::string text;
    for (const Message& m : letters) text += fmt::format("{} {}\n", m.tag, m.bytes);
    Verdict verdict = fetch.prints_only(text);
    const bool elsewhere = !verdict.passed() && box < 0 && !fetch.has_ended() && (queue.is_waited_on_for(fetch, -box).passed() || queue.is_waited_on_for(fetch, 1).passed());
    if (!verdict.passed()) return std::move(verdict).is_explained_by("letter/lowest-up-to", elsewhere);
    return fetch.exits_with(0);
  };
  CHECK(prints("", 0, {l[0]}));
  CHECK(prints(" -n 3", -next - 1, {l[2], l[4], l[1]}));
  CHECK(prints("", -highest, {l[3]}));
}

TEST_CASE("a letter is printed whole, whatever is in it and whatever was there before it"
          * id("whole") * points(3) * needs("fetch")
          * hint("No NUL ends a letter, and its bytes may be any: msgrcv(2) returns how many they are. Without -s up to 8192 must fit.")) {
  const SysvQueue queue = a_queue();
  const long box = 4000000000 + some_box();
  const std::string nul = some_text() + std::string("\0\xff\x01", 3) + some_text(), longest(8192, 'w'), one = some_text();
  lay(queue, {{longest, box}, {one, box}, {"", box}, {nul, box}});
  auto fetch = run("fetch -n 4", queue, box);
  const std::string name = std::to_string(box) + " ";
  Verdict printed = fetch.prints_only(name + longest + "\n" + name + one + "\n" + name + "\n" + name + nul + "\n");
  const bool refused = !printed.passed() && fetch.has_ended() && queue.count() == 4;
  const bool old = !refused && fetch.has_printed(name + one + "w");
  const bool at_nul = !refused && !old && fetch.has_printed(name + nul.substr(0, 8) + "\n");
  CHECK(std::move(printed).hints("All four letters lie there still: msgrcv(2) says E2BIG where the room that it is told of is smaller than the text.", refused).is_explained_by("letter/text-ends-at-a-nul", old || at_nul));
  CHECK(fetch.exits_with(0));
}

TEST_CASE("where its box is empty fetch waits, asleep in msgrcv for that box alone"
          * id("sleeps") * points(4) * needs("order")
          * hint("The type stands in the call: then the kernel wakes it for its own letters and for no others. By hand: cat /proc/PID/syscall, the fifth word.")) {
  const SysvQueue queue = a_queue();
  const long seven = some_box(), eight = some_box(), below = seven - 1;
  auto one = run("fetch -n 2", queue, seven), two = run("fetch", queue, eight), low = run("fetch", queue, -below);
  CHECK(sleeps_for(queue, one, seven));
  CHECK(sleeps_for(queue, two, eight));
  CHECK(sleeps_for(queue, low, -below));
  const Message nobodys{some_text(), eight + 1};
  const std::string text = some_text();
  lay(queue, {nobodys, {text, eight}});
  CHECK(two.prints_only(fmt::format("{} {}\n", eight, text)));
  CHECK(two.exits_with(0));
  lay(queue, {{text, below - 1}});
  CHECK(low.prints_only(fmt::format("{} {}\n", below - 1, text)));
  CHECK(sleeps_for(queue, one, seven));
  for (int i = 0; i < 2; ++i) {
    lay(queue, {{text, seven}});
    Verdict printed = one.prints_next(fmt::format("{} {}\n", seven, text));
    const bool taken = !printed.passed() && !one.has_ended() && queue.count() == 1;
    CHECK(std::move(printed).hints(held_back, taken));
  }
  CHECK(one.exits_with(0));
  CHECK(queue.held({nobodys}));
}

TEST_CASE("fetch --try prints what is there, waits for nothing, and ends with 124 where there are not enough"
          * id("try") * points(3) * needs("fetch")
          * hint("With IPC_NOWAIT msgrcv(2) says ENOMSG where it would have slept.")) {
  const SysvQueue queue = a_queue();
  const long mine = some_box(), other = some_box();
  const Letters l{{some_text(), mine}, {some_text(), other}, {some_text(), mine}};
  lay(queue, l);
  auto fetch = run("fetch --try -n 5", queue, mine);
  CHECK(fetch.prints_next(fmt::format("{} {}\n{} {}\n", mine, l[0].bytes, mine, l[2].bytes)));
  CHECK(does_not_wait(queue, fetch));
  CHECK(fetch.prints_nothing_more());
  CHECK(queue.held({l[1]}));
}

TEST_CASE("a letter longer than -s BYTES stays in the queue, and fetch ends with 1"
          * id("stays") * points(3) * needs("fetch")
          * hint("msgrcv(2) is told how much room there is for the text, and says E2BIG where it does not fit: then the letter stays.")) {
  const SysvQueue queue = a_queue();
  const long box = some_box();
  const int size = 3 + static_cast<int>(lab.dice()() % 4);
  const std::string text = some_text(), fits = text.substr(0, static_cast<size_t>(size));
  lay(queue, {{fits, box}, {text, box}});
  auto first = run(fmt::format("fetch -s {}", size), queue, box);
  CHECK(first.prints_only(fmt::format("{} {}\n", box, fits)));
  CHECK(first.exits_with(0));
  auto second = run(fmt::format("fetch -s {}", size), queue, box);
  Verdict refused = second.refuses();
  const bool cut = !refused.passed() && queue.count() == 0 && second.has_printed(fits + "\n"), again = !refused.passed() && !second.has_ended();
  CHECK(std::move(refused).is_explained_by("letter/cut-unasked", cut).hints("E2BIG does not pass by itself: asked again, it says the same, for the letter is as long as before.", again));
  CHECK(queue.held({{text, box}}));
}

TEST_CASE("with --cut its first BYTES are printed, and the rest is gone"
          * id("cut") * points(3) * needs("stays")
          * hint("MSG_NOERROR is the flag of msgrcv(2) for it.")) {
  const SysvQueue queue = a_queue();
  const long box = some_box();
  const size_t size = 3 + lab.dice()() % 4;
  const std::string text = some_text(), next = text.substr(0, 2);
  lay(queue, {{next, box}, {text, box}, {next, box}});
  for (const std::string& printed : {next, text.substr(0, size), next}) {
    auto fetch = run(fmt::format("fetch -s {} --cut", size), queue, box);
    CHECK(fetch.prints_only(fmt::format("{} {}\n", box, printed)));
    CHECK(fetch.exits_with(0));
  }
}

TEST_CASE("who sleeps in the queue when it is removed ends with 1, and says that it was removed"
          * id("removed") * points(4) * needs("bytes") * needs("full") * needs("sleeps")
          * hint("msgsnd(2) and msgrcv(2) then fail with EIDRM, and strerror(3) calls it \"Identifier removed\". It is neither an interruption nor an empty box.")) {
  const SysvQueue queue = a_queue(10);
  const std::string text = some_text();
  auto post = run("post", queue, some_box()), fetch = run("fetch", queue, some_box());
  post.type(text + "\n");
  CHECK(queue.counts(1));
  post.type(text + "\n");
  CHECK(queue.is_waited_on_by(post));
  CHECK(queue.is_waited_on_by(fetch));
  remove(queue);
  CHECK(is_told(fetch));
  CHECK(is_told(post));
}

TEST_SUITE_END();
