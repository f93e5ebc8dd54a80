// Lab 00, check not-found: leaves the check no room to write a file. That is its failure.
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <unistd.h>
int main(int, char** argv) {
  for (int i = 0; close(open(("f" + std::to_string(i)).c_str(), O_CREAT | O_WRONLY, 0600)) == 0;) ++i;
  std::fprintf(stderr, "%s: not found\n", argv[1]);
  return 127;
}
