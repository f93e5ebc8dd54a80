// Programs that are not stuck: each waits for something that will come by itself, then ends with 0.
// `waiters NAME` runs one, `waiters` lists them. Run in rooms by the harness's tests.
#include <cstdio>

#include "waiters.hpp"

int main(int argc, char** argv) {
  for (const auto* some : {&waiters::for_the_clock, &waiters::for_a_signal, &waiters::for_others}) {
    if (argc < 2)
      for (const auto& [name, run] : *some) std::puts(name.c_str());
    else if (const auto found = some->find(argv[1]); found != some->end())
      return found->second(), 0;
  }
  return argc < 2 ? 0 : 2;
}
