#include "grade/run/worker.hpp"

#include <cerrno>
#include <csignal>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "see/calls.hpp"

namespace grade {
namespace {

constexpr int answer_is_trouble = 3;  // exit status of a worker whose answer is an exception's message

[[noreturn]] void be_worker(const std::function<std::string()>& work, base::Fd answer, pid_t grader, unsigned seconds) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != grader) _exit(1);
  // Ctrl-C is the grader's to handle: it ends its workers and keeps what is known so far.
  for (const int s : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(s, SIG_IGN);
  std::signal(SIGALRM, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  alarm(seconds);
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

}  // namespace

Worker::Worker(const std::function<std::string()>& work, unsigned seconds) {
  base::Pipe pipe = base::make_pipe();
  const pid_t grader = getpid();
  pid_ = base::must(fork(), "fork");
  if (pid_ == 0) {
    pipe.read_end.reset();
    be_worker(work, std::move(pipe.write_end), grader, seconds);
  }
  answer_ = std::move(pipe.read_end);
  base::set_nonblocking(answer_.get());
  pidfd_ = base::Fd(base::must(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)), "pidfd_open"));
}

Worker::~Worker() {
  if (!pidfd_) return;
  kill();
  waitpid(pid_, nullptr, 0);
}

void Worker::kill() {
  if (pidfd_) syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0);
}

bool Worker::advance() {
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
  if (info.si_code != CLD_EXITED) trouble_ = "the check's process was ended by " + see::signal_name(info.si_status);
  else if (info.si_status == answer_is_trouble) trouble_ = text_;
  else if (info.si_status != 0) trouble_ = fmt::format("the check's process ended with status {}", info.si_status);
  return true;
}

}  // namespace grade
