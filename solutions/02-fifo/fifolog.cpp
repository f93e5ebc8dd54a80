// fifolog - one log for many writers, behind a name in the file system
//
//   $ ./fifolog serve log &
//   $ echo hello | ./fifolog say log ann
//   1 ann: hello
//
// The handout is labs/02-fifo/README.md.
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <iostream>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "must.hpp"

struct Order {
  bool serve = false, wait = false;
  std::string path, name;
};

// Given. Whether the words are an order, and which one.
static bool understood(int argc, char** argv, Order& order) {
  const std::string verb = argc > 1 ? argv[1] : "";
  if (verb == "serve" && argc == 3) {
    order.path = argv[2];
    return order.serve = true;
  }
  order.wait = argc > 2 && std::string(argv[2]) == "--wait";
  const int words = order.wait ? 3 : 2;
  if (verb != "say" || argc != words + 2) return false;
  order.path = argv[words];
  order.name = argv[words + 1];
  return !order.name.empty() && order.name.size() <= 32 && order.name.find_first_of(":\n") == std::string::npos;
}

// Given. One line on standard error, and exit status 1.
[[noreturn, maybe_unused]] static void refuse(const std::string& what, const std::string& why) {
  dprintf(STDERR_FILENO, "fifolog: %s: %s\n", what.c_str(), why.c_str());
  _exit(1);
}

// Given. Whether a descriptor is one of a FIFO (or of a pipe without a name: for the kernel they are the same).
[[maybe_unused]] static bool is_fifo(int fd) {
  struct stat info {};
  return fstat(fd, &info) == 0 && S_ISFIFO(info.st_mode);
}

// Given. Writes all of it, in as many calls as it takes.
[[maybe_unused]] static void write_all(int fd, const std::string& text) {
  for (size_t done = 0; done < text.size();)
    done += static_cast<size_t>(must(static_cast<int>(write(fd, text.data() + done, text.size() - done)), "write"));
}

static const char* served_path = nullptr;
static int served = -1;

// Runs when SIGTERM or SIGINT comes, in the middle of whatever serve() does. (Lab 04 is about what may be done here.)
static void stop(int) {
  unlink(served_path);
  // Nobody comes any more. From here on read() does not sleep: it gives what is left, and then says EAGAIN.
  fcntl(served, F_SETFL, O_NONBLOCK);
}

// Given. From now on SIGTERM and SIGINT take the path away and end the program with 0.
static void remove_when_told(const std::string& path, int fd) {
  served_path = path.c_str();
  served = fd;
  struct sigaction action {};
  action.sa_handler = stop;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  for (const int signal : {SIGTERM, SIGINT}) sigaction(signal, &action, nullptr);
}

// Makes the FIFO, or takes the one that is there, and returns a descriptor to read from.
static int open_to_read(const std::string& path) {
  if (mkfifo(path.c_str(), 0600) < 0 && errno != EEXIST) refuse(path, strerror(errno));
  // O_NONBLOCK is for the open alone: it would sleep until a writer comes, and whoever looks for a reader would find one
  // that has not opened yet.
  const int fd = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) refuse(path, strerror(errno));
  if (!is_fifo(fd)) refuse(path, "it is there, and no FIFO");
  if (flock(fd, LOCK_EX | LOCK_NB) < 0) refuse(path, "another fifolog serves it");
  // A write end of our own: so there is always a writer, and read() sleeps where it would have said end-of-file.
  must(open(path.c_str(), O_WRONLY | O_CLOEXEC), "open");
  must(fcntl(fd, F_SETFL, 0), "fcntl");
  return fd;
}

// Prints every record that comes, with its number.
static int serve(const Order& order) {
  const int fd = open_to_read(order.path);
  remove_when_told(order.path, fd);
  std::string text;  // what has come, and is no whole record yet
  long number = 0;
  for (;;) {
    char piece[65536];
    const ssize_t got = read(fd, piece, sizeof piece);
    if (got < 0 && errno == EAGAIN) return 0;  // told to stop, and nothing is left
    must(static_cast<int>(got), "read");
    text.append(piece, static_cast<size_t>(got));
    std::string lines;
    size_t begin = 0;
    for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
      lines += std::to_string(++number) + " " + text.substr(begin, end + 1 - begin);
    text.erase(0, begin);
    write_all(STDOUT_FILENO, lines);
  }
}

// Returns a descriptor to write to, as soon as there is somebody who reads.
static int open_to_write(const Order& order) {
  const int fd = open(order.path.c_str(), O_WRONLY | O_CLOEXEC | (order.wait ? 0 : O_NONBLOCK));
  if (fd < 0) refuse(order.path, errno == ENXIO ? "nobody reads it" : strerror(errno));
  if (!is_fifo(fd)) refuse(order.path, "it is no FIFO");
  must(fcntl(fd, F_SETFL, 0), "fcntl");  // a full FIFO is to be waited for
  return fd;
}

// Each line of standard input becomes a record.
static int say(const Order& order) {
  const int fd = open_to_write(order);
  int status = 0, number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    ++number;
    const std::string record = order.name + ": " + line + "\n";
    if (record.size() > PIPE_BUF) {
      dprintf(STDERR_FILENO, "fifolog: line %d is left out: its record has %zu bytes, and %d is the most\n", number, record.size(), PIPE_BUF);
      status = 1;
      continue;
    }
    // One call: up to PIPE_BUF bytes go in whole or not at all, whoever else writes.
    must(static_cast<int>(write(fd, record.data(), record.size())), "write");
  }
  return status;
}

int main(int argc, char** argv) {
  Order order;
  if (!understood(argc, argv, order)) {
    dprintf(STDERR_FILENO, "usage: fifolog serve PATH\n       fifolog say [--wait] PATH NAME\n");
    return 2;
  }
  return order.serve ? serve(order) : say(order);
}
