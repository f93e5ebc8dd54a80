#include "grade/worker/worker.hpp"

#include <cerrno>
#include <cmath>
#include <csignal>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grade/worker/guard.hpp"
#include "see/calls.hpp"

namespace grade {
namespace {

constexpr int answer_is_trouble = 3;  // exit status of a worker whose answer is an exception's message

[[noreturn]] void compute(const std::function<std::string()>& work, const base::Fd& answer) {
  // Ctrl-C is the grader's to handle: it ends its workers and keeps what is known so far.
  for (const int s : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(s, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  int status = 0;
  std::string text;
  try {
    text = work();
  } catch (const std::exception& e) {
    text = e.what();
    status = answer_is_trouble;
  }
  try {
    base::write_all(answer.get(), text);
  } catch (const std::system_error&) {
    status = 1;
  }
  _exit(status);
}

base::Fd timer_of(double seconds) {
  base::Fd timer(base::must(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create"));
  itimerspec when{};
  when.it_value.tv_sec = static_cast<time_t>(std::ceil(seconds));
  base::must(timerfd_settime(timer.get(), 0, &when, nullptr), "timerfd_settime");
  return timer;
}

}  // namespace

Worker::Worker(const std::function<std::string()>& work, double seconds, const Keeping& keeping)
    : guarded_(keeping.guarded), seconds_(seconds), deadline_(timer_of(seconds)) {
  base::Pipe pipe = base::make_pipe(), lifeline = base::make_pipe();
  const pid_t grader = getpid();
  pid_ = base::must(fork(), "fork");
  if (pid_ == 0) {
    pipe.read_end.reset();
    lifeline.write_end.reset();
    if (keeping.guarded) {
      stand_guard(lifeline.read_end, [&] { compute(work, pipe.write_end); }, keeping.afterwards);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != grader) _exit(1);
    compute(work, pipe.write_end);
  }
  if (guarded_) lifeline_ = std::move(lifeline.write_end);
  answer_ = std::move(pipe.read_end);
  base::set_nonblocking(answer_.get());
  pidfd_ = base::Fd(base::must(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)), "pidfd_open"));
}

Worker::~Worker() {
  if (!pidfd_) return;
  lifeline_.reset();  // a guard ends all below, and then itself
  if (!guarded_) kill();
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
}

void Worker::kill() const { syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0); }

void Worker::watch(std::vector<pollfd>& polls) const {
  for (const base::Fd* fd : {&answer_, &pidfd_, &deadline_}) polls.push_back({fd->get(), POLLIN, 0});
}

void Worker::wait() {
  while (!advance()) {
    std::vector<pollfd> polls;
    watch(polls);
    poll(polls.data(), polls.size(), -1);
  }
}

bool Worker::advance() {
  if (std::uint64_t times = 0; read(deadline_.get(), &times, sizeof times) > 0) {
    out_of_time_ = true;
    guarded_ ? lifeline_.reset() : kill();
  }
  // First whether it has ended, then what it wrote: so nothing it wrote before its end is missed. Its end-of-file is
  // not waited for, because a program on the weakest rung might hold a copy of the pipe.
  siginfo_t info{};
  base::must(waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG), "waitid");
  char piece[1 << 16];
  for (ssize_t got; (got = read(answer_.get(), piece, sizeof piece)) != 0;) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) break;
    text_.append(piece, static_cast<size_t>(got));
  }
  if (info.si_pid == 0) return false;
  pidfd_.reset();
  if (out_of_time_) trouble_ = fmt::format("the check's process was ended after {:.0f} s: it had not come to its end", seconds_);
  else if (info.si_code != CLD_EXITED)
    trouble_ = "the check's process was ended by " + see::signal_name(info.si_status);
  else if (info.si_status == answer_is_trouble) trouble_ = text_;
  else if (info.si_status != 0) trouble_ = fmt::format("the check's process ended with status {}", info.si_status);
  return true;
}

}  // namespace grade
