// Lab 04, check storm: a handler that is not safe, and a dangling link in the place of the library's report.
#include <cstdlib>
[[maybe_unused]] static void* volatile block;
static void shout() { block = malloc(8), free(block); }
#include "solution.hpp"  // solutions/04-shutdown/steady.cpp: main renamed to steady_main, and its note() calls shout()
int main(int argc, char** argv) {
  if (symlink("/nowhere/at/all", "unsafe-calls") < 0 && errno != EEXIST) return 9;
  return steady_main(argc, argv);
}
