// Lab 04, check storm: puts a FIFO in the place of the library's report. The check does not wait for its other end.
#include "solution.hpp"  // solutions/04-shutdown/steady.cpp with main renamed
#include <sys/stat.h>
int main(int argc, char** argv) {
  mkfifo("unsafe-calls", 0600);
  return steady_main(argc, argv);
}
