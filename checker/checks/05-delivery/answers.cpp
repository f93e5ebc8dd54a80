#include "answers.hpp"

#include <algorithm>


namespace delivery {
namespace {

using play::Evidence;

std::string without_value(const std::string& text) { return text.substr(0, text.find(" value ")); }
bool has_value(const std::string& text) { return text.find(" value ") != std::string::npos; }

// The same lines, but a value where none was sent, or none where one was.
bool values_misjudged(const std::vector<std::string>& wanted, const std::vector<std::string>& came) {
  bool misjudged = false;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (i >= came.size() || without_value(wanted[i]) != without_value(came[i])) return false;
    misjudged |= has_value(wanted[i]) != has_value(came[i]);
  }
  return misjudged;
}

// Nothing but lines that were wanted, and of each number exactly one although more were sent.
bool one_of_each(const std::vector<std::string>& wanted, const std::vector<std::string>& came) {
  std::vector<std::string> want_numbers, numbers;
  for (const auto* lines : {&wanted, &came})
    for (const std::string& text : *lines)
      if (!text.empty() && !text.starts_with("done "))
        (lines == &wanted ? want_numbers : numbers).push_back(split(text, ' ')[0]);
  const size_t in_all = want_numbers.size();
  want_numbers.erase(std::unique(want_numbers.begin(), want_numbers.end()), want_numbers.end());
  return want_numbers.size() < in_all && numbers == want_numbers;
}

// Highest number first, and in the order sent within a number that came more than once: so it looks where each handler
// was interrupted by the next before its first instruction. A list that was turned round would turn the numbers too.
bool handlers_were_stacked(std::vector<std::string> wanted, const std::vector<std::string>& came) {
  const auto number = [](const std::string& ours) {
    return ours.starts_with("done ") || ours.empty() ? 0 : std::stoi(ours);
  };
  std::stable_sort(wanted.begin(), wanted.end(), [&](const auto& a, const auto& b) { return number(a) > number(b); });
  const bool one_twice = std::adjacent_find(wanted.begin(), wanted.end(), [&](const auto& a, const auto& b) {
    return number(a) > 0 && number(a) == number(b);
  }) != wanted.end();
  return one_twice && wanted == came;
}

// The same lines as far as they are looked at. What `done` counts is asked for where all is: else it is one case's.
std::string seen_with(const std::string& text, Look look) {
  if (look == Look::all) return text;
  std::string seen;
  for (const std::string& one : split(text, '\n')) {
    if (one.empty() || one.starts_with("done ")) continue;
    if (look == Look::senders) seen += without_value(one);
    else seen += one.substr(0, one.find(' ')) + (look == Look::values && has_value(one) ? one.substr(one.find(" value ")) : "");
    seen += "\n";
  }
  return seen;
}

std::string shown_by(const std::string& wanted_text, const std::string& came_text, bool some_left, bool by_handlers, const std::string& own) {
  const auto wanted = split(wanted_text, '\n'), came = split(came_text, '\n');
  for (const std::string& text : came)
    for (const std::string& nobody : {std::string("0"), own})  // nobody was asked, or the program itself
      if ((text + " ").find(" from " + nobody + " ") != std::string::npos) return "signal/sender-not-asked-for";
  if (values_misjudged(wanted, came)) return "signal/si-code";
  if (some_left) return "signal/not-all-let-in";
  if (one_of_each(wanted, came)) return "signal/one-kept-of-many";
  return by_handlers && handlers_were_stacked(wanted, came) ? "signal/handlers-interrupted" : "";
}

// A hang in `go` that the kernel explains.
Evidence explained(Evidence e, const Observed& order) {
  if (e.kind == Evidence::Kind::stuck && order.waits_for_a_signal()) e.diagnoses = {"signal/waits-for-one-more"};
  return e;
}

const char* const no_siginfo = "its handlers are installed without SA_SIGINFO (seen with strace): they are given a number, and what else they read is nothing";

bool crashed(const Verdict& verdict) {
  constexpr int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
  return verdict.failed_by(Evidence::Kind::ended) && std::any_of(std::begin(faults), std::end(faults), [&](int s) { return verdict.ended_by(s); });
}

// Asked when something is wrong already: a program of the same kind is watched while it installs its handlers, and the
// last one for a listed signal has no SA_SIGINFO.
bool handlers_lack_siginfo() {
  if (!play::strace_is_here(lab.testbed())) return false;
  auto order = lab.start_below_strace("USR1", {"-e", "trace=rt_sigaction", "-e", "signal=none"});
  if (!is_ready(order).passed()) return false;
  bool lacks = false;
  for (const std::string& call : split(order.report().text(), '\n')) {
    if (call.find("rt_sigaction(SIGUSR1, {sa_handler=0x") == std::string::npos) continue;
    lacks = call.substr(0, call.find("}, ")).find("SA_SIGINFO") == std::string::npos;
  }
  return lacks;
}

}  // namespace

std::string name(int signal) { return play::signal_name(signal).substr(3); }
std::string line(int signal, const Peer& sender) {
  return std::to_string(signal) + " " + name(signal) + " from " + sender.pid().text() + "\n";
}
std::string line(int signal, const Peer& sender, int value) {
  std::string text = line(signal, sender);
  return text.insert(text.size() - 1, " value " + std::to_string(value));
}
std::string done(int number) { return "done " + std::to_string(number) + "\n"; }

Verdict is_ready(Program& order) {
  Verdict said = order.prints_next("ready " + order.inside().text() + "\n");
  if (said.passed()) order.settle();
  return said;
}

std::string words(const Signals& signals) {
  std::vector<std::string> all;
  for (const int s : signals) all.push_back(name(s));
  return join(all, " ");
}

Verdict counts(Program& order, int number) {
  const size_t before = order.printed().size();
  order.type("go\n");
  return counted_since(order, before, number);
}

Verdict counted_since(Program& order, size_t before, int number) {
  Verdict answer = order.prints("done ");
  const bool answered = answer.passed();
  if (answered) answer = order.prints("\n");
  // As many lines as signals, or so many are counted: a number that is wrong where the lines are right is one case's affair.
  const std::string came = order.printed().substr(before);
  const bool as_many = std::count(came.begin(), came.end(), '\n') == number + 1;
  if (answer.passed() && (as_many || came.ends_with(done(number)))) return answer;
  Evidence e = answer.passed() ? Evidence{} : explained(answer.evidence(), order);
  e.expected = number == 0 ? "go lets in nothing, for nothing was sent, and says so: done 0"
                           : "go lets in what was sent, and counts it: " + done(number).substr(0, 6);
  if (answered) {
    e.actual = "it counted otherwise, or said more";
    e.lines.clear();
    show(e.lines, "it printed:", came);
  }
  const bool unasked = crashed(answer) && handlers_lack_siginfo();
  return Verdict::no(std::move(e)).is_explained_by("signal/sender-not-asked-for", unasked).where(unasked ? no_siginfo : "");
}

Verdict says_how_many(Program& order, int number) {
  const size_t before = order.printed().size();
  order.type("go\n");
  if (Verdict answer = order.prints("done "); !answer.passed()) return answer;
  if (Verdict answer = order.prints("\n"); !answer.passed()) return answer;
  const std::string came = order.printed().substr(before), said = came.substr(came.rfind("done "));
  const auto reported = static_cast<int>(std::count(came.begin(), came.end(), '\n')) - 1;
  if (reported == 0 && number > 0) return Verdict::no("go reports what was sent", "it reports nothing");
  if (said == done(reported)) return Verdict::yes();
  return Verdict::no("done says how many go has reported: " + std::to_string(reported), "it said " + quote(said));
}

Verdict asks_no_clock(Program& order) {
  order.type("go\n");
  Verdict asleep = order.sleeps();
  const bool ended = asleep.failed_by(Evidence::Kind::ended);
  if (asleep.passed() || ended) {
    static_cast<void>(order.prints("done ").passed());  // it is past it; what it counts is told elsewhere
    static_cast<void>(order.prints("\n").passed());
    return Verdict::yes();
  }
  return std::move(asleep).where("here go was typed, and nothing was pending")
      .hints("go never waits: what is pending is there already, and it is over when nothing is left. Which call answers at once, with no time to wait?");
}

void show(std::vector<std::string>& lines, const std::string& title, const std::string& text) {
  const auto all = split(text.substr(0, text.empty() ? 0 : text.size() - (text.back() == '\n' ? 1 : 0)), '\n');
  lines.push_back(title);
  for (const std::string& each : first_of(all, 10)) lines.push_back("  " + escape(each));
}

Verdict lets_in(Program& order, const std::string& way, const std::string& lines, Look look) {
  const size_t before = order.printed().size();
  const bool waited_before = order.has_any_pending();
  const std::string expected = lines + done(static_cast<int>(std::count(lines.begin(), lines.end(), '\n')));
  order.type("go\n");
  Verdict answer = look == Look::all ? order.prints_next(expected) : order.prints("done ");
  if (look != Look::all && answer.passed()) answer = order.prints("\n");
  const std::string came = order.printed().substr(before);
  const std::string wanted_part = seen_with(expected, look), came_part = seen_with(came, look);
  if (answer.passed() && wanted_part == came_part) return answer;
  Evidence e = answer.passed() ? Evidence{} : explained(answer.evidence(), order);
  if (answer.passed()) e.actual = "it reports something else";
  e.expected = lines.empty() ? "go reports nothing, for nothing was sent" : "go reports what was sent";
  if (e.kind == Evidence::Kind::differs) {
    const bool left = order.has_any_pending();
    const std::string id = shown_by(wanted_part, came_part, left, way.empty(), order.inside().text());
    e.diagnoses.clear();
    if (!id.empty()) e.diagnoses = {id};
    e.lines.clear();
  }
  show(e.lines, "it should print:", expected);
  if (e.kind == Evidence::Kind::differs) show(e.lines, "it printed:", came);
  if (e.kind == Evidence::Kind::differs && waited_before && came.starts_with("done ") && !order.has_any_pending())
    e.hint = way.empty() ? "It was let in, and nothing was said of it: who runs then, and does that one report?"
                         : "It was taken, for it is pending no more, and nothing was said of it. What does the call return when it has taken a signal, and what when there was none?";
  const bool unnamed = e.kind == Evidence::Kind::differs && e.diagnoses.empty();
  const bool misread = !e.diagnoses.empty() && (e.diagnoses[0] == "signal/si-code" || e.diagnoses[0] == "signal/sender-not-asked-for");
  if (way.empty() && look != Look::numbers && (unnamed || misread || crashed(answer)) && handlers_lack_siginfo()) {
    e.diagnoses = {"signal/sender-not-asked-for"};
    return Verdict::no(std::move(e)).where(no_siginfo);
  }
  return Verdict::no(std::move(e));
}

Verdict handlers_stay(const Program& order, bool had_them, const Signals& listed) {
  // A program that installs them for each go is right; and how one ended that has ended is told elsewhere.
  if (!had_them || order.has_ended() || order.has_handlers_for(listed)) return Verdict::yes();
  return Verdict::no("its handlers are there for the next go too", "SigCgt in /proc/PID/status lacks a signal that it had before: the next one of these does what it does by default")
      .means("signal/handler-gone");
}

Verdict holds_only(const Observed& who, const Signals& signals, const std::string& if_missing,
                   const std::string& if_too_many) {
  Verdict exactly = who.blocks_only(signals);
  const bool too_many = !exactly.evidence().too_many.empty(), missing = !exactly.evidence().missing.empty();
  if (too_many == missing) return exactly;
  if (signals.size() > 1 && exactly.evidence().missing.size() == signals.size() - 1 && who.blocks(signals.back()).passed())
    return std::move(exactly).hints("Only the last of them is blocked: with SIG_SETMASK each call replaces the whole mask. Put all into one set, or add each with SIG_BLOCK.");
  return std::move(exactly).means(missing ? if_missing : if_too_many);
}

Verdict ends_with_some_pending(Program& order) {
  Verdict ended = order.exits_with(0);
  const bool by_signal = ended.ended_by_a_signal();
  return std::move(ended).is_explained_by("signal/let-in-at-the-end", by_signal);
}

}  // namespace delivery
