#include "grade/runner.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "check.hpp"
#include "grade/cases.hpp"
#include "grade/compile.hpp"
#include "grade/course.hpp"
#include "grade/scratch.hpp"
#include "grade/worker.hpp"
#include "play/wait.hpp"
#include "room/belongings.hpp"
#include "see/family.hpp"

namespace grade {
namespace {

namespace fs = std::filesystem;

// The last resort for a check whose own budgets have failed: seconds of the wall clock.
unsigned longest_check() { return static_cast<unsigned>(12 * play::budget().wall); }
constexpr unsigned longest_compilation = 300;

/// One lab of the tree: its programs, built or not.
struct Workshop {
  std::vector<Source> sources;
  std::vector<room::Installed> programs;  ///< bytes of the built executables, and our own two helpers
  std::string folder;                     ///< where a person finds the executables
  std::string trouble;                    ///< why it cannot be graded: the student's affair
  std::string sanitizer_trouble;          ///< why cases with ThreadSanitizer cannot be: the machine's affair
  size_t unbuilt = 0;
};

struct Job {
  Worker worker;
  std::unique_ptr<Scratch> scratch;
  size_t record = 0;               ///< index; used by a check
  const Source* source = nullptr;  ///< used by a compilation
  Workshop* workshop = nullptr;
};

// The ordinary files in the working folder of check and program, a megabyte of each at most.
std::vector<std::pair<std::string, std::string>> files_here() {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : fs::directory_iterator("."))
    if (entry.symlink_status().type() == fs::file_type::regular && files.size() < 100)
      files.emplace_back(entry.path().filename(),
                         base::read_all(base::open_file(entry.path(), O_RDONLY | O_NOFOLLOW).get(), 1 << 20));
  return files;
}

void keep_files(Record& r) {
  const std::string folder = kept_folder() + "/" + r.lab + "/" + r.id;
  fs::remove_all(folder);
  fs::create_directories(folder);
  for (const auto& [name, bytes] : r.files) base::write_file(folder + "/" + fs::path(name).filename().string(), bytes);
  std::string timeline;
  for (const Event& e : r.log) timeline += fmt::format("{:9.1f} ms  {}\n", e.ms, e.what);
  base::write_file(folder + "/timeline.txt", timeline);
  r.files.clear();
}

class Grader {
 public:
  Grader(const Plan& plan, const Progress& progress) : plan_(plan), progress_(progress), rung_(room::choose_rung()) {
    run_.tree = plan.tree;
    run_.rung = room::name_of(rung_.rung);
    run_.rung_why = rung_.why;
    // Rooms that share the machine's IPC objects and ports must not meet.
    most_jobs_ = rung_.rung == room::Rung::namespaces ? 2 * std::max(1U, std::thread::hardware_concurrency()) : 1;
    if (rung_.rung == room::Rung::subreaper) base::must(prctl(PR_SET_CHILD_SUBREAPER, 1), "PR_SET_CHILD_SUBREAPER");
  }

  Run grade() {
    for (const Case& c : all_cases()) {
      const bool wanted = std::find(plan_.labs.begin(), plan_.labs.end(), c.lab) != plan_.labs.end();
      if (!wanted || (!plan_.check.empty() && c.id != plan_.check && c.lab + "/" + c.id != plan_.check)) continue;
      cases_.push_back(c);
      run_.records.push_back(blank(c));
    }
    progress_(run_);  // every case is written down as not run before the first one is
    for (const std::string& lab : plan_.labs) prepare(lab);
    watch_signals();
    while (!interrupted_ && (start_jobs() || !jobs_.empty())) await_one();
    while (!jobs_.empty()) end_job(jobs_.begin());  // interrupted: their workers end here, and their rooms with them
    return std::move(run_);
  }

 private:
  void prepare(const std::string& lab) {
    Workshop& w = workshops_[lab];
    const std::string executables = executables_of(plan_.tree) + "/" + lab;
    w.folder = fs::relative(executables).string();
    if (!w.folder.starts_with(".")) w.folder = "./" + w.folder;
    try {
      w.programs = own_programs();
      for (const std::string& name : programs_of(lab))
        w.sources.push_back(read_source(plan_.tree + "/" + lab, name, executables + "/" + name));
    } catch (const std::runtime_error& e) {
      w.trouble = e.what();
    }
    if (std::any_of(cases_.begin(), cases_.end(), [&](const Case& c) { return c.lab == lab && c.sanitized; }))
      for (size_t i = 0, plain = w.sources.size(); i < plain; ++i) w.sources.push_back(sanitized(w.sources[i]));
    w.unbuilt = w.sources.size();
    if (!w.trouble.empty()) return give_up(lab);
    for (const Source& source : w.sources) {
      if (is_fresh(source)) built(w, source);
      else stale_.emplace_back(&w, &source);
    }
  }

  void built(Workshop& w, const Source& source) {
    w.programs.push_back({installed_name(source), base::read_file(source.target)});
    --w.unbuilt;
  }

  // Without a program every case fails for the one reason; the other labs are graded all the same.
  void give_up(const std::string& lab) {
    for (Record& r : run_.records)
      if (r.lab == lab && r.result == Result::not_run) {
        r.result = Result::failed;
        r.expected = not_built_expected;
        r.actual = workshops_[lab].trouble;
        r.hint = r.actual.find("error:") != std::string::npos
                     ? "the compiler's first message names the file and the line; later ones often follow from it"
                     : "";
        progress_(run_);
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
    Worker worker([&] { return compile(source, rung_.rung, path); }, longest_compilation);
    jobs_.push_back({std::move(worker), std::move(folder), 0, &source, &workshop});
  }

  const Record* record_of(const std::string& lab, const std::string& id) const {
    for (const Record& r : run_.records)
      if (r.lab == lab && r.id == id) return &r;
    return nullptr;
  }

  // Skips it on the way where something it needs has not passed. A need that was not selected is not asked for.
  bool ready(size_t i) {
    Record& r = run_.records[i];
    if (r.result != Result::not_run || workshops_[r.lab].unbuilt > 0) return false;
    if (std::any_of(jobs_.begin(), jobs_.end(), [&](const Job& j) { return !j.source && j.record == i; })) return false;
    if (const std::string& trouble = workshops_[r.lab].sanitizer_trouble; cases_[i].sanitized && !trouble.empty()) {
      r.result = Result::could_not_check;
      r.actual = trouble;
      progress_(run_);
      return false;
    }
    for (const std::string& need : r.needs) {
      const Record* needed = record_of(r.lab, need);
      if (!needed || needed->result == Result::passed) continue;
      if (needed->result == Result::not_run) return false;
      r.result = Result::skipped;
      r.actual = "needs: " + needed->title;
      progress_(run_);
      return false;
    }
    return true;
  }

  void start_check(size_t i) {
    auto folder = scratch();
    const std::string path = folder ? folder->path() : "";
    Worker worker([&] { return check(i, path); }, longest_check());
    jobs_.push_back({std::move(worker), std::move(folder), i, nullptr, nullptr});
  }

  // In the worker: the room is entered, the case lives in it, and the room dies before the answer is given.
  std::string check(size_t i, const std::string& path) {
    const Workshop& w = workshops_[run_.records[i].lab];
    room::Room room(rung_.rung, path, w.programs);
    play::Stage stage(room, w.folder);
    std::vector<std::string> names;
    for (const Source& source : w.sources)
      if (!source.sanitized) names.push_back(source.name);
    lab.open(stage, names);
    Record r = run(cases_[i]);
    if (plan_.keep) r.files = files_here();
    stage.clear();
    return pack(r);
  }

  void await_one() {
    std::vector<pollfd> polls{{signals_.get(), POLLIN, 0}};
    for (const Job& job : jobs_) {
      polls.push_back({job.worker.answer_fd(), POLLIN, 0});
      polls.push_back({job.worker.end_fd(), POLLIN, 0});
    }
    poll(polls.data(), polls.size(), -1);
    interrupted_ = (polls[0].revents & POLLIN) != 0;
    for (auto job = jobs_.begin(); job != jobs_.end() && !interrupted_;) {
      if (!job->worker.advance()) {
        ++job;
        continue;
      }
      job->source ? finish_compilation(*job) : finish_check(*job);
      job = end_job(job);
    }
  }

  std::vector<Job>::iterator end_job(std::vector<Job>::iterator job) {
    const pid_t worker = job->worker.pid();
    job = jobs_.erase(job);
    if (rung_.rung == room::Rung::subreaper) sweep(worker);
    return job;
  }

  void finish_compilation(const Job& job) {
    if (!job.worker.trouble().empty() && job.source->sanitized) {
      job.workshop->sanitizer_trouble = "the build with ThreadSanitizer failed: " + job.worker.trouble();
      --job.workshop->unbuilt;
      return;
    }
    if (!job.worker.trouble().empty()) {
      job.workshop->trouble = fmt::format("{}.cpp: {}", job.source->name, job.worker.trouble());
      for (auto& [lab, workshop] : workshops_)
        if (&workshop == job.workshop) give_up(lab);
      return;
    }
    keep(*job.source, job.worker.answer());
    built(*job.workshop, *job.source);
  }

  void finish_check(const Job& job) {
    Record& r = run_.records[job.record];
    std::string trouble = job.worker.trouble();
    try {
      if (trouble.empty()) r = unpack(job.worker.answer());
    } catch (const std::runtime_error& e) {
      trouble = e.what();
    }
    if (!trouble.empty()) {
      r.result = Result::could_not_check;
      r.actual = trouble;
    }
    if (plan_.keep) keep_files(r);
    progress_(run_);
  }

  // What a check that was killed has left behind: processes are adopted by this one, objects bear the check's mark.
  // Nobody else is left to end or remove them.
  static void sweep(pid_t worker) {
    for (const see::Process& p : see::family_of(getpid())) ::kill(p.pid(), SIGKILL);
    for (const pid_t child : see::children_of(getpid())) waitpid(child, nullptr, 0);
    room::remove_left_by(worker);
  }

  void watch_signals() {
    sigset_t watched;
    sigemptyset(&watched);
    for (const int s : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&watched, s);
    base::must(sigprocmask(SIG_BLOCK, &watched, nullptr), "sigprocmask");
    signals_ = base::Fd(base::must(signalfd(-1, &watched, SFD_CLOEXEC), "signalfd"));
  }

  const Plan& plan_;
  const Progress& progress_;
  room::Choice rung_;
  size_t most_jobs_ = 1;
  Run run_;
  std::vector<Case> cases_;
  std::map<std::string, Workshop> workshops_;
  std::vector<std::pair<Workshop*, const Source*>> stale_;
  std::vector<Job> jobs_;
  base::Fd signals_;
  bool interrupted_ = false;
};

}  // namespace

std::string executables_of(const std::string& tree) {
  const std::string build = build_folder();
  const fs::path path = fs::weakly_canonical(tree);
  for (const char* own : {"labs", "solutions"})
    if (path == fs::weakly_canonical(course_folder() + "/" + own)) return build + "/" + own;
  return build + "/trees/" + path.filename().string() + "-" + base::hash(path.string()).substr(0, 8);
}

std::string kept_folder() { return build_folder() + "/kept"; }

Run grade(const Plan& plan, const Progress& progress) { return Grader(plan, progress).grade(); }

}  // namespace grade
