// Given. How `dispatch work` runs its command for one message: a child that finds the world as dispatch has found it.
// Knows nothing of queues.
#pragma once

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "must.hpp"

// What signals did when dispatch was started, taken before it changes any of that.
class SignalsAtStart {
 public:
  SignalsAtStart() {
    sigprocmask(SIG_SETMASK, nullptr, &mask_);
    sigaction(SIGTERM, nullptr, &term_);
    sigaction(SIGCHLD, nullptr, &chld_);
    signal(SIGCHLD, SIG_DFL);  // where it is inherited as ignored, no child's status is kept
  }
  void put_back() const {
    sigaction(SIGTERM, &term_, nullptr);
    sigaction(SIGCHLD, &chld_, nullptr);
    sigprocmask(SIG_SETMASK, &mask_, nullptr);
  }

 private:
  sigset_t mask_{};
  struct sigaction term_ {}, chld_ {};
};

// Runs in the child, and never returns: the command with the message as its last argument.
[[noreturn]] inline void become(char** command, const std::string& message, const SignalsAtStart& signals) {
  std::vector<char*> words;
  for (char** word = command; *word; ++word) words.push_back(*word);
  words.push_back(const_cast<char*>(message.c_str()));
  words.push_back(nullptr);
  signals.put_back();
  execvp(words[0], words.data());
  const int why = errno;
  dprintf(STDERR_FILENO, "dispatch: %s: %s\n", words[0], std::strerror(why));
  _exit(why == ENOENT ? 127 : 126);
}

// Runs the command to its end, whatever signals come meanwhile. Returns its wait status (waitpid(2)).
[[maybe_unused]] inline int run(char** command, const std::string& message, const SignalsAtStart& signals) {
  const pid_t child = must(fork(), "fork");
  if (child == 0) become(command, message, signals);
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) must(-1, "waitpid");
  return status;
}
