// Proofs that a check sees a message queue as its programs use it: what is in it, who sleeps on it, and that a wrong message is
// named. Both kinds.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <mqueue.h>

#include "play/object/queues.hpp"
#include "tests/in_room.hpp"

using play::Message;
using tests::Story;

TEST_CASE("a full POSIX queue is waited on by its sender, and emptied by the check") {
  CHECK(tests::in_room([](play::Testbed& testbed) {
          play::PosixQueue jobs(testbed);
          if (jobs.count() || jobs.mode() || jobs.take()) return std::string("there is a queue that nobody has made");
          jobs.make({2, 16});
          auto sender = play::lab.start("queue " + jobs.name());
          Story story;
          story << jobs.has_sizes({2, 16}) << jobs.has_mode(0600) << jobs.counts(2) << jobs.is_waited_on_by(sender)
                << sender.blocks_in("mq_send") << sender.stays_alive();
          for (const char* expected : {"1", "2"}) {
            if (jobs.take() != Message{expected, 0}) return std::string("wrong message");
            story << jobs.counts(2) ;
          }
          story << sender.prints("sent\n") << sender.exits_with(0);
          const play::Verdict left = sender.leaves_nothing_behind();
          if (left.evidence().lines.empty() || left.evidence().lines[0] != "message queue " + jobs.name())
            return std::string("the queue that is left was not named");
          story << jobs.held({{"3", 0}, {"4", 0}});
          jobs.remove();
          return story.result();
        }) == "holds");
}

TEST_CASE("a POSIX queue is the same one when its name means another") {
  CHECK(tests::in_room([](play::Testbed& testbed) {
          play::PosixQueue jobs(testbed);
          jobs.make({3, 8});
          auto waiter = play::lab.start("polls " + jobs.name());
          Story story;
          story << jobs.is_waited_on_by(waiter);
          jobs.keep_open();
          jobs.remove();
          if (jobs.mode()) return std::string("the name is still there");
          auto sender = play::lab.start("queue " + jobs.name());  // makes another one
          story << sender.blocks_in("mq_send") << jobs.counts(0) << jobs.is_waited_on_by(waiter) << waiter.stays_alive();
          if (jobs.waiter_of(sender.pid()) != 0) return std::string("who sleeps on the other queue was taken for a waiter of this one");
          if (!jobs.put({"x", 7})) return std::string("there was no room");
          story << waiter.exits_with(0) << jobs.held({{"x", 7}});
          jobs.remove();
          return story.result();
        }) == "holds");
}

TEST_CASE("the first message that is not as it should be is named") {
  CHECK(tests::in_room([](play::Testbed& testbed) {
          const play::PosixQueue jobs(testbed);
          jobs.make({3, 8});
          for (const Message& m : {Message{"one", 2}, Message{std::string("a\0", 2), 1}, Message{"", 0}}) jobs.put(m);
          if (jobs.put({"four", 0})) return std::string("there was room for a fourth");
          const std::string second = jobs.held({{"one", 2}, {"a", 1}}).sentence(), more = jobs.held({}).sentence(), fewer = jobs.held({{"x", 0}}).sentence();
          jobs.remove();
          if (second != "expected that message 2 in " + jobs.what() + " is \"a\" (1 byte, priority 1), but it is \"a\\x00\" (2 bytes, priority 1)") return second;
          if (more != "expected that " + jobs.what() + " held 0 messages, but there is one more: \"\" (0 bytes, priority 0)") return more;
          if (fewer != "expected that message 1 in " + jobs.what() + " is \"x\" (1 byte, priority 0), but there is none") return fewer;
          return std::string("holds");
        }) == "holds");
}

TEST_CASE("a System V queue is slept on for a type, and removed under its waiter") {
  CHECK(tests::in_room([](play::Testbed& testbed) {
          const play::SysvQueue box(testbed);
          if (box.count() || box.take() || box.id() >= 0) return std::string("there is a queue that nobody has made");
          box.make();
          auto seven = play::lab.start("letters " + box.name() + " 7"), up_to_five = play::lab.start("letters " + box.name() + " -5");
          Story story;
          story << box.has_mode(0600) << box.is_waited_on_for(seven, 7) << box.is_waited_on_for(up_to_five, -5)
                << box.is_waited_on_by(seven);
          if (!box.put({"other", 4000000000}) || !box.put({"hello", 7})) return std::string("there was no room");
          story << seven.prints("7 hello\n") << box.counts(1) << box.is_waited_on_for(seven, 7);
          if (box.bytes() != 5 || box.take(7)) return std::string("the wrong letter was taken");
          if (!box.put({"low", 3})) return std::string("there was no room");
          story << up_to_five.prints("3 low\n");
          const std::string wrong = box.is_waited_on_for(seven, 8).sentence();
          if (wrong.find("for type 8") == std::string::npos) return wrong;
          if (box.take(4000000000) != Message{"other", 4000000000}) return std::string("the type was cut");
          bool has_room = true;  // 16384 bytes (MSGMNB, msgctl(2)) are less than three of these
          for (int i = 0; i < 3; ++i) has_room = box.put({std::string(8000, 'x'), 9});
          if (has_room) return std::string("there was room for ever");
          box.remove();
          story << seven.exits_with(0) << up_to_five.exits_with(0) << box.is_gone();
          return story.result();
        }) == "holds");
}

TEST_CASE("what a program takes of queues leaves enough for the rooms beside it") {
  CHECK(tests::in_room([](play::Testbed& testbed) {
          const std::string name = play::PosixQueue(testbed).name();
          auto one = play::lab.start("hoard " + name + "-a"), two = play::lab.start("hoard " + name + "-b");
          Story story;
          story << one.prints("made 2\n");
          story << two.prints(testbed.room().rung() == room::Rung::namespaces ? "made 0\n" : "made ");
          const play::PosixQueue jobs(testbed);  // the check's own are not counted by the limit of programs
          jobs.make({10, 8192});
          story << jobs.counts(0);
          jobs.remove();
          testbed.clear();
          for (const char* whose : {"-a", "-b"})
            for (const char* number : {"0", "1"}) mq_unlink((name + whose + number).c_str());
          return story.result();
        }) == "holds");
}
