#include "grade/run/pace.hpp"

#include <algorithm>
#include <ctime>
#include <limits>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.hpp"

namespace grade {
namespace {

constexpr double usual = 0.0006;  // seconds of CPU for fork, exec of /bin/true, and its end
constexpr int tries = 5;          // the cheapest counts: whatever runs beside it only makes one dearer

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; }

double own_cpu() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

double cost_of_a_process() {
  const double before = own_cpu();
  const pid_t child = base::must(fork(), "fork");
  if (child == 0) {
    execl("/bin/true", "true", nullptr);
    _exit(0);
  }
  rusage used{};
  base::must(wait4(child, nullptr, 0, &used), "wait4");
  return own_cpu() - before + seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

double pace_of_this_machine() {
  double cheapest = std::numeric_limits<double>::infinity();
  for (int i = 0; i < tries; ++i) cheapest = std::min(cheapest, cost_of_a_process());
  return std::max(1.0, cheapest / usual);
}

}  // namespace grade
