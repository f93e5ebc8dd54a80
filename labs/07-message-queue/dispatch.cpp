// dispatch - hand out jobs through a message queue: any number send, any number work
//
//   $ ./dispatch make /jobs
//   $ printf 'tidy up\n' | ./dispatch send /jobs
//   $ printf 'fire!\n' | ./dispatch send -p 9 /jobs
//   $ ./dispatch work /jobs &
//   fire!
//   tidy up
//   $ kill %1; ./dispatch drop /jobs
//
// The handout is labs/07-message-queue/README.md.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <iostream>
#include <mqueue.h>
#include <poll.h>
#include <string>
#include <sys/signalfd.h>
#include <unistd.h>

#include "command.hpp"
#include "command_line.hpp"
#include "must.hpp"

// Given. Says which call the system refused, on which queue, and why; ends with 1.
[[noreturn, maybe_unused]] static void refuse(const char* call, const std::string& name) {
  dprintf(STDERR_FILENO, "dispatch: %s: %s: %s\n", call, name.c_str(), strerror(errno));
  _exit(1);
}

// Given. Prints one line, at once and in one piece.
[[maybe_unused]] static void print(const std::string& line) {
  const std::string text = line + "\n";
  for (size_t done = 0; done < text.size();) {
    const ssize_t wrote = write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    done += static_cast<size_t>(must(static_cast<int>(wrote), "write"));
  }
}

// Given. Opens the queue of this name, which must be there. It is closed by exec (mq_open(3)).
static mqd_t find(const std::string& name, int flags) {
  const mqd_t queue = mq_open(name.c_str(), flags);
  if (queue < 0) refuse("mq_open", name);
  return queue;
}

// Given. What the kernel says of a queue.
[[maybe_unused]] static mq_attr look(mqd_t queue, const std::string& name) {
  mq_attr is{};
  if (mq_getattr(queue, &is) < 0) refuse("mq_getattr", name);
  return is;
}

// Makes the queue, with exactly these sizes.
static int make(const Order& order) {
  // TODO 1: mq_open(3), with four arguments. And if there is one of this name already?
  (void)order;
  return 0;  // for now
}

// Prints what is in it, and what it is for.
static int stat(const Order& order) {
  // TODO 2: find() and look() are given; say "messages M max MESSAGES size BYTES".
  (void)order;
  return 0;  // for now
}

// Takes its name away. Who has it open goes on with it.
static int drop(const Order& order) {
  // TODO 2: which call takes the name away?
  (void)order;
  return 0;  // for now
}

// Given. Runs in a sender that will not wait for ever: the moment, in the time of day, at which one line's time is up.
[[maybe_unused]] static timespec moment_after(double seconds) {
  timespec then{};
  clock_gettime(CLOCK_REALTIME, &then);
  then.tv_sec += static_cast<time_t>(seconds);
  then.tv_nsec += static_cast<long>((seconds - static_cast<double>(static_cast<time_t>(seconds))) * 1e9);
  if (then.tv_nsec >= 1000000000) ++then.tv_sec, then.tv_nsec -= 1000000000;
  return then;
}

// What has become of a line.
enum class Sent { yes, too_long, no_room };

// Sends one line as one message, and waits for room as the order says.
[[maybe_unused]] static Sent send_one(mqd_t queue, const std::string& line, const Order& order) {
  // TODO 3: mq_send(3). Which of its failures end everything, which are about this line alone, and which mean: again?
  // TODO 4: there is no room. Wait::for_ever, or say so. Who sleeps: you, or the kernel?
  // TODO 8 (stretch): Wait::until. moment_after() is given; which call takes a moment?
  (void)queue, (void)line, (void)order;
  return Sent::no_room;  // for now
}

// Each line of standard input becomes a message.
static int send(const Order& order) {
  // TODO 8 (stretch): let --timeout through.
  if (order.wait == Wait::until) return usage();  // for now
  // TODO 4: how must the queue be opened for --try?
  const mqd_t queue = find(order.name, O_WRONLY);  // for now
  int status = 0, number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    ++number;
    // TODO 3: send it. What is said, and what is the status, when it is too long? And when there is no room?
    (void)queue, (void)number;  // for now
  }
  return status;
}

// TODO 6: how does a worker hear SIGTERM? A handler and a flag, or something that can be read? What ends its sleep, and what must
// not be cut short? Its mask may have been inherited.

// Takes the next message. False where there is none.
[[maybe_unused]] static bool take(mqd_t queue, std::string& message, const Order& order) {
  // TODO 5: mq_receive(3). How large must the buffer be, and who says how long the message is?
  (void)queue, (void)message, (void)order;
  return false;  // for now
}

// Runs after each command: 0, or what work must end with, because the next message would meet the same fate.
[[maybe_unused]] static int judge(int status, const std::string& command) {
  // TODO 7: the status is waitpid(2)'s. When is something to be said, and when is it no use to go on?
  (void)status, (void)command;
  return 0;  // for now
}

// Takes one message, is done with it, takes the next, until it is told to stop.
static int work(const Order& order) {
  const SignalsAtStart signals;  // for run()
  const mqd_t queue = find(order.name, O_RDONLY);
  // TODO 5: take a message, print it, take the next.
  // TODO 6: until SIGTERM has come.
  // TODO 7: with a command run() it instead: what does judge() say of its end?
  (void)queue, (void)signals;
  return 0;  // for now
}

// Prints a line each time that the empty queue gets a message, and takes none.
static int watch(const Order& order) {
  // TODO 9 (stretch): mq_notify(3). For how long does it stand?
  (void)order;
  return usage();  // for now
}

int main(int argc, char** argv) {
  const Order order = parse(argc, argv);
  if (order.verb == "make") return make(order);
  if (order.verb == "stat") return stat(order);
  if (order.verb == "drop") return drop(order);
  if (order.verb == "send") return send(order);
  if (order.verb == "work") return work(order);
  if (order.verb == "watch") return watch(order);
  return usage();
}
