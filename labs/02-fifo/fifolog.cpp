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
  // TODO 7 (stretch): what lies in the FIFO now is lost. How could serve() read it first, without waiting for more?
  _exit(0);
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
  // TODO 1: make it. Or is it there? What else could be there?
  // TODO 2: open it so that this waits for nobody, and that read() sleeps later on, also when the last writer has left.
  // TODO 8 (stretch): another fifolog may serve it already (flock(2)).
  (void)path;
  return -1;  // for now
}

// Prints every record that comes, with its number.
static int serve(const Order& order) {
  const int fd = open_to_read(order.path);
  remove_when_told(order.path, fd);
  // TODO 3: read, and print each record with its number as soon as it is whole. Where does a record end?
  (void)fd;
  return 0;  // for now
}

// Returns a descriptor to write to, as soon as there is somebody who reads.
static int open_to_write(const Order& order) {
  // TODO 4: open it for writing, with and without --wait. What has been opened, and how is it to behave when it is full?
  (void)order;
  return -1;  // for now
}

// Each line of standard input becomes a record.
static int say(const Order& order) {
  const int fd = open_to_write(order);
  // TODO 5: send each line as one record. How long may it be, and by how many calls does it go?
  // TODO 6: nobody reads any more. What does write() say then?
  (void)fd;
  return 0;  // for now
}

int main(int argc, char** argv) {
  Order order;
  if (!understood(argc, argv, order)) {
    dprintf(STDERR_FILENO, "usage: fifolog serve PATH\n       fifolog say [--wait] PATH NAME\n");
    return 2;
  }
  return order.serve ? serve(order) : say(order);
}
