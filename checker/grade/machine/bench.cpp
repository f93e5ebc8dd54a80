#include "grade/machine/bench.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <sys/wait.h>

#include "course/lab.hpp"
#include "grade/run/runner.hpp"
#include "grade/worker/scratch.hpp"
#include "grade/worker/worker.hpp"
#include "play/testbed/wait.hpp"

namespace grade {
namespace {

using std::chrono::steady_clock;

double ms_of(const std::function<void()>& work) {
  const auto start = steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(steady_clock::now() - start).count();
}

Figure median(const std::string& what, int runs, const std::function<double()>& once) {
  std::vector<double> all;
  for (int i = 0; i < runs; ++i) all.push_back(once());
  std::sort(all.begin(), all.end());
  return {what, all[all.size() / 2], runs};
}

std::string answer_of(const std::function<std::string()>& work) {
  Worker worker(work, 60);
  worker.wait();
  return worker.answer();
}

void run_true(room::Rung rung) {
  const Scratch scratch;
  answer_of([&] {
    room::Room room(rung, scratch.path(), {});
    room::Order order;
    order.path = "/bin/true";
    order.argv = {"true"};
    waitpid(room::spawn(room, order).pid, nullptr, 0);
    return std::string();
  });
}

// From the moment the program sleeps for ever to the verdict that it does.
double quiet_verdict(room::Rung rung) {
  const Scratch scratch;
  return std::stod(answer_of([&] {
    room::Room room(rung, scratch.path(), {});
    play::Testbed testbed(room, ".");
    auto& cat = testbed.start_path("/bin/cat", {}, play::Testbed::Tie::streams);
    const double ms = ms_of([&] { play::wait_until(testbed, [&] { return cat.ending.has_value(); }); });
    testbed.clear();
    return std::to_string(ms);
  }));
}

}  // namespace

std::vector<Figure> bench() {
  const room::Rung rung = room::choose_rung().rung;
  std::vector<Figure> figures;
  figures.push_back(
      median("fork, a room, /bin/true, the end of all", 100, [&] { return ms_of([&] { run_true(rung); }); }));
  figures.push_back(
      median("start a program that waits for ever, until the verdict", 50, [&] { return quiet_verdict(rung); }));
  const std::string solutions = course::course_folder() + "/solutions";
  for (const course::Lab& lab : course::all_labs())
    if (std::filesystem::is_directory(solutions + "/" + lab.key()))
      figures.push_back(median("grade the solution of " + lab.key() + ", warm", 10, [&] {
        return ms_of([&] {
          if (grade({solutions, {lab}}).interrupted) throw std::runtime_error("interrupted");
        });
      }));
  return figures;
}

}  // namespace grade
