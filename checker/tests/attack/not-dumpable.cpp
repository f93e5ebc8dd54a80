// Lab 04, check nothing-lost: does not let itself be looked at. That is its failure.
#include "solution.hpp"  // solutions/04-shutdown/steady.cpp with main renamed
int main(int argc, char** argv) { return prctl(PR_SET_DUMPABLE, 0), steady_main(argc, argv); }
