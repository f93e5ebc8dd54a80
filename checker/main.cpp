// The command line: lists the verbs, and runs the one that was asked for. Exit status: 0 all that was asked for passed,
// 1 something failed, 2 the command was wrong or its work could not be done.
#include <csignal>
#include <cstdio>
#include <sys/stat.h>

#include "verbs/verb.hpp"

namespace {

// Whatever who started it has left: children are waited for, files can be opened by whoever made them, a file that may not grow is an
// error that is said.
void start_clean() {
  std::signal(SIGCHLD, SIG_DFL);
  std::signal(SIGXFSZ, SIG_IGN);
  umask(umask(0) & 0077);
}

// A report that could not be written was not given.
int said_all(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  return verbs::wrong("the report could not be written to standard output");
}

}  // namespace

int main(int argc, char** argv) {
  start_clean();
  CLI::App app{"ipc-labs: grades the labs on Linux inter-process communication"};
  app.require_subcommand(1);
  verbs::Work work;
  for (const auto add : {verbs::add_grade, verbs::add_shell, verbs::add_explain, verbs::add_hint, verbs::add_export, verbs::add_doctor,
                         verbs::add_bench, verbs::add_prove, verbs::add_handout, verbs::add_class, verbs::add_regrade})
    add(app, work);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return verbs::not_understood(app, e);
  }
  try {
    return said_all(work());
  } catch (const std::exception& e) {
    return verbs::wrong(e.what());
  }
}
