// ipclab bench: what a room, a verdict and a grading cost on this machine.
#include <cstdio>

#include "grade/machine/bench.hpp"
#include "verbs/verb.hpp"

namespace verbs {
namespace {

int measure() {
  for (const grade::Figure& f : grade::bench())
    std::printf("%8.2f ms  %s (median of %d)\n", f.median_ms, f.what.c_str(), f.runs);
  return all_passed;
}

}  // namespace

void add_bench(CLI::App& app, Work& work) {
  app.add_subcommand("bench", "what a room, a verdict and a grading cost")->callback([&work] { work = measure; });
}

}  // namespace verbs
