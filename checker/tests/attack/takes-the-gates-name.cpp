// Lab 01: a right program that takes the name that a gate may need next. It cannot touch the gates.
#include "solution.hpp"  // solutions/01-pipeline/pipeline.cpp with main renamed
#include <sys/stat.h>
int main(int argc, char** argv) {
  mkdir("slow.next", 0700);
  return pipeline_main(argc, argv);
}
