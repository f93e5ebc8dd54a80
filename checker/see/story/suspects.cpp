#include "see/story/suspects.hpp"

#include <algorithm>
#include <csignal>
#include <optional>

namespace see {
namespace {

class Inspector {
 public:
  Inspector(const Family& family, const Scene& scene, const OpenEnds& ends)
      : family_(family), scene_(scene), ends_(ends) {}

  void inspect(const Blocked& b) {
    if (b.kind == On::opening && b.process->stat.name == "gate") found_.waits_for_check = true;
    // A cause is one only if it explains the whole wait: everything that the thread waits for bears it.
    std::vector<std::string> causes;
    for (const BlockedOn& on : b.on) {
      const auto others = ends_.of(on.object, on.end == End::reading ? End::writing : End::reading);
      const bool ours =
          std::any_of(others.begin(), others.end(), [&](const OpenEnd& h) { return h.pid == scene_.check; });
      if (ours) found_.waits_for_check = true;
      std::vector<std::string> its;
      if (!ours && on.is_pipe && !has_partner(b, on, others))
        its = on.end == End::reading ? accused_writers(b, others) : accused_readers(b, others);
      if (&on == &b.on.front()) causes = its;
      std::erase_if(causes, [&](const std::string& id) { return std::find(its.begin(), its.end(), id) == its.end(); });
    }
    if (!b.on_others)
      for (const std::string& id : causes) add(id);
  }

  Suspicion result() && { return std::move(found_); }

 private:
  // A partner is another process that has the end where a stage has it: its standard output or input. It is not to
  // blame for having it; why it does not use it is told by what it is blocked in itself.
  bool has_partner(const Blocked& b, const BlockedOn& on, const std::vector<OpenEnd>& others) const {
    return std::any_of(others.begin(), others.end(), [&](const OpenEnd& h) {
      return h.pid != b.process->pid() && (on.end == End::reading ? h.fd == 1 || h.fd == 2 : h.fd == 0) &&
             !waits(h.pid);
    });
  }

  // The lab's program, as long as it only waits for children, reads and writes nothing.
  bool waits(pid_t pid) const {
    const Process* p = find(family_, pid);
    return p && started_by_check(pid) && !p->threads.empty() &&
           std::all_of(p->threads.begin(), p->threads.end(), [](const Thread& t) {
             const CallFacts* facts = t.call.known == Call::Known::yes ? facts_of(t.call.number) : nullptr;
             return facts && facts->on == On::child;
           });
  }

  bool started_by_check(pid_t pid) const {
    return std::find(scene_.programs.begin(), scene_.programs.end(), pid) != scene_.programs.end();
  }

  struct Parts {
    bool itself = false, program = false, sibling = false;
  };
  Parts parts(const Blocked& b, const std::vector<OpenEnd>& ends) const {
    Parts who;
    for (const OpenEnd& h : ends) {
      if (h.pid == b.process->pid()) who.itself = true;
      else if (started_by_check(h.pid)) who.program = true;
      else who.sibling = true;
    }
    return who;
  }

  std::vector<std::string> accused_writers(const Blocked& b, const std::vector<OpenEnd>& ends) const {
    const Parts who = parts(b, ends);
    std::vector<std::string> ids;
    if (who.program) ids.emplace_back("pipe/write-end-kept-open");
    if (who.itself) ids.emplace_back("pipe/reader-has-write-end");
    if (who.sibling) ids.emplace_back("pipe/end-leaked-to-a-stage");
    return ids;
  }

  std::vector<std::string> accused_readers(const Blocked& b, const std::vector<OpenEnd>& ends) const {
    const Parts who = parts(b, ends);
    std::vector<std::string> ids;
    if (const auto started = reader_was_started(b); who.program && started)
      ids.emplace_back(*started ? "pipe/read-end-kept-open" : "pipe/reader-not-started");
    if (who.itself) ids.emplace_back("pipe/writer-has-read-end");
    if (who.sibling) ids.emplace_back("pipe/end-leaked-to-a-stage");
    return ids;
  }

  // A sibling that was born after the writer was a reader, or the chance to be one had come. So was one that has ended
  // while every stage on the left still runs: it stood further right. A program that has lost no child, and has none
  // younger than the writer, has started no reader. Else nothing is known.
  std::optional<bool> reader_was_started(const Blocked& b) const {
    const Process* program = find(family_, b.process->stat.parent);
    if (!program) return std::nullopt;
    // Children of one that ignores SIGCHLD are in no count (wait(2)).
    bool lost_one = program->stat.children_faults > 0 || (program->status.ignored & signal_bit(SIGCHLD)) != 0;
    for (const Process* sibling : children_in(family_, program->pid())) {
      if (sibling->status.inner_pid > b.process->status.inner_pid) return true;
      lost_one |= sibling->ended();
    }
    if (!lost_one) return false;
    return all_run_left_of(b.process->pid(), program->pid()) ? std::optional(true) : std::nullopt;
  }

  // From a stage's standard input to the stage that writes there, until one has the program's own input.
  bool all_run_left_of(pid_t stage, pid_t program) const {
    const auto own = descriptor_of(program, 0);
    for (size_t steps = 0; own && steps < family_.size(); ++steps) {
      const auto input = descriptor_of(stage, 0);
      if (!input) return false;
      if (input->device == own->device && input->inode == own->inode) return true;
      const auto writers = ends_.of({input->device, input->inode}, End::writing);
      const auto left = std::find_if(writers.begin(), writers.end(), [&](const OpenEnd& h) {
        const Process* p = find(family_, h.pid);
        return h.fd == 1 && p && p->stat.parent == program;
      });
      if (left == writers.end()) return false;
      stage = left->pid;
    }
    return false;
  }

  void add(const std::string& id) {
    if (std::find(found_.diagnoses.begin(), found_.diagnoses.end(), id) == found_.diagnoses.end())
      found_.diagnoses.push_back(id);
  }

  const Family& family_;
  const Scene& scene_;
  const OpenEnds& ends_;
  Suspicion found_;
};

}  // namespace

Suspicion suspect(const Family& family, const Scene& scene, const OpenEnds& ends,
                  const std::vector<Blocked>& blocked) {
  Inspector inspector(family, scene, ends);
  for (const Blocked& b : blocked) inspector.inspect(b);
  return std::move(inspector).result();
}

}  // namespace see
