// Lab 00, check together: makes its output file a link to a file outside of the room. What that holds is not shown.
#include "target.hpp"
#include <string>
#include <unistd.h>
int main(int argc, char** argv) {
  if (argc < 3 || std::string(argv[1]) != "-e") return 0;
  unlink("out");
  return symlink(TARGET, "out") == 0 ? 4 : 1;
}
