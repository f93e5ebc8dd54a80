#include "grade/run/runner.hpp"

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <list>
#include <map>
#include <memory>
#include <poll.h>
#include <sys/utsname.h>
#include <thread>
#include <unistd.h>

#include "base/text.hpp"
#include "check.hpp"
#include "course/catalogue.hpp"
#include "grade/run/cases.hpp"
#include "grade/build/compile.hpp"
#include "grade/worker/interruption.hpp"
#include "grade/run/keep.hpp"
#include "grade/run/kernel.hpp"
#include "grade/run/needs.hpp"
#include "grade/run/pace.hpp"
#include "grade/worker/scratch.hpp"
#include "grade/worker/worker.hpp"
#include "grade/build/workshop.hpp"
#include "results/build.hpp"
#include "results/json.hpp"
#include "results/score.hpp"
#include "room/belongings.hpp"

namespace grade {
namespace {

using results::Record, results::Result;

constexpr size_t most_calls = 12;  // of what a program did: the last ones

struct Job {
  Worker worker;
  std::unique_ptr<Scratch> scratch;
  size_t record = 0;               ///< index; used by a check
  const Source* source = nullptr;  ///< used by a compilation
  bool traced = false;             ///< a check that has failed, run once more
  Workshop* workshop = nullptr;
};

class Grader {
 public:
  Grader(const Plan& plan, const Progress& progress)
      : plan_(plan), progress_(progress), rung_(room::choose_rung()), pace_(pace_of_this_machine()), start_(std::chrono::steady_clock::now()) {
    describe_run();
    // Rooms that share the machine's IPC objects and ports must not meet.
    most_jobs_ = rung_.rung == room::Rung::namespaces ? 2 * std::max(1U, std::thread::hardware_concurrency()) : 1;
    if (plan_.rooms > 0) most_jobs_ = std::min<size_t>(most_jobs_, plan_.rooms);
  }

  results::Run grade() {
    for (const Case& c : all_cases()) {
      const bool wanted = std::find(plan_.labs.begin(), plan_.labs.end(), c.lab) != plan_.labs.end();
      if (!wanted || (!plan_.check.empty() && c.id != plan_.check && c.lab.key() + "/" + c.id != plan_.check)) continue;
      cases_.push_back(c);
      run_.records.push_back(blank(c));
    }
    progress_(run_, nullptr);  // every case is written down as not run before the first one is
    for (const course::Lab& lab : plan_.labs) open_workshop(lab);
    while (!interruption_.came() && (start_jobs() || !jobs_.empty())) await_one();
    if (plan_.show_calls && !interruption_.came()) trace_first_failure();
    jobs_.clear();  // interrupted: their workers end here, and their rooms with them
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start_;
    run_.ms = took.count();
    run_.interrupted = interruption_.came();
    for (const auto& [lab, workshop] : workshops_)
      for (const std::string& warning : workshop.warnings()) run_.warnings.push_back(lab + "/" + warning);
    return std::move(run_);
  }

 private:
  void describe_run() {
    utsname system{};
    uname(&system);
    run_.tree = plan_.copied ? "labs" : plan_.tree;
    run_.rung = room::name_of(rung_.rung);
    run_.rung_why = rung_.why;
    run_.kernel = system.release;
    run_.machine = system.machine;
    run_.compiler = results::compiler();
    run_.course = results::course_version();
    run_.checker = results::build_id();
    run_.started = results::now();
    run_.patience = plan_.patience * pace_;
    run_.seed = plan_.seed;
  }

  void open_workshop(const course::Lab& lab) {
    const bool sanitized =
        std::any_of(cases_.begin(), cases_.end(), [&](const Case& c) { return c.lab == lab && c.sanitized; });
    Workshop& w = workshops_.try_emplace(lab.key(), plan_.tree, lab, Building{sanitized, plan_.lean, plan_.copied}).first->second;
    if (!w.trouble().empty()) return give_up(lab.key());
    for (const Source* source : w.stale()) stale_.emplace_back(&w, source);
  }

  Workshop& workshop_of(const Record& r) { return workshops_.at(r.lab); }

  void came(const Record& r) { progress_(run_, &r); }

  // Without a program every case fails for the one reason; the other labs are graded all the same.
  void give_up(const std::string& lab) {
    for (Record& r : run_.records)
      if (r.lab == lab && r.result == Result::not_run) {
        r.ground = results::Ground::not_built;
        const std::string& trouble = workshops_.at(lab).trouble();  // a sentence, and what the compiler said
        r.actual = trouble.substr(0, trouble.find('\n'));
        if (r.actual.size() < trouble.size()) r.lines = base::split(trouble.substr(r.actual.size() + 1), '\n');
        r.result = workshops_.at(lab).whose() == Whose::students ? Result::failed : Result::could_not_check;
        if (r.result == Result::failed) r.expected = "the program can be built";
        r.hint = trouble.find("error:") != std::string::npos
                     ? "the compiler's first message names the file and the line; later ones often follow from it"
                     : "";
        came(r);
      }
  }

  bool start_jobs() {
    while (jobs_.size() < most_jobs_ && !stale_.empty()) {
      const auto [workshop, source] = stale_.back();
      stale_.pop_back();
      start_compilation(*workshop, *source);
    }
    for (size_t i = 0; i < run_.records.size() && jobs_.size() < most_jobs_; ++i)
      if (ready(i)) start_check(i);
    return !jobs_.empty();
  }

  std::unique_ptr<Scratch> scratch() const {
    return rung_.rung == room::Rung::subreaper ? std::make_unique<Scratch>() : nullptr;
  }

  void start_compilation(Workshop& workshop, const Source& source) {
    auto folder = scratch();
    const std::string path = folder ? folder->path() : "";
    Worker worker([&] { return compile(source, rung_.rung, path, plan_.patience * pace_); },
                  longest_compilation * plan_.patience * pace_, keeping(path));
    jobs_.push_back({std::move(worker), std::move(folder), 0, &source, false, &workshop});
  }

  // Skips it on the way where it is not to be run.
  bool ready(size_t i) {
    Record& r = run_.records[i];
    if (r.result != Result::not_run || !workshop_of(r).is_ready()) return false;
    if (std::any_of(jobs_.begin(), jobs_.end(), [&](const Job& j) { return !j.source && j.record == i; })) return false;
    if (const std::string& trouble = workshop_of(r).sanitizer_trouble(); cases_[i].sanitized && !trouble.empty()) {
      r.result = Result::could_not_check;
      r.actual = trouble;
      came(r);
      return false;
    }
    const Turn turn = turn_of(run_, r);
    if (turn != Turn::skip) return turn == Turn::run;
    r.result = Result::skipped;
    r.actual = "three checks have used up their whole time already: what builds on a failed one is not tried any more";
    came(r);
    return false;
  }

  play::Budget budget() const { return (plan_.budget * plan_.patience).on_a_slower_machine(pace_); }

  // What it did is worth a second look where somebody will read it: in the one failure that is told in full.
  void trace_first_failure() {
    std::vector<const Record*> all;
    for (const Record& r : run_.records) all.push_back(&r);
    const Record* first = results::first_failure(all);
    if (!first || first->result != Result::failed || !first->todos.empty() || first->ground == results::Ground::not_built) return;
    start_check(static_cast<size_t>(first - run_.records.data()), true);
    while (!interruption_.came() && !jobs_.empty()) await_one();
  }

  void start_check(size_t i, bool traced = false) {
    auto folder = scratch();
    const std::string path = folder ? folder->path() : "";
    // The last resort for a check whose own budgets have failed.
    Worker worker([&] { return check(i, path, traced); }, 12 * budget().wall * pace_, keeping(path));
    jobs_.push_back({std::move(worker), std::move(folder), i, nullptr, traced, nullptr});
  }

  // In the worker: the room is entered, the case lives in it, and the room dies before the answer is given.
  std::string check(size_t i, const std::string& path, bool traced) {
    const Record& wanted = run_.records[i];
    const Workshop& w = workshop_of(wanted);
    const std::uint32_t seed = seed_of(wanted.lab, wanted.id, plan_.seed);
    room::Room room(rung_.rung, path, w.programs());
    play::Testbed testbed(room, w.folder(), budget());
    lab.open(testbed, w.names(), seed);
    if (traced) lab.trace_calls();
    Record r = run(cases_[i]);
    r.seed = seed;
    if (traced) r.calls = lab.last_calls(most_calls);
    if (plan_.keep && !traced) take_files(r, testbed.files_at_the_start());
    testbed.clear();
    return pack(r);
  }

  void await_one() {
    std::vector<pollfd> polls{{interruption_.fd(), POLLIN, 0}};
    for (const Job& job : jobs_) job.worker.watch(polls);
    poll(polls.data(), polls.size(), -1);
    for (auto job = jobs_.begin(); job != jobs_.end() && !interruption_.came();) {
      if (!job->worker.advance()) {
        ++job;
        continue;
      }
      job->source ? finish_compilation(*job) : job->traced ? finish_trace(*job) : finish_check(*job);
      job = jobs_.erase(job);
    }
  }

  void finish_compilation(const Job& job) {
    if (job.worker.trouble().empty()) job.workshop->answered(*job.source, job.worker.answer());
    else job.workshop->failed(*job.source, job.worker.trouble());
    for (const auto& [lab, workshop] : workshops_)
      if (&workshop == job.workshop && !workshop.trouble().empty()) give_up(lab);
  }

  void finish_trace(const Job& job) {
    Record& r = run_.records[job.record];
    if (!job.worker.trouble().empty()) return;
    const Record again = results::unpack(job.worker.answer());
    if (again.calls.empty()) return;
    r.calls = again.calls;
    r.passed_traced = again.result == Result::passed;
    came(r);
  }

  void finish_check(const Job& job) {
    Record& r = run_.records[job.record];
    std::string trouble = job.worker.trouble();
    try {
      if (trouble.empty()) r = results::unpack(job.worker.answer());
    } catch (const std::runtime_error& e) {
      trouble = e.what();
    }
    if (!trouble.empty()) {
      r.result = Result::could_not_check;
      r.actual = trouble;
    }
    settle(run_, r);
    if (r.result == Result::failed || r.result == Result::follows) {
      r.todos = workshop_of(r).todos_left(cases_[job.record].todos);
      if (const auto mistake = r.diagnoses.empty() || r.result != Result::failed ? std::nullopt : course::diagnosis(r.diagnoses.front()))
        r.instead = mistake->instead;
    }
    if (plan_.keep) keep_files(r);
    came(r);
  }

  // Rooms that share the machine's processes and objects need a guard, who knows what bears the check's mark.
  Keeping keeping(const std::string& folder) const {
    if (rung_.rung == room::Rung::namespaces) return {};
    return {true, [folder](pid_t worker) {
              room::remove_left_by(worker);
              // The grader does the same, as long as there is one.
              const Fd there(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
              if (there) empty_folder(there.get());
              rmdir(folder.c_str());
            }};
  }

  const Plan& plan_;
  const Progress& progress_;
  room::Choice rung_;
  double pace_;
  std::chrono::steady_clock::time_point start_;
  size_t most_jobs_ = 1;
  results::Run run_;
  std::vector<Case> cases_;
  std::map<std::string, Workshop> workshops_;
  std::vector<std::pair<Workshop*, const Source*>> stale_;
  std::list<Job> jobs_;  // a list: ending one moves no other
  Interruption interruption_;
};

}  // namespace

results::Run grade(const Plan& plan, const Progress& progress) {
  refuse_an_old_kernel();
  return Grader(plan, progress).grade();
}
results::Run grade(const Plan& plan) {
  return grade(plan, [](const results::Run&, const Record*) {});
}

}  // namespace grade
