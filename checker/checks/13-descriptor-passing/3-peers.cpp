// Lab 13: who asks is the kernel's word; what a client sends unasked is closed.
#include <cerrno>
#include <fmt/format.h>
#include <unistd.h>

#include "words.hpp"

using namespace handover;

namespace {

// An ucred as it lies in memory, for strace's poke: a pid, a user and a group (unix(7)).
std::string poked(std::uint32_t pid, std::uint32_t user) {
  std::string hex;
  for (const std::uint32_t number : {pid, user, user})
    for (int i = 0; i < 4; ++i) hex += fmt::format("{:02x}", number >> 8 * i & 0xff);
  return hex;
}

// So many copies of one descriptor.
std::vector<int> copies(const Fd& fd, size_t count) { return std::vector<int>(count, fd.get()); }

// The pipe has no writer left: whoever got its write end has closed it.
Verdict has_ended(const Fd& reader) {
  bool ended = false;
  static_cast<void>(play::wait_until(lab.testbed(), [&] {
    char byte;
    return ended = ended || read(reader.get(), &byte, 1) == 0;
  }));
  return Verdict::yes_if(ended, "a pipe whose write end was sent to it meets end-of-file", "the broker has the write end still").means("passing/kept");
}

struct Ends {
  Fd read_end, write_end;
};
Ends new_pipe() {
  int ends[2];
  must(pipe2(ends, O_CLOEXEC | O_NONBLOCK), "pipe2");
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

TEST_SUITE_BEGIN("13-descriptor-passing");

TEST_CASE("who asks is who has connected, whoever sends the request"
          * id("who") * points(4) * needs("log") * needs("silent") * needs("one-file")
          * hint("The kernel notes the process that calls connect(2), and says so for as long as the connection is there: SO_PEERCRED (unix(7)).")) {
  Broker broker;
  CHECK(broker.program.prints_next("ready\n"));
  play::Peer first(lab.testbed()), second(lab.testbed());
  auto ann = asker("one"), bea = asker("the other");
  CHECK(ann.reaches_through(first, broker.door));
  CHECK(bea.reaches_through(second, broker.door));
  const auto gave_to = [](const play::Peer& peer, const char* name) { return fmt::format("gave {} {} {}", peer.pid().text(), own_user(), name); };
  CHECK(is_given(ann, broker, "a"));
  CHECK(logs(broker, gave_to(first, "a")));
  CHECK(is_given(bea, broker, "b"));
  CHECK(logs(broker, gave_to(second, "b")));
  CHECK(is_given(ann, broker, "b"));
  CHECK(logs(broker, gave_to(first, "b")));
}

TEST_CASE("the kernel's word decides what is given, and nothing else is asked"
          * id("kernels-word") * points(2) * needs("who") * needs("users")
          * hint("Number and user both come from SO_PEERCRED. Here the kernel was made to say others (strace(1), poke_exit), and they were to be believed.")) {
  furnish();
  const auto pid = static_cast<std::uint32_t>(7000 + lab.dice()() % 1000), user = other_user();
  const std::string lie = "inject=getsockopt:poke_exit=@arg4=" + poked(pid, user);
  auto program = lab.start_below_strace("serve policy door", {"-e", "trace=getsockopt", "-e", lie});
  CHECK(program.prints_next("ready\n"));
  auto ann = asker("ann");
  CHECK(ann.reaches(Address("unix:door")));
  ann.send("theirs\n");
  CHECK(ann.receives_with("ok\n", 1));
  CHECK(program.prints_next(fmt::format("gave {} {} theirs\n", pid, user)));
  ann.send("mine\n");
  CHECK(ann.receives_line("no ", longest));
}

TEST_CASE("a descriptor that a client sends is closed at once"
          * id("unasked") * points(3) * needs("no-more")
          * hint("Whoever reads with recvmsg(2) gets what was sent along, wanted or not: each is open in this process until close(2).")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes_and_is_heard(ann, broker));
  broker.program.settle();
  const size_t before = broker.program.descriptors_of_all();
  Ends pipe = new_pipe();
  ann.send_with("b\n", {pipe.write_end.get()});
  pipe.write_end.reset();
  CHECK(gets(ann, broker, 1));
  CHECK(has_ended(pipe.read_end));
  CHECK(comes_down_to(broker.program, before).means("passing/kept"));
}

TEST_CASE("also where it came with a line that is refused, and with no line at all"
          * id("unasked-half") * points(1) * needs("unasked") * needs("silent") * needs("goes-on")
          * hint("What has come is there when recvmsg(2) returns, not when a request is whole.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes_and_is_heard(ann, broker));
  Ends with_refused = new_pipe(), with_half = new_pipe();
  ann.send_with("nobodys\n", {with_refused.write_end.get()});
  with_refused.write_end.reset();
  CHECK(gets_no(ann, broker));
  CHECK(has_ended(with_refused.read_end));
  ann.send_with("no", {with_half.write_end.get()});
  with_half.write_end.reset();
  CHECK(has_ended(with_half.read_end));
  ann.send("bodys\n");
  CHECK(gets_no(ann, broker));
}

TEST_CASE("also where more were sent than it has room for"
          * id("unasked-many") * points(2) * needs("unasked")
          * hint("MSG_CTRUNC says that not all of them could be had. Those that could are open in this process all the same.")) {
  // What is in flight counts against all of a user's processes (unix(7), ETOOMANYREFS): so few may be open here, and few are enough.
  room::Order order;
  order.limits.descriptors = 64;
  Broker broker(std::move(order));
  auto ann = asker("ann");
  CHECK(comes_and_is_heard(ann, broker));
  broker.program.settle();
  const size_t before = broker.program.descriptors_of_all();
  const Fd file = opened("sent.txt", "sent\n");
  for (const size_t count : {2, 17, 100, 100}) {
    // What is answered without one cannot fail by what others have in flight.
    ann.send_with("nobodys\n", copies(file, count));
    CHECK(gets_no(ann, broker).where(fmt::format("{} descriptors came with the request", count)));
    CHECK(comes_down_to(broker.program, before)
              .where(fmt::format("{} descriptors came with a request", count))
              .means("passing/kept-when-cut", count > 16)
              .means("passing/kept"));
  }
}

TEST_SUITE_END();
