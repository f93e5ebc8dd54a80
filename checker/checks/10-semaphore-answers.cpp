#include "10-semaphore-answers.hpp"

#include <fmt/format.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <cstring>
#include <ctime>
#include <stdexcept>

#include "base/text.hpp"
#include "see/calls.hpp"

namespace permits {
namespace {

bool is_posix(const Semaphore& permits) { return permits.name().starts_with("/"); }

Words kind_of(const Semaphore& permits) { return {is_posix(permits) ? "--posix" : "--sysv"}; }

}  // namespace

Words words_for(const Semaphore& permits, const Words& options, const Words& command) {
  Words words = kind_of(permits);
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {permits.name(), "--"});
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

Program limit(const Semaphore& permits, int n, const Words& command, const Words& more) {
  Words options{"-n", std::to_string(n)};
  options.insert(options.end(), more.begin(), more.end());
  return lab.start_words(words_for(permits, options, command));
}

Program ask(const Semaphore& permits, const std::string& verb) {
  Words words = kind_of(permits);
  words.insert(words.end(), {verb, permits.name()});
  return lab.start_words(words);
}

void let_it_get_on(const Program& program, play::Gate& gate) {
  static_cast<void>(play::wait_until(lab.stage(), [&] {
    const auto stat = see::stat_of(program.pid());
    const see::Call call = see::call_of(program.pid(), program.pid());
    if (gate.is_reached_in(lab.stage().family()) || !stat || stat->state == 'Z') return true;
    if (stat->state != 'S' || call.known != see::Call::Known::yes) return false;
    const see::CallFacts* facts = see::facts_of(call.number);
    return facts && (facts->on == see::On::semaphores || facts->on == see::On::futex || see::has_timeout(call));
  }));
}

Verdict ends_as(Program& program, int status) {
  Verdict exits = program.exits_with(status);
  if (exits.holds() || status <= 128) return exits;
  if (program.dies_of(status - 128).holds()) return Verdict::yes();
  return program.exits_with(status - 128).holds() ? std::move(exits).means("process/status-word") : exits;
}

Verdict has_all(const Semaphore& permits, int n) {
  Verdict verdict = permits.counts(n);
  const int now = permits.count().value_or(n);
  if (now > n) return std::move(verdict).means("semaphore/given-too-often");
  if (now == n - 1) return std::move(verdict).means("semaphore/not-given-back");
  if (now == 0 && !is_posix(permits)) return std::move(verdict).means("semaphore/gone-with-its-maker");
  return verdict;
}

Verdict higher(Verdict verdict, const Semaphore& permits, int wanted, const char* diagnosis) {
  return permits.count().value_or(wanted) > wanted ? std::move(verdict).means(diagnosis) : verdict;
}

Verdict more(Verdict verdict, const play::Crowd& crowd, int wanted, const char* diagnosis) {
  return crowd.last_seen() > wanted ? std::move(verdict).means(diagnosis) : verdict;
}

Verdict set_again(Verdict verdict, const Semaphore& permits) {
  if (verdict.holds()) return verdict;
  for (int i = 0; i < 4; ++i) {  // at the latest the one that sees 0 sets it
    const std::string name = fmt::format("one-more-{}", i);
    auto gate = lab.gate(name);
    limit(permits, 1000, {"gate", name, "true"});
    const bool inside = gate.is_reached().holds();
    if (const int count = permits.count().value_or(0); count > 900)
      return std::move(verdict).means(is_posix(permits) ? "semaphore/later-n-counts" : "semaphore/set-again")
          .where(fmt::format("(Only after that came one more limit, with -n 1000: then it counted {}.)", count));
    if (!inside) break;
  }
  return verdict;
}

int flag(const Semaphore& permits) {
  if (is_posix(permits)) return -1;
  const auto counters = see::sysv_semaphore(semget(static_cast<key_t>(std::stoul(permits.name(), nullptr, 0)), 0, 0), 1);
  return counters ? counters->value : -1;
}

Verdict elsewhere(Verdict verdict, const Program& program) {
  const auto stat = see::stat_of(program.pid());
  return stat && stat->state == 'S' ? std::move(verdict).means("semaphore/waits-elsewhere") : verdict;
}

Verdict is_undone(Verdict verdict, const Semaphore& permits) {
  return !is_posix(permits) && permits.count() == 0 ? std::move(verdict).means("semaphore/no-undo") : verdict;
}

Verdict ends_without_success(Program& program) {
  if (!program.exits_with(0).holds()) return Verdict::yes();
  return Verdict::no({"it dies of the signal, or ends with a status that says so", "it ended with 0, and has run nothing", {}, {}, {}, {}});
}

Verdict gave_up(Verdict verdict, Program& program) {
  const bool taken_so = !verdict.holds() && (program.exits_with(125).holds() || program.exits_with(124).holds());
  return taken_so ? std::move(verdict).is_explained_by("semaphore/interrupted") : verdict;
}

void was_interrupted(const std::string& report, int times) {
  int injected = 0;
  const auto look = [&] {
    injected = 0;
    for (const std::string& line : base::split(base::read_file(report), '\n')) injected += line.find("INJECTED") != std::string::npos;
    return injected >= times;
  };
  if (!play::wait_until(lab.stage(), look)) throw std::runtime_error(fmt::format("strace has interrupted the sleep {} times, not {}", injected, times));
}

double now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

Verdict at_least(double seconds, double took) {
  if (took >= seconds) return Verdict::yes();
  return Verdict::no({fmt::format("it waits for {} s before it gives up", seconds), fmt::format("it took {:.3f} s", took), {}, {}, {}, {}});
}

Verdict at_most(double seconds, double left) {
  if (left <= seconds) return Verdict::yes();
  return Verdict::no({fmt::format("having been stopped for a while it sleeps for the rest of its time, {:.3f} s at most", seconds), fmt::format("it sleeps for {:.3f} s", left), {}, {}, {}, {}});
}

std::optional<double> time_left(const play::Observed& sleeper) {
  const see::Call call = see::call_of(sleeper.pid(), sleeper.pid());
  timespec left{};
  if (call.number != SYS_semtimedop || call.args[3] == 0) return {};
  const std::string bytes = see::memory_of(sleeper.pid(), call.args[3], sizeof left);
  if (bytes.size() != sizeof left) return {};
  std::memcpy(&left, bytes.data(), sizeof left);
  return static_cast<double>(left.tv_sec) + static_cast<double>(left.tv_nsec) / 1e9;
}

Verdict is_private(const Semaphore& permits) {
  const bool for_others = (permits.mode().value_or(0) & 077) != 0;
  return for_others ? permits.has_mode(0600).means("semaphore/mode") : permits.has_mode(0600);
}

Verdict is_itself_or_its_child(const play::Gate& command, const Program& program) {
  return command.pid() == program.pid() ? Verdict::yes() : command.is_child_of(program);
}

}  // namespace permits
