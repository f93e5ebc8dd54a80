// Lab 00, check not-found: puts a folder where the check writes a file. That is its failure.
#include <cstdio>
#include <sys/stat.h>
int main(int, char** argv) {
  mkdir("data", 0700);
  std::fprintf(stderr, "%s: not found\n", argv[1]);
  return 127;
}
