// The one helper every lab shares: a system call that fails ends the program, and says which call and why.
//
//   int ends[2];
//   must(pipe(ends), "pipe");
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unistd.h>

/// The call's result when it is not negative. Otherwise one line on standard error and exit status 1.
/// _exit, not exit: a child that fails must not flush what its parent has buffered (_exit(2)).
inline int must(int result, const char* what) {
  if (result >= 0) return result;
  dprintf(STDERR_FILENO, "%s: %s\n", what, std::strerror(errno));
  _exit(1);
}
