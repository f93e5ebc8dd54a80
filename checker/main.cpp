// The command line: lists the verbs, and runs the one that was asked for. Exit status: 0 all that was asked for passed,
// 1 something failed, 2 the command was wrong or its work could not be done.
#include "verbs/verb.hpp"

int main(int argc, char** argv) {
  CLI::App app{"ipc-labs: grades the labs on Linux inter-process communication"};
  app.require_subcommand(1);
  verbs::Work work;
  for (const auto add : {verbs::add_grade, verbs::add_shell, verbs::add_explain, verbs::add_doctor, verbs::add_bench,
                         verbs::add_prove, verbs::add_handout, verbs::add_class, verbs::add_regrade, verbs::add_hint})
    add(app, work);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return verbs::not_understood(app, e);
  }
  try {
    return work();
  } catch (const std::exception& e) {
    return verbs::wrong(e.what());
  }
}
