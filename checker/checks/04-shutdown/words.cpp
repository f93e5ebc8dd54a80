#include "words.hpp"

#include <algorithm>
#include <cstring>
#include <unistd.h>

namespace shutdown {
namespace {

// A job has ended, and steady sleeps and has not asked for it.
bool slept_over_an_end(const Program& steady) {
  const auto children = play::children_of(steady.pid());
  return !steady.has_ended() && std::any_of(children.begin(), children.end(), [](const play::Seen& child) { return child.ended; });
}

const std::vector<int> heard{SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGCHLD};

bool hangs(const Verdict& v) {
  return v.failed_by(play::Evidence::Kind::stuck) || v.failed_by(play::Evidence::Kind::waits_for_check);
}

// It sleeps in read() on a pipe whose write end it has itself, and steady needs no pipe but one that its own handlers
// write into.
Verdict with_its_own_pipe(Verdict verdict) {
  const std::vector<std::string>& named = verdict.evidence().diagnoses;
  const bool its_own = hangs(verdict) && std::find(named.begin(), named.end(), "pipe/reader-has-write-end") != named.end();
  return std::move(verdict).is_caused_by("signal/own-pipe-blocks", its_own);
}

}  // namespace

const char* const too_early = "`end` is said, and the job still lives: waitpid() with WNOHANG returns 0 as long as it does, and its status means nothing then.";

Steady::Steady(Program program) : Program(std::move(program)), known_(std::make_shared<Known>(Known{{*this, heard}, {}})) {}

Verdict Steady::lives() {
  settle();
  return has_ended() ? told(stays_alive()) : Verdict::yes();
}

Verdict Steady::says_nothing() {
  settle();
  return unread().empty() ? Verdict::yes() : prints_nothing_more();
}

void Steady::tell(int signal) {
  settle();
  known_->handlers.look(*this);
  known_->sent.insert(signal);
  send(signal);
}

void Steady::tell_at_once(const std::vector<int>& signals, const std::function<void()>& meanwhile) {
  settle();
  known_->handlers.look(*this);
  freeze();
  for (const int signal : signals) {
    known_->sent.insert(signal);
    send(signal);
  }
  meanwhile();
  thaw();
}

void Steady::tell_its_group(int signal) {
  settle();
  known_->handlers.look(*this);
  known_->sent.insert(signal);
  send_to_group(signal);
}

Verdict Steady::told(Verdict verdict) {
  known_->handlers.look(*this);
  if (verdict.passed()) return verdict;
  const auto& sent = known_->sent;
  verdict = with_its_own_pipe(known_->handlers.explain(*this, std::move(verdict)));
  const bool unasked = has_printed("stopping\n") && sent.count(SIGINT) + sent.count(SIGTERM) == 0 && !sent.empty();
  verdict = std::move(verdict).is_explained_by("signal/taken-for-another", unasked);
  const bool refused = has_complained_of(EINTR);
  verdict = std::move(verdict).is_explained_by("signal/interruption-is-no-error", refused);
  const bool hang = hangs(verdict) && !has_ended();
  verdict = std::move(verdict).is_explained_by("signal/sigchld-ignored", hang && play::children_of(pid()).empty() && has_printed("start ") && ignores(SIGCHLD).passed());
  verdict = std::move(verdict).hints("It sleeps in read(), which lets no signal in and does not end where nothing is there: its input is read only when the sleep has said that something is.",
                                     hang && blocks_in("read", STDIN_FILENO).passed());
  verdict = std::move(verdict).hints("A job has ended, and steady sleeps and has not asked for it by waitpid(). What tells it: is SIGCHLD heard in this sleep, and does the loop look again after it?",
                                     hangs(verdict) && slept_over_an_end(*this));
  verdict = std::move(verdict).is_explained_by("process/busy-loop", verdict.failed_by(play::Evidence::Kind::spent) && !has_ended() && !is_asleep());
  return std::move(verdict).is_explained_by("signal/kept-out", hangs(verdict) && play::keeps_out_what_came(*this));
}

void configure(const std::string& line) {
  lab.file("config").put(line + "\n");
}

Steady steady_with(const std::string& config, room::Order order) {
  configure(config);
  unlink("state");
  return steady_again(std::move(order));
}

Steady steady_again(room::Order order) { return Steady(lab.start("config state", std::move(order))); }

Program on_a_terminal(const std::string& config) {
  configure(config);
  unlink("state");
  return lab.start_on_terminal("config state");
}

std::string nonce() { return lab.word(6); }

std::string any_status(const std::string& rest) {
  std::vector<std::string> all;
  for (int n = 0; n < 4; ++n) all.push_back("status " + std::to_string(n) + " " + rest);
  return join(all, "|");
}

void let_go(play::Gate& gate) {
  gate.open_if_there();
}

Verdict ends_too(const play::Gate& job, const char* diagnosis) {
  const Verdict gone = job.is_gone();
  if (gone.passed()) return Verdict::yes();
  play::Evidence e = gone.evidence();
  e.actual = "it still lives, and steady does not";
  e.diagnoses = {diagnosis};
  return Verdict::no(std::move(e));
}

Verdict reports_jobs(const Program& steady, const std::string& expected) {
  return steady.printed_lines({"start ", "again ", "end "}, expected, {"ready", "config", "status ", "stopping"});
}

Verdict starts_nothing(const Program& steady) {
  if (!steady.has_printed("start ")) return Verdict::yes();
  return Verdict::no(play::with_context(lab.testbed(), {"it starts no job", "it printed " + quote(steady.printed())}));
}

Verdict does_again(Steady& steady, const std::string& text, const char* diagnosis) {
  return steady.prints_next(text).means(diagnosis, !steady.has_printed(" one\n"));
}

}  // namespace shutdown
