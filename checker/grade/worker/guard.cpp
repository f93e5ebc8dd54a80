#include "grade/worker/guard.hpp"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "room/end_below.hpp"

namespace grade {

void stand_guard(const base::Fd& lifeline, const std::function<void()>& work,
                 const std::function<void(pid_t)>& afterwards) {
  setsid();  // what is sent to the grader's group by a key is the grader's affair
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t guard = getpid();
  const pid_t worker = fork();
  if (worker < 0) _exit(1);
  if (worker == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != guard) _exit(1);
    work();
    _exit(1);
  }
  const base::Fd end(static_cast<int>(syscall(SYS_pidfd_open, worker, 0)));
  pollfd either[] = {{end.get(), POLLIN, 0}, {lifeline.get(), POLLIN, 0}};
  while (poll(either, 2, -1) < 0 && errno == EINTR) {}
  if (either[0].revents == 0) kill(worker, SIGKILL);
  int status = 0;
  while (waitpid(worker, &status, 0) < 0 && errno == EINTR) {}
  room::end_all_below();
  if (afterwards) afterwards(worker);
  if (WIFSIGNALED(status)) {
    signal(WTERMSIG(status), SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    raise(WTERMSIG(status));
  }
  _exit(WEXITSTATUS(status));
}

}  // namespace grade
