#include "answers.hpp"

#include <fmt/format.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <cstring>
#include <ctime>
#include <stdexcept>


namespace permits {
namespace {

bool is_posix(const Semaphore& permits) { return permits.name().starts_with("/"); }

Words kind_of(const Semaphore& permits) { return {is_posix(permits) ? "--posix" : "--sysv"}; }

}  // namespace

std::unique_ptr<Semaphore> fresh(Kind kind) {
  if (kind == Kind::posix) return std::make_unique<play::NamedSemaphore>(lab.testbed());
  return std::make_unique<play::SemaphoreSet>(lab.testbed());
}

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
  static_cast<void>(play::wait_until(lab.testbed(), [&] {
    return gate.is_reached_in(lab.testbed().family()) || program.has_ended() || play::waits_for_a_permit_or_a_clock(program);
  }));
}

Verdict ends_as(Program& program, int status) {
  Verdict exits = program.exits_with(status);
  if (exits.passed() || status <= 128) return exits;
  if (program.dies_of(status - 128).passed()) return Verdict::yes();
  return std::move(exits).means("process/status-word", program.exits_with(status - 128).passed());
}

namespace {

const char* const from_another = "Its command runs, and semaphore 0 of the set counts what it did before. The set has more than one semaphore: whose number stands in sem_num? The permits are in semaphore 0.";

bool has_others(const Semaphore& permits) {
  const auto* const set = dynamic_cast<const play::SemaphoreSet*>(&permits);
  return set && set->count_of(1).has_value();
}

}  // namespace

Verdict are_made(const Semaphore& permits, int n, const Program& first) {
  const auto now = permits.count();
  if (now == n || now == n - 1) return Verdict::yes();
  const auto* const named = dynamic_cast<const play::NamedSemaphore*>(&permits);
  const std::string nameless = named && !now && !first.has_ended() ? named->nameless_in(first.pid()) : "";
  Verdict verdict = permits.counts(first.has_ended() ? n : n - 1);
  const auto beside = now ? std::vector<std::string>{} : permits.made_beside();
  const bool closed = !is_posix(permits) && permits.mode() && (*permits.mode() & 0600) != 0600;
  if (!nameless.empty())
    verdict = std::move(verdict).where(fmt::format("limit (pid {}) has a semaphore mapped that no name leads to any more: {}", first.inside(), nameless));
  return std::move(verdict)
      .means("semaphore/removed-too-early", !nameless.empty())
      .is_explained_by("semaphore/mode", closed)
      .hints(beside.empty() ? "" : "There is a set all the same: " + beside[0] + ", which nobody was told. The key is the number that is given, for semget(2) as it is; whoever makes another one of it shares his permits with the wrong programs, or with none.", !beside.empty())
      .hints("One fewer than it should be, beside the one that is taken. N is how many may be inside at one time, all of them.", now == n - 2)
      .hints("The set is there, and nobody has put anything in: a set is born with 0, and its maker gives it its value.", now == 0 && !is_posix(permits));
}

Verdict is_taken(const Semaphore& permits, int left) {
  Verdict verdict = permits.counts(left);
  if (verdict.passed() || permits.count() != left + 1) return verdict;
  // None was taken, or it came back at once. What does the next one do that finds none, and what after it got one?
  permits.take_all();
  auto gate = lab.gate("none-is-free");
  auto next = limit(permits, 1, {"gate", "none-is-free", "true"});
  let_it_get_on(next, gate);
  if (gate.is_reached_in(lab.testbed().family()))
    return std::move(verdict).means("semaphore/without-a-permit").where("(Only after that the check took all that were free, and one more limit came: its command ran all the same.)");
  permits.give_one();
  const bool back = gate.is_reached().passed() && permits.count() == 1;
  if (!back) return std::move(verdict).hints(from_another, has_others(permits));
  return std::move(verdict)
      .means("semaphore/given-too-early")
      .where("(Only after that the check took all that were free, one more limit came and waited, and was given one: then its command ran, and 1 was free.)");
}

void hold_on_to(Semaphore& permits) {
  if (auto* const named = dynamic_cast<play::NamedSemaphore*>(&permits)) named->keep_open();
}

Verdict waits(const Semaphore& permits, Program& program, play::Gate& gate) {
  const std::string expected = "limit waits, for none of " + permits.what() + " is free";
  if (gate.is_reached_in(lab.testbed().family())) {
    const auto* const named = dynamic_cast<const play::NamedSemaphore*>(&permits);
    if (named && named->has_its_name().failed_by(play::Evidence::Kind::differs)) return named->has_its_name().means("semaphore/made-anew");
    const bool none = permits.count() == 0;
    const play::Waited quiet = play::wait_until(lab.testbed(), [] { return false; });
    Verdict runs = Verdict::no(play::finding(lab.testbed(), expected, "its command runs", quiet));
    return set_again(std::move(runs), permits).means("semaphore/without-a-permit", none);
  }
  if (program.has_ended()) {
    const bool gave_up = program.exits_with(124).passed();
    return program.stays_alive()
        .hints("It gave up: 124 is for --try and --timeout alone. Which of its calls does not wait?", gave_up)
        .hints("It was not the first, and ended. Whoever finds the permits uses them, and waits where none is free: what does it say on standard error?");
  }
  if (Verdict asleep = program.sleeps(); !asleep.passed()) {
    play::Evidence again = asleep.evidence();
    again.expected = expected + ", and sleeps";
    again.diagnoses = {"semaphore/asks-again"};
    return Verdict::no(std::move(again));
  }
  return permits.is_waited_on_by(program).means("semaphore/waits-elsewhere", program.is_asleep());
}

Verdict tells(const Semaphore& permits) {
  const auto* const set = dynamic_cast<const play::SemaphoreSet*>(&permits);
  const std::string free = fmt::format("free {}", permits.count().value_or(-1));
  auto stat = ask(permits, "stat");
  Verdict printed = stat.prints_only(set ? fmt::format("{} waiting {}\n", free, set->waiting()) : free + "\n");
  const bool says_0 = is_posix(permits) && permits.count().value_or(0) != 0 && stat.has_printed("free 0\n");
  if (printed.passed()) return stat.exits_with(0);
  return std::move(printed).where("The kernel counts so many.").hints("sem_getvalue(3) returns 0 when it has worked; the number comes through its second argument.", says_0);
}

Verdict has_all(const Semaphore& permits, int n) {
  Verdict verdict = permits.counts(n);
  if (!permits.count()) return std::move(verdict).means("semaphore/removed-too-early");
  const int now = permits.count().value_or(n);
  if (now > n) return std::move(verdict).means("semaphore/given-too-often");
  if (now == n - 1) return std::move(verdict).means("semaphore/not-given-back");
  if (now == 0 && !is_posix(permits)) return std::move(verdict).means("semaphore/gone-with-its-maker");
  return verdict;
}

Verdict higher(Verdict verdict, const Semaphore& permits, int wanted, const char* diagnosis) {
  return std::move(verdict).means(diagnosis, permits.count().value_or(wanted) > wanted);
}

Verdict more(Verdict verdict, const play::Crowd& crowd, int wanted, const char* diagnosis) {
  return std::move(verdict).means(diagnosis, crowd.last_seen() > wanted);
}

Verdict set_again(Verdict verdict, const Semaphore& permits) {
  if (verdict.passed()) return verdict;
  for (int i = 0; i < 4; ++i) {  // at the latest the one that sees 0 sets it
    const std::string name = fmt::format("one-more-{}", i);
    auto gate = lab.gate(name);
    limit(permits, 1000, {"gate", name, "true"});
    const bool inside = gate.is_reached().passed();
    if (const int count = permits.count().value_or(0); count > 900)
      return std::move(verdict).means(is_posix(permits) ? "semaphore/later-n-counts" : "semaphore/set-again")
          .where(fmt::format("(Only after that came one more limit, with -n 1000: then it counted {}.)", count));
    if (!inside) break;
  }
  return verdict;
}

int flag(const Semaphore& permits) {
  const auto* const set = dynamic_cast<const play::SemaphoreSet*>(&permits);
  return set ? set->count_of(1).value_or(-1) : -1;
}

Verdict unless_on_another(Verdict verdict, const Semaphore& permits, const Program& program) {
  const auto* const set = dynamic_cast<const play::SemaphoreSet*>(&permits);
  const bool on_another = !verdict.passed() && set && !program.has_ended() && permits.waiter_of(program.pid()) != 0 && set->waiting() == 0;
  return std::move(verdict).hints("It sleeps on another semaphore of the set than semaphore 0, and permits are free. Who has taken that one, and who gives it back?", on_another);
}

Verdict is_undone(Verdict verdict, const Semaphore& permits) {
  return std::move(verdict).means("semaphore/no-undo", !is_posix(permits) && permits.count() == 0);
}

Verdict ends_without_success(Program& program) {
  if (!program.exits_with(0).passed()) return Verdict::yes();
  return Verdict::no("it dies of the signal, or ends with a status that says so", "it ended with 0, and has run nothing");
}

Verdict gave_up(Verdict verdict, Program& program) {
  const bool taken_so = !verdict.passed() && (program.exits_with(125).passed() || program.exits_with(124).passed());
  return std::move(verdict).is_explained_by("semaphore/interrupted", taken_so);
}

void was_interrupted(const play::Report& report, int times) {
  long injected = 0;
  if (!play::wait_until(lab.testbed(), [&] { return (injected = play::injected_in(report.text())) >= times; })) throw std::runtime_error(fmt::format("strace has interrupted the sleep {} times, not {}", injected, times));
}

Verdict at_least(double seconds, double took) {
  if (took >= seconds) return Verdict::yes();
  return Verdict::no(fmt::format("it waits for {} s before it gives up", seconds), fmt::format("it took {:.3f} s", took));
}

Verdict at_most(double seconds, double left) {
  if (left <= seconds) return Verdict::yes();
  return Verdict::no(fmt::format("having been stopped for a while it sleeps for the rest of its time, {:.3f} s at most", seconds), fmt::format("it sleeps for {:.3f} s", left));
}

Verdict is_private(const Semaphore& permits) {
  const bool for_others = (permits.mode().value_or(0) & 077) != 0;
  return permits.has_mode(0600).means("semaphore/mode", for_others);
}

Verdict is_itself_or_its_child(const play::Gate& command, const Program& program) {
  return command.pid() == program.pid() ? Verdict::yes() : command.is_child_of(program);
}

}  // namespace permits
