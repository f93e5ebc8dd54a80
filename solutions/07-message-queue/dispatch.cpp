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
  mq_attr wanted{};
  wanted.mq_maxmsg = order.messages;
  wanted.mq_msgsize = order.bytes;
  // O_EXCL: where there is one already, it and its sizes would be taken in silence.
  if (mq_open(order.name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600, &wanted) < 0) refuse("mq_open", order.name);
  return 0;
}

// Prints what is in it, and what it is for.
static int stat(const Order& order) {
  const mq_attr is = look(find(order.name, O_RDONLY), order.name);
  print("messages " + std::to_string(is.mq_curmsgs) + " max " + std::to_string(is.mq_maxmsg) + " size " + std::to_string(is.mq_msgsize));
  return 0;
}

// Takes its name away. Who has it open goes on with it.
static int drop(const Order& order) {
  if (mq_unlink(order.name.c_str()) < 0) refuse("mq_unlink", order.name);
  return 0;
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
static Sent send_one(mqd_t queue, const std::string& line, const Order& order) {
  timespec until{};
  if (order.wait == Wait::until) until = moment_after(order.seconds);
  for (;;) {
    // With --try the queue's descriptor does not wait at all (O_NONBLOCK).
    const int sent = order.wait == Wait::until ? mq_timedsend(queue, line.data(), line.size(), order.priority, &until)
                                               : mq_send(queue, line.data(), line.size(), order.priority);
    if (sent == 0) return Sent::yes;
    if (errno == EMSGSIZE) return Sent::too_long;
    if (errno == EAGAIN || errno == ETIMEDOUT) return Sent::no_room;
    if (errno != EINTR) refuse("mq_send", order.name);  // EINTR: it is not in, and nothing is wrong
  }
}

// Each line of standard input becomes a message.
static int send(const Order& order) {
  const mqd_t queue = find(order.name, O_WRONLY | (order.wait == Wait::not_at_all ? O_NONBLOCK : 0));
  int status = 0, number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    ++number;
    const Sent sent = send_one(queue, line, order);
    if (sent == Sent::no_room) {
      dprintf(STDERR_FILENO, "dispatch: line %d: the queue %s is full\n", number, order.name.c_str());
      return 124;
    }
    if (sent == Sent::too_long) {
      dprintf(STDERR_FILENO, "dispatch: line %d is left out: %zu bytes are too long for %s\n", number, line.size(), order.name.c_str());
      status = 1;
    }
  }
  return status;
}

// From now on SIGTERM ends nothing by itself: it can be read from the descriptor that this returns.
static int make_stop_readable() {
  sigset_t term;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  sigprocmask(SIG_BLOCK, &term, nullptr);
  return must(signalfd(-1, &term, SFD_CLOEXEC), "signalfd");
}

// Sleeps until there is a message, or the word to stop: then it is false, whatever lies in the queue.
static bool wait_for_work(mqd_t queue, int stop) {
  pollfd both[] = {{stop, POLLIN, 0}, {queue, POLLIN, 0}};  // on Linux a queue is a descriptor like any other
  while (poll(both, 2, -1) < 0)
    if (errno != EINTR) must(-1, "poll");
  return both[0].revents == 0;
}

// Takes the next message, if nobody was faster.
static bool take(mqd_t queue, std::string& message, const Order& order) {
  message.resize(static_cast<size_t>(look(queue, order.name).mq_msgsize));  // whatever is in it, a smaller buffer is refused
  const ssize_t size = mq_receive(queue, message.data(), message.size(), nullptr);
  if (size < 0 && errno != EAGAIN && errno != EINTR) refuse("mq_receive", order.name);
  if (size >= 0) message.resize(static_cast<size_t>(size));
  return size >= 0;
}

// Runs after each command: 0, or what work must end with, because the next message would meet the same fate.
static int judge(int status, const std::string& command) {
  if (WIFSIGNALED(status)) {
    dprintf(STDERR_FILENO, "dispatch: %s: ended by signal %d\n", command.c_str(), WTERMSIG(status));
    return 0;
  }
  const int code = WEXITSTATUS(status);
  if (code == 126 || code == 127) return code;
  if (code != 0) dprintf(STDERR_FILENO, "dispatch: %s: exit status %d\n", command.c_str(), code);
  return 0;
}

// Takes one message, is done with it, takes the next, until it is told to stop.
static int work(const Order& order) {
  const SignalsAtStart signals;
  const mqd_t queue = find(order.name, O_RDONLY | O_NONBLOCK);  // it sleeps in poll(), and nowhere else
  const int stop = make_stop_readable();
  std::string message;
  while (wait_for_work(queue, stop)) {
    if (!take(queue, message, order)) continue;
    if (!order.command) {
      print(message);
      continue;
    }
    const int end = judge(run(order.command, message, signals), order.command[0]);
    if (end != 0) return end;
  }
  return 0;
}

// Prints a line each time that the empty queue gets a message, and takes none.
static int watch(const Order& order) {
  const mqd_t queue = find(order.name, O_RDONLY);
  sigset_t told;
  sigemptyset(&told);
  sigaddset(&told, SIGUSR1);
  sigprocmask(SIG_BLOCK, &told, nullptr);
  sigevent how{};
  how.sigev_notify = SIGEV_SIGNAL;
  how.sigev_signo = SIGUSR1;
  for (;;) {
    if (mq_notify(queue, &how) < 0) refuse("mq_notify", order.name);  // once: it goes when it has told
    while (sigwaitinfo(&told, nullptr) < 0) {}
    print("arrived");
  }
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
