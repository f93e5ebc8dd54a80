// Lab 13: handover's policy and broker, the check as its client, the check as the broker of a `take`, and what a failure of one of them
// shows. Knows no story.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "check.hpp"

namespace handover {

using play::Address;
using play::Client;
using play::Connection;
using play::Listener;
using play::Program;
using play::Verdict;

/// The longest line that is a request, and the longest answer.
constexpr size_t longest = 1024;
/// Who the programs are, as the kernel tells it to a broker; who they are not.
uid_t own_user();
uid_t other_user();

/// A broker with a policy of its own, which has come to rest or has ended. Its names:
///   a, b  to read, for everybody, three lines each that nobody can know before; alias is a's file, opened once more
///   log   to append, for everybody: log.txt
///   mine  to read, for 4711 and own_user(); theirs for other_user() alone; alike for two whose numbers end with own_user()'s, where that can be
///   spaced  to read, for everybody: two words.txt
///   n1 to n17, and long_name()  to read, for everybody: a file of one line each
room::Order more_than_is_in_flight();
class Broker {
 public:
  explicit Broker(room::Order order = more_than_is_in_flight());
  std::vector<std::string> lines_of_a;
  Program program;
  Address door{"unix:door"};
};
/// The files and the policy of it, written into the working folder; the lines of a.txt.
std::vector<std::string> furnish();
/// A name of 63 bytes; "n1 n2 ... ", so many of them.
std::string long_name();
std::string many_names(size_t count);

/// A client that reads each byte alone, so that it knows with which one a descriptor came. It has no connection yet.
Client asker(const std::string& name);
/// It has a connection now.
Verdict comes(Client& client, Broker& broker);
/// It asks for b, and an answer comes, whichever: so its connection is good, and the broker has dealt with what came before.
Verdict is_heard(Client& client, Broker& broker);
Verdict comes_and_is_heard(Client& client, Broker& broker);
/// What comes next is `ok`, and one descriptor for each of so many names with its first byte.
Verdict gets(Client& client, Broker& broker, size_t names);
/// What comes next is a refusal, without a descriptor.
Verdict gets_no(Client& client, Broker& broker);
/// It asks for these names, and gets that.
Verdict is_given(Client& client, Broker& broker, const std::string& names);
Verdict is_refused(Client& client, Broker& broker, const std::string& line);
/// Nothing comes, and the connection stays.
Verdict hears_nothing(Client& client, Broker& broker);

/// The descriptor refers to the file of this name in the working folder, whoever has opened it.
Verdict refers_to(const Fd& fd, const std::string& file);
/// It is an ordinary file.
bool is_file(const Fd& fd);
/// What is read from it now, where it is read on; nothing of what is no ordinary file.
std::string read_on(const Fd& fd, size_t size);

/// The broker's next line of the log is this one.
Verdict logs(Broker& broker, const std::string& line);
/// "gave 0 1000 a": the pid of the check, as programs see it.
std::string gave(const std::string& names);
std::string refused();

/// It has, with all below it, no more descriptors than so many. Waits.
Verdict comes_down_to(const Program& program, size_t most);

/// The check is the broker of `take`s, at unix:desk.
class Desk {
 public:
  Desk() : listener_(lab.testbed(), Address("unix:desk"), "take") {}
  Listener& listener() { return listener_; }

 private:
  Listener listener_;
};
/// A `take` that asks there, and the check's end of its connection.
struct Take {
  Program program;
  std::optional<Connection> broker = {};
};
/// `take desk NAMES -- COMMAND...`; one whose command prints "ran".
Take take(const std::string& names, const std::vector<std::string>& command);
Take take_that_prints(const std::string& names, room::Order order = {});
/// It connects, and its request is these names, to the byte.
Verdict asks(Take& take, Desk& desk, const std::string& names);
/// A good answer once: the command runs, and its status is take's.
Verdict works(Desk& desk);
/// It has ended with 1 and has said why, and its command was not run: that would have printed.
Verdict runs_nothing(Take& take);
/// A file that the check has opened to read, with this text in it.
Fd opened(const std::string& name, const std::string& text);

}  // namespace handover
