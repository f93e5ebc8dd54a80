// Stuck on pipes and FIFOs: alone, or among several things that are waited for together.
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hangs.hpp"

namespace hangs {
namespace {

void write_end_in_reader() {
  Two p;
  child([&] { must(read(p.ends[0], &byte, 1) >= 0); });
  close(p.ends[1]);
  collect_all();
}

void write_end_in_sibling() {
  Two p;
  child([&] {
    close(p.ends[1]);
    must(read(p.ends[0], &byte, 1) >= 0);
  });
  child([&] {
    close(p.ends[0]);
    pause();
  });
  close(p.ends[1]);
  collect_all();
}

void full_pipe_own_read_end() {
  Two p;
  child([&] { fill(p.ends[1]); });
  child([&] { _exit(0); });
  close(p.ends[0]), close(p.ends[1]);
  collect_all();
}

void full_pipe_no_reader_yet() {
  Two p;
  const pid_t writer = child([&] {
    close(p.ends[0]);
    fill(p.ends[1]);
  });
  waitpid(writer, nullptr, 0);
}

void fifos_in_one_order() {
  must(mkfifo("a", 0600) == 0 && mkfifo("b", 0600) == 0);
  child([] { open("a", O_RDONLY), open("b", O_WRONLY); });
  open("a", O_RDONLY), open("b", O_WRONLY);
}

void fifo_both_ways() {
  must(mkfifo("f", 0600) == 0);
  must(read(open("f", O_RDWR), &byte, 1) >= 0);
}

void poll_on_a_pipe() {
  Two p;
  pollfd one{p.ends[0], POLLIN, 0};
  poll(&one, 1, -1);
}
void select_on_a_pipe() {
  Two p;
  fd_set set;
  FD_ZERO(&set);
  FD_SET(p.ends[0], &set);
  select(p.ends[0] + 1, &set, nullptr, nullptr, nullptr);
}
void epoll_on_a_pipe() {
  Two p;
  const int e = epoll_create1(0);
  epoll_event event{};
  event.events = EPOLLIN;
  epoll_ctl(e, EPOLL_CTL_ADD, p.ends[0], &event);
  epoll_wait(e, &event, 1, -1);
}

// The usual trick of a signal handler, beside the check's own input.
void self_pipe() {
  Two p;
  pollfd both[] = {{0, POLLIN, 0}, {p.ends[0], POLLIN, 0}};
  poll(both, 2, -1);
}

void poll_on_two_pipes() {
  Two a, b;
  pollfd both[] = {{a.ends[0], POLLIN, 0}, {b.ends[0], POLLIN, 0}};
  poll(both, 2, -1);
}

void poll_on_a_pipe_and_a_socket() {
  Two p;
  int ends[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  pollfd both[] = {{p.ends[0], POLLIN, 0}, {ends[0], POLLIN, 0}};
  poll(both, 2, -1);
}

}  // namespace

const Named on_pipes{
    {"write-end-in-parent", write_end_in_parent},
    {"write-end-in-reader", write_end_in_reader},
    {"write-end-in-sibling", write_end_in_sibling},
    {"full-pipe-own-read-end", full_pipe_own_read_end},
    {"full-pipe-no-reader-yet", full_pipe_no_reader_yet},
    {"fifos-in-one-order", fifos_in_one_order},
    {"fifo-both-ways", fifo_both_ways},
    {"input", [] { must(read(0, &byte, 1) >= 0); }},
    {"poll", poll_on_a_pipe},
    {"select", select_on_a_pipe},
    {"epoll", epoll_on_a_pipe},
    {"self-pipe", self_pipe},
    {"poll-two-pipes", poll_on_two_pipes},
    {"poll-pipe-and-socket", poll_on_a_pipe_and_a_socket},
};

}  // namespace hangs
