#include "grade/worker/interruption.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

namespace grade {

Interruption::Interruption() {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int s : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&watched, s);
  base::must(sigprocmask(SIG_BLOCK, &watched, &before_), "sigprocmask");
  signals_ = base::Fd(base::must(signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd"));
}

Interruption::~Interruption() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

bool Interruption::came() {
  signalfd_siginfo info{};
  while (read(signals_.get(), &info, sizeof info) > 0) came_ = true;
  return came_;
}

}  // namespace grade
