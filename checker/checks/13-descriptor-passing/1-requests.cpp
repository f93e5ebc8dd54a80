// Lab 13: what a request is answered, and what is passed with the answer.
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

#include "words.hpp"

using namespace handover;

namespace {

Verdict reads_next(const Fd& fd, const std::string& line) {
  const std::string came = read_on(fd, line.size());
  return Verdict::yes_if(came == line, "the next that is read is " + quote(line), "it is " + quote(came));
}

}  // namespace

TEST_SUITE_BEGIN("13-descriptor-passing");

TEST_CASE("a name that is not in the policy is refused: one line that begins with no, and no descriptor"
          * id("no") * points(4) * todo(1) * todo(2)
          * hint("`receive` adds what recvmsg(2) brings to the Inbox, `send_line` hands a line to sendmsg(2). Return what the comments say.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  CHECK(is_refused(ann, broker, lab.word(6)));
}

TEST_CASE("a name of the policy is answered by ok, and by one descriptor with its first byte"
          * id("ok") * points(4) * needs("no") * todo(4)
          * hint("One sendmsg(2) has the three bytes of the line and, in msg_control, one SCM_RIGHTS message with the descriptor (cmsg(3)).")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  CHECK(is_given(ann, broker, "a"));
  const auto fds = ann.take_descriptors();
  CHECK(refers_to(fds[0], "a.txt"));
  CHECK(hears_nothing(ann, broker));
}

TEST_CASE("each request has a line of the log, at once: who asked, and which names were given"
          * id("log") * points(2) * needs("ok") * needs("no") * todo(3)
          * hint("The line is given, and written at once. Who asked is `who`: getsockopt(2) with SO_PEERCRED.")) {
  Broker broker;
  CHECK(broker.program.prints_next("ready\n"));
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  CHECK(is_given(ann, broker, "a"));
  CHECK(logs(broker, gave("a")));
  CHECK(is_refused(ann, broker, "nobodys"));
  CHECK(broker.program.prints_next(refused()));
}

TEST_CASE("what is passed is the broker's own open file: all who ask read on at one position"
          * id("one-file") * points(3) * needs("ok")
          * hint("open(2) once, at the start: each further open has a position of its own, and asks for the rights anew. Passing is no closing: it makes a copy.")) {
  Broker broker;
  auto ann = asker("ann"), bea = asker("bea");
  CHECK(comes(ann, broker));
  CHECK(is_given(ann, broker, "a"));
  const auto first = ann.take_descriptors();
  CHECK(reads_next(first[0], broker.lines_of_a[0]));
  ann.close();
  CHECK(comes(bea, broker));
  CHECK(is_given(bea, broker, "a"));
  const auto second = bea.take_descriptors();
  const std::string came = read_on(second[0], broker.lines_of_a[1].size());
  CHECK(Verdict::yes_if(came == broker.lines_of_a[1], "bea reads on where ann has stopped", "she reads " + quote(came))
            .means("passing/opened-again", came == broker.lines_of_a[0]));
  CHECK(reads_next(first[0], broker.lines_of_a[2]));
  CHECK(broker.program.has_open_file_of(first[0].get(), "what ann was given").means("passing/opened-again"));
}

TEST_CASE("also when the file's name is gone"
          * id("unlinked") * points(1) * needs("one-file")
          * hint("A file lives as long as somebody has it open: its name is needed at open(2), and never again.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes_and_is_heard(ann, broker));
  std::filesystem::remove("a.txt");
  lab.note("removes a.txt");
  CHECK(is_given(ann, broker, "a"));
  const auto fds = ann.take_descriptors();
  CHECK(reads_next(fds[0], broker.lines_of_a[0]));
}

TEST_CASE("what is passed for r can be read and not written"
          * id("reads-only") * points(2) * needs("ok")
          * hint("MODE r is O_RDONLY. How it was opened goes with the descriptor: who gets it can do with it what you could.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  CHECK(is_given(ann, broker, "a"));
  const auto fds = ann.take_descriptors();
  CHECK(reads_next(fds[0], broker.lines_of_a[0]));
  const bool writes = is_file(fds[0]) && write(fds[0].get(), "x", 1) == 1;
  CHECK(Verdict::yes_if(!writes, "a write to it is refused with EBADF", "it writes").means("passing/more-than-meant"));
}

TEST_CASE("what is passed for a appends, behind what others have written meanwhile"
          * id("appends") * points(2) * needs("ok")
          * hint("MODE a is O_WRONLY and O_APPEND: each write goes to the end of the file, wherever that is by then.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  CHECK(is_given(ann, broker, "log"));
  const auto fds = ann.take_descriptors();
  CHECK(refers_to(fds[0], "log.txt"));
  CHECK(Verdict::yes_if(write(fds[0].get(), "one\n", 4) == 4, "it can be written", std::string("write says ") + std::strerror(errno)));
  lab.file("log.txt").append("another\n");
  CHECK(Verdict::yes_if(write(fds[0].get(), "two\n", 4) == 4, "it can be written again", std::string("write says ") + std::strerror(errno)));
  CHECK(lab.file("log.txt").has_text("begins\none\nanother\ntwo\n").means("passing/no-append"));
  char byte = 0;
  CHECK(Verdict::yes_if(read(fds[0].get(), &byte, 1) < 0, "a read from it is refused with EBADF", "it reads").means("passing/more-than-meant"));
}

TEST_CASE("several names: one descriptor for each, in their order, all with the first byte"
          * id("several") * points(3) * needs("ok") * needs("one-file")
          * hint("One SCM_RIGHTS message holds an array of them: CMSG_DATA is where it begins, cmsg_len says how long it is (CMSG_LEN of all).")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  for (const std::string names : {"a b log", "log b", "n3 n1 b a n2"}) {
    CHECK(is_given(ann, broker, names));
    const auto fds = ann.take_descriptors();
    const auto words = split(names, ' ');
    for (size_t i = 0; i < words.size(); ++i) CHECK(refers_to(fds[i], words[i] + ".txt"));
  }
}

TEST_CASE("a name twice is two descriptors of one open file; two names of one file are two open files"
          * id("twice") * points(1) * needs("several") * needs("one-file")
          * hint("A descriptor for each name of the request, also where it is the same one. Each entry of the policy was opened for itself.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  CHECK(is_given(ann, broker, "a alias a"));
  const auto fds = ann.take_descriptors();
  CHECK(reads_next(fds[0], broker.lines_of_a[0]));
  CHECK(reads_next(fds[1], broker.lines_of_a[0]));
  CHECK(reads_next(fds[2], broker.lines_of_a[1]));
}

TEST_CASE("sixteen names are given, and a seventeenth gets all of them refused"
          * id("sixteen") * points(2) * needs("several") * needs("no")
          * hint("Is there room for 16 in what you send, and does somebody count? 16 names are a request, 17 are not.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  CHECK(is_given(ann, broker, many_names(16)));
  const auto fds = ann.take_descriptors();
  CHECK(refers_to(fds[15], "n16.txt"));
  CHECK(is_refused(ann, broker, many_names(17)));
}

TEST_CASE("a name is given to those of its USERS, and refused to others"
          * id("users") * points(3) * needs("ok") * needs("no") * todo(3)
          * hint("`allows` says whether this user may have an entry. Which user it is, the kernel knows: SO_PEERCRED.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  CHECK(is_given(ann, broker, "mine"));
  ann.take_descriptors();
  CHECK(is_refused(ann, broker, "alike").where(fmt::format("this user is {}, and alike is for others", own_user())));
}

TEST_CASE("after a refusal the connection is good for the next request"
          * id("goes-on") * points(2) * needs("no")
          * hint("A refusal is an answer like any other: who asked for the wrong name may ask for the right one.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  for (int i = 0; i < 3; ++i) {
    ann.send(lab.word(5) + "\n");
    Verdict no = gets_no(ann, broker);
    const bool closed = !no.passed() && i > 0 && ann.is_over() && !broker.program.has_ended();
    CHECK(std::move(no).is_explained_by("passing/refusal-ends-it", closed));
  }
}

TEST_CASE("all or nothing: one name that cannot be given, and none is"
          * id("all-or-nothing") * points(4) * needs("several") * needs("users") * needs("goes-on")
          * hint("Look at all of them first, and only then fill in what is given. A refusal goes out without a descriptor.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  CHECK(is_given(ann, broker, "a b"));
  ann.take_descriptors();
  for (const std::string names : {"a theirs", "nobodys a", "a nobodys b", "theirs mine a"}) {
    ann.send(names + "\n");
    Verdict no = ann.receives_line("no ", longest);
    const bool gives = !no.passed() && ann.received().ends_with("ok\n");
    const bool with_some = !no.passed() && !gives && ann.unread().empty() && !ann.take_descriptors().empty();
    CHECK(std::move(no).where("asked for " + quote(names)).means("passing/half-given", gives).means("passing/with-a-refusal", with_some));
  }
}

TEST_CASE("no name, an empty one, one with other blanks or bytes: each is refused, and the next request is answered"
          * id("strange") * points(2) * needs("goes-on") * needs("one-file") * needs("all-or-nothing")
          * hint("`split` gives what stands between the blanks, also where that is nothing: such a name is nobody's. Compare whole names, with their length.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  CHECK(is_given(ann, broker, "a"));
  ann.take_descriptors();
  std::vector<std::string> lines{"", " ", " a", "a ", "a  b", "a\t", "a\r", "A", "aa", "a,b", "\xff\xfe"};
  for (const char* before : {"a", ""}) lines.push_back(before + std::string(1, '\0'));
  for (const std::string& line : lines) {
    Verdict no = is_refused(ann, broker, line);
    const bool gives = !no.passed() && ann.received().ends_with("ok\n");
    CHECK(std::move(no).where("asked for " + quote(line)).hints("It was given, for a line that has more in it than names and one blank between two.", gives));
  }
  CHECK(is_given(ann, broker, "a"));
}

TEST_CASE("a line of 1024 bytes is a request; a longer one is refused or its connection closed, also when its end never comes"
          * id("too-long") * points(2) * needs("sixteen") * needs("twice")
          * hint("The newline is one of the 1024. Who has sent as many without one is not waited for: nobody else's memory is for that.")) {
  Broker broker;
  auto bea = asker("bea");
  CHECK(comes(bea, broker));
  std::vector<std::string> names(16, long_name());  // with the blanks and the newline 1024 bytes
  CHECK(is_given(bea, broker, join(names, " ")));
  bea.close();
  for (const std::string& line : {lab.word(1024) + "\n", lab.word(5000) + "\n", lab.word(1025), lab.word(5000)}) {
    auto ann = asker("ann");
    CHECK(comes_and_is_heard(ann, broker));
    ann.send(line);
    const auto answered = [&] { return ann.is_over() || ann.unread().find('\n') != std::string_view::npos; };
    static_cast<void>(play::wait_until(lab.testbed(), [&] { return answered() || broker.program.has_ended(); }));
    const std::string came(ann.unread());
    Verdict refused = Verdict::yes_if(answered() && (came.empty() || came.starts_with("no ")), "the line is refused, or the connection closed",
                                      came.empty() ? "nothing comes" : "ann receives " + quote(came));
    const bool has_end = line.ends_with("\n");
    CHECK(std::move(refused)
              .where(fmt::format("{} bytes came {}", line.size(), has_end ? "with a newline" : "without a newline"))
              .means("passing/no-end", !has_end && came.empty() && !broker.program.has_ended()));
    ann.close();
    auto next = asker("who comes next");
    CHECK(comes_and_is_heard(next, broker));
  }
}

TEST_CASE("no byte of a client reaches the log"
          * id("own-words") * points(1) * needs("strange") * needs("log")
          * hint("The log is read by people and programs who trust it. Names there are those of the policy; a refusal has none.")) {
  Broker broker;
  CHECK(broker.program.prints_next("ready\n"));
  auto eve = asker("eve");
  CHECK(comes(eve, broker));
  for (const std::string& line : {lab.word(8), std::string("a\rgave 1 0 b"), std::string("\x1b[2J a"), "a " + lab.word(8)}) {
    CHECK(is_refused(eve, broker, line));
    Verdict logs_it = logs(broker, refused());
    CHECK(std::move(logs_it).means("passing/strangers-words", broker.program.has_printed(line)));
  }
}

TEST_SUITE_END();
