// Lab 08: letters go in.
#include <algorithm>
#include <fmt/format.h>

#include "words.hpp"

using namespace mailroom;

TEST_SUITE_BEGIN("08-sysv-queue");

TEST_CASE("each line is posted to its box at once, and lies there when post has ended"
          * id("post") * points(6) * todo(3)
          * hint("msgsnd(2) wants a struct that begins with a long, the box; the text follows. Its size is that of the text alone.")) {
  const SysvQueue queue = a_queue();
  const long box = some_box();
  const std::string one = some_text(), two = some_text();
  const int id = queue.id();
  auto post = run("post", queue, box);
  post.type(one + "\n");
  Verdict first = queue.counts(1);
  const bool another_way = !first.passed() && goes_another_way(queue, box, one);
  CHECK(std::move(first).is_explained_by("letter/another-way", another_way));
  post.type(two + "\n");
  CHECK(queue.counts(2));
  post.close_input();
  CHECK(post.exits_with(0));
  CHECK(post.prints_only(""));
  CHECK(is_there(queue, id));
  CHECK(are(taken_from(queue), {{one, box}, {two, box}}));
}

TEST_CASE("a letter has the bytes of its line and no others, in a box of any size"
          * id("bytes") * points(4) * needs("post")
          * hint("Any byte may be in a line, also NUL, and none at all; a last line may end without a newline. The size that msgsnd(2) is told counts the text: not the long, no NUL behind it. A box is a long: 4000000000 is one.")) {
  const SysvQueue queue = a_queue();
  const long box = 4000000000 + some_box();
  const std::string nul = some_text() + std::string("\0\x01\xff", 3) + some_text(), longest(8192, 'm');
  auto post = run("post", queue, box);
  post.type(nul + "\n\n  " + nul + " \n" + longest + "\nlast");
  post.close_input();
  static_cast<void>(post.exits().passed());  // what has come says more than how it ended
  CHECK(are_exactly(taken_from(queue), {{nul, box}, {"", box}, {"  " + nul + " ", box}, {longest, box}, {"last", box}}));
  CHECK(post.exits_with(0));
}

TEST_CASE("a line of more than 8192 bytes is left out with its number, the others pass, and post ends with 1"
          * id("left-out") * points(4) * needs("post")
          * hint("Look at the size before you copy the text into a letter, and before you ask the kernel. Whoever fetches must be able to rely on 8192.")) {
  const SysvQueue queue = a_queue();
  const long box = some_box();
  const std::string one = some_text(), two = some_text();
  auto post = run("post", queue, box);
  post.type(one + "\n" + std::string(8193, 'q') + "\n" + two + "\n" + std::string(70000, 'q') + "\n");
  post.close_input();
  static_cast<void>(post.exits().passed());  // what has come says more than how it ended
  const Letters letters = taken_from(queue);
  const bool cut = std::any_of(letters.begin(), letters.end(), [](const Message& m) { return m.bytes.starts_with("qqq"); });
  CHECK(are(letters, {{one, box}, {two, box}}).hints("A part of the long line lies in the queue. Whoever fetches it cannot know that it is one: such a line is left out whole.", cut)
            .hints("The line that is too long ends nothing: the lines behind it are posted.", letters.size() == 1));
  CHECK(post.exits_with(1));
  for (const int line : {2, 4}) CHECK(names_line(post, line));
}

TEST_CASE("a full queue makes post wait, asleep in msgsnd, and nothing is lost"
          * id("full") * points(4) * needs("bytes")
          * hint("msgsnd(2) without IPC_NOWAIT sleeps until there is room. Nobody needs to ask again and again.")) {
  const SysvQueue queue = a_queue(40);
  const long box = some_box();
  Letters letters;
  std::string input;
  for (int i = 0; i < 4; ++i) {
    letters.push_back({some_text() + some_text(), box});
    input += letters.back().bytes + "\n";
  }
  auto post = run("post", queue, box);
  post.type(input);
  CHECK(sleeps_for_room(queue, post));
  CHECK(queue.counts(2));
  for (int i = 0; i < 2; ++i) {
    CHECK(Verdict::yes_if(queue.take() == letters[static_cast<size_t>(i)], "the oldest letter is the first line that was posted", "it is another one"));
    lab.note("takes a letter out of " + queue.name());
    CHECK(queue.counts(2));
  }
  post.close_input();
  CHECK(post.exits_with(0));
  CHECK(are_exactly(taken_from(queue), {letters[2], letters[3]}));
}

TEST_CASE("post --try waits for no room: it ends with 124 and says which line found none"
          * id("full-try") * points(3) * needs("full")
          * hint("With IPC_NOWAIT msgsnd(2) says EAGAIN where it would have slept. That is an end of its own: 124, and the number of the line.")) {
  const int fit = 2 + static_cast<int>(lab.dice()() % 5);
  const SysvQueue queue = a_queue(10L * fit + 5);
  const long box = some_box();
  Letters letters;
  auto post = run("post --try", queue, box);
  for (int i = 0; i < fit + 1; ++i) {
    letters.push_back({some_text() + "-" + std::string(1, static_cast<char>('a' + i)), box});
    post.type(letters.back().bytes + "\n");
  }
  CHECK(does_not_wait(queue, post));
  CHECK(names_line(post, fit + 1));
  letters.pop_back();
  CHECK(are_exactly(taken_from(queue), letters));
}

TEST_CASE("the queue is removed between two lines: the next one ends post with 1"
          * id("between") * points(3) * needs("post")
          * hint("msgsnd(2) says EINVAL for three things: too long, a type below 1, and a queue that is gone. Which of them can it be, when you have looked at size and box before?")) {
  const SysvQueue queue = a_queue();
  auto post = run("post", queue, some_box());
  post.type(some_text() + "\n");
  CHECK(queue.counts(1));
  remove(queue);
  post.type(some_text() + "\n");
  Verdict ends = post.exits_with(1);
  const bool reads_on = !ends.passed() && !post.has_ended() && post.waits_at(0).passed();
  const bool complains = !post.complained().empty();
  CHECK(std::move(ends).is_explained_by("letter/removed-or-too-long", reads_on && complains)
            .hints("It reads on as if the letter had been posted. msgsnd(2) returned -1: was that looked at?", reads_on && !complains));
}

TEST_SUITE_END();
