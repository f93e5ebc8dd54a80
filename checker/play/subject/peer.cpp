#include "play/subject/peer.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "base/passing.hpp"
#include "see/calls.hpp"
#include "see/proc.hpp"

namespace play {
namespace {

/// The head of an answer; as many signals as were taken follow it.
struct Reply {
  int error;
  int taken;
};

// All of an object, or false at end-of-file.
template <class T>
bool receive(int line, T& object) {
  return recv(line, &object, sizeof object, MSG_WAITALL) == static_cast<ssize_t>(sizeof object);
}

template <class T>
std::string_view bytes_of(const T& object) {
  return {reinterpret_cast<const char*>(&object), sizeof object};
}

void connect_for_the_check(int line, const char* address) {
  const base::Fd fd = Address(address).connected();
  const Reply reply{fd ? 0 : errno, 0};
  const int handed = fd.get();
  base::must(base::send_with(line, bytes_of(reply), std::span(&handed, fd ? 1 : 0)), "sendmsg");
}

}  // namespace

Peer::Peer(Testbed& testbed) : testbed_(&testbed) {
  base::Pipe line = base::make_socket_pair();
  line_ = std::move(line.read_end);
  pid_ = base::must(fork(), "fork");
  if (pid_ == 0) live(line.write_end.get());
  line.write_end.reset();
  testbed.add_helper(pid_);
  testbed.not_by_hand();
  answer();  // it holds everything now
  inside_ = see::inner_pid_of(pid_);
}

// In the child. It keeps nothing of the check's but its own line: a copy of a program's input would keep it open.
void Peer::live(int line) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(line, 0);
  close_range(1, ~0U, 0);
  try {
    base::write_all(0, bytes_of(Reply{}));
    for (Request request{}; receive(0, request);) {
      if (request.task == Task::connect) {
        connect_for_the_check(0, request.address);
        continue;
      }
      std::vector<Taken> taken;
      const int error = perform(request, taken);
      base::write_all(0, bytes_of(Reply{error, static_cast<int>(taken.size())}));
      for (const Taken& t : taken) base::write_all(0, bytes_of(t));
    }
  } catch (const std::exception&) {
    // The check has gone.
  }
  _exit(0);
}

int Peer::perform(const Request& request, std::vector<Taken>& taken) {
  if (request.task == Task::take) {
    sigset_t all;
    sigfillset(&all);
    siginfo_t info{};
    const timespec no_time{};
    while (sigtimedwait(&all, &info, &no_time) > 0)
      taken.push_back({info.si_signo, info.si_code, {info.si_pid}, info.si_value.sival_int});
    return 0;
  }
  for (int i = 0; i < request.count; ++i) {
    sigval value{};
    value.sival_int = request.value + i;
    const bool plain = request.task == Task::kill;
    const int sent = plain ? ::kill(request.to.number, request.signal) : sigqueue(request.to.number, request.signal, value);
    if (sent < 0) return errno;
  }
  return 0;
}

void Peer::ask(const Request& request) {
  if (under_way_) throw std::logic_error("a peer that has not ended its task was given another");
  if ((request.task == Task::kill || request.task == Task::queue) && !request.to) return;  // it has gone: what it does next says so
  under_way_ = true;
  base::write_all(line_.get(), bytes_of(request));
}

std::vector<Peer::Taken> Peer::answer() {
  Reply reply{};
  if (!receive(line_.get(), reply)) throw std::runtime_error("a peer has ended");
  under_way_ = false;
  std::vector<Taken> taken(static_cast<size_t>(reply.taken));
  for (Taken& t : taken)
    if (!receive(line_.get(), t)) throw std::runtime_error("a peer has ended");
  if (reply.error != 0 && reply.error != ESRCH)
    throw std::system_error(reply.error, std::generic_category(), "a peer could not send a signal");
  return taken;
}

void Peer::note(const std::string& what) const { testbed_->note_act(fmt::format("process {} {}", inside_, what)); }

void Peer::kill(const Observed& to, int signal) {
  note(fmt::format("sends {} to {} by kill", see::signal_name(signal), to.name()));
  ask({Task::kill, to.inside(), signal, 0, 1, {}});
  if (under_way_) answer();
}

void Peer::kill(const Peer& to, int signal) {
  ask({Task::kill, to.inside_, signal, 0, 1, {}});
  answer();
}

void Peer::queue(const Observed& to, int signal, int value, int count) {
  begin_queue(to, signal, value, count);
  if (under_way_) answer();
}

void Peer::begin_queue(const Observed& to, int signal, int value, int count) {
  note(fmt::format("sends {} to {} by sigqueue with value {}{}", see::signal_name(signal), to.name(), value,
                   count > 1 ? fmt::format(" to {}", value + count - 1) : ""));
  ask({Task::queue, to.inside(), signal, value, count, {}});
}

bool Peer::is_done() {
  pollfd line{line_.get(), POLLIN, 0};
  if (under_way_ && poll(&line, 1, 0) > 0) answer();
  return !under_way_;
}

std::vector<Peer::Taken> Peer::take() {
  ask({Task::take, {}, 0, 0, 0, {}});
  return answer();
}

base::Fd Peer::connected(const Address& address) {
  Request request{Task::connect, {}, 0, 0, 0, {}};
  const std::string text = address.text();
  if (text.size() >= sizeof request.address) throw std::invalid_argument("too long for a peer: " + text);
  text.copy(request.address, text.size());
  ask(request);
  Reply reply{};
  std::vector<base::Fd> fds;
  const ssize_t got = base::receive_with(line_.get(), {reinterpret_cast<char*>(&reply), sizeof reply}, fds);
  if (got != sizeof reply) throw std::runtime_error("a peer has ended");
  under_way_ = false;
  errno = reply.error;
  return fds.empty() ? base::Fd() : std::move(fds.front());
}

void Peer::limit_pending(unsigned long most) const {
  const rlimit limit{most, most};
  base::must(prlimit(pid_, RLIMIT_SIGPENDING, &limit, nullptr), "prlimit");
}

}  // namespace play
