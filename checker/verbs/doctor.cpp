// ipclab doctor: what this machine can do, and what mends it.
#include <cstdio>

#include "grade/machine/doctor.hpp"
#include "verbs/verb.hpp"

namespace verbs {
namespace {

int examine() {
  int worst = all_passed;
  for (const grade::Finding& f : grade::examine_machine()) {
    std::printf("%s  %s\n", f.fine ? "ok  " : "weak", f.what.c_str());
    if (!f.fine) std::printf("      %s\n", f.mend.c_str()), worst = something_failed;
  }
  return worst;
}

}  // namespace

void add_doctor(CLI::App& app, Work& work) {
  app.add_subcommand("doctor", "what this machine can do, and what mends it")->callback([&work] { work = examine; });
}

}  // namespace verbs
