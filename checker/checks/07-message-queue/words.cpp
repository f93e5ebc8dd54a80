#include "words.hpp"

#include <cerrno>
#include <fmt/format.h>

namespace dispatch {
namespace {

std::string shown(const std::string& text) { return fmt::format("{} ({} byte{})", quote(text, 60), text.size(), text.size() == 1 ? "" : "s"); }

// It waits for a message, and not on a queue of this kind: in msgrcv(2), or for a FIFO that has a name. What is read otherwise may be
// its way to hear signals.
bool waits_by_another_way(const Program& work) {
  if (work.has_ended()) return false;
  if (work.blocks_in("msgrcv").passed() || work.blocks_in("open").passed()) return true;
  for (int fd = 3; fd < 10; ++fd)
    if (work.has_fifo_at(fd).passed() && work.waits_at(fd).passed()) return true;
  return false;
}

Words words_of_work(const PosixQueue& jobs, const Words& command) {
  Words words{"work", jobs.name()};
  if (!command.empty()) words.emplace_back("--");
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

}  // namespace

std::string some_text(const std::string& begins) { return begins + "-" + std::to_string(1000 + lab.dice()() % 9000); }

Sizes some_sizes() {
  const long messages[] = {2, 3, 4, 5, 6, 7, 9};
  return {messages[lab.dice()() % 7], std::uniform_int_distribution<long>(20, 120)(lab.dice())};
}

Program start_on(const PosixQueue& jobs, const std::string& verb, const Words& options) {
  Words words{verb};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(jobs.name());
  return lab.start_words(words);
}

Program send_all(const PosixQueue& jobs, const std::string& input, const Words& options) {
  auto sender = start_on(jobs, "send", options);
  sender.type(input);
  sender.close_input();
  return sender;
}

Program work_on(const PosixQueue& jobs, const Words& command) { return lab.start_words(words_of_work(jobs, command)); }

Program work_given(const PosixQueue& jobs, room::Order order, const Words& command) {
  return lab.start(join(words_of_work(jobs, command), " "), std::move(order));
}

void let_it_wait(const PosixQueue& jobs, const Program& who) {
  static_cast<void>(play::wait_until(lab.testbed(), [&] {
    return jobs.waiter_of(who.pid()) != 0 || who.has_ended() || play::waits_for_a_permit_or_a_clock(who);
  }));
}

void set_up(const PosixQueue& jobs, const Sizes& sizes) {
  lab.note(fmt::format("make {} for {} messages of {} bytes", jobs.name(), sizes.messages, sizes.bytes));
  jobs.make(sizes);
}

void put_all(const PosixQueue& jobs, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    lab.note("put " + shown(text) + " into " + jobs.name());
    if (!jobs.put({text, 0})) throw play::Obstructed(jobs.what() + " has room", "it is full");
  }
}

Verdict held_texts(const PosixQueue& jobs, const std::vector<std::string>& texts) {
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto next = jobs.take();
    if (next && next->bytes == texts[i]) continue;
    const bool more_of_it = next && !texts[i].empty() && next->bytes.starts_with(texts[i]);
    return Verdict::no(fmt::format("message {} in {} is {}", i + 1, jobs.what(), shown(texts[i])),
                       next ? "it is " + shown(next->bytes) : "there is none")
        .is_explained_by("queue/length", more_of_it);
  }
  const auto more = jobs.take();
  if (!more) return Verdict::yes();
  return Verdict::no(fmt::format("{} held {} messages", jobs.what(), texts.size()), "there is one more: " + shown(more->bytes));
}

Verdict next_begins_with(const PosixQueue& jobs, const std::string& text) {
  const auto next = jobs.take();
  if (next && next->bytes.starts_with(text)) return Verdict::yes();
  return Verdict::no(fmt::format("the next message in {} begins with {}", jobs.what(), quote(text)), next ? "it is " + shown(next->bytes) : "there is none");
}

Verdict is_done(Program& program) {
  if (Verdict ends = program.exits_with(0); !ends.passed()) return ends;
  return program.prints_only("");
}

bool ended_by_itself(const Program& program, const Verdict& verdict) { return !verdict.passed() && program.has_ended() && !verdict.ended_by_a_signal(); }

Verdict prints_message(const PosixQueue& jobs, Program& work, const std::string& text) {
  Verdict printed = work.prints_next(text + "\n");
  if (printed.passed()) return printed;
  const bool taken = !work.has_ended() && jobs.count() == 0 && work.unread().empty();
  const bool elsewhere = !taken && waits_by_another_way(work), small = work.has_ended() && work.has_complained_of(EMSGSIZE);
  return std::move(printed).is_explained_by("queue/another-way", elsewhere).is_explained_by("queue/buffer-too-small", small).hints("It has taken the message, and it is not on standard output. Is it still in a buffer of the program's (fflush(3), std::flush)?", taken);
}

Verdict sleeps_at_all(const Program& program) {
  Verdict asleep = program.sleeps();
  const bool goes_on = !program.has_ended();
  return std::move(asleep).is_caused_by("queue/asks-again", goes_on);
}

Verdict waits_for_work(const PosixQueue& jobs, const Program& work) {
  if (Verdict asleep = sleeps_at_all(work); !asleep.passed()) return asleep;
  return jobs.is_waited_on_by(work);
}

bool finds_it_taken(const PosixQueue& jobs, const Program& work, play::BeforeCall& taking) {
  taking.hold([](pid_t, long) { return true; });
  put_all(jobs, {"for another one"});
  taking.hold_until([&] { return taking.times_held() > 0 || work.has_printed("for another one"); });
  const bool taken = jobs.take().has_value();
  taking.open();
  return taken;
}

Verdict stops(const PosixQueue& jobs, Program& work) {
  let_it_wait(jobs, work);
  if (work.has_ended()) return work.stays_alive();
  const bool by_signalfd = work.has_signalfd_for({SIGTERM}).passed();
  work.send(SIGTERM);
  Verdict ends = work.exits_with(0);
  if (ends.passed()) return ends;
  const bool by_it = ends.ended_by(SIGTERM);
  const bool asleep_again = !work.has_ended() && !work.has_any_pending() && work.has_handlers_for({SIGTERM}) && jobs.waiter_of(work.pid()) != 0;
  return std::move(ends).is_explained_by("queue/not-told-to-stop", by_it && !by_signalfd).hints("It has a signalfd for SIGTERM, and SIGTERM is not blocked: then it does what it does by default, and nothing comes to the descriptor (signalfd(2)).", by_it && by_signalfd).is_explained_by("queue/sleeps-again", asleep_again);
}

void interrupt(const Program& who) {
  for (int i = 0; i < 2; ++i) {
    who.settle();
    who.freeze();
    who.thaw();
  }
  who.settle();
  if (who.has_ended()) return;
  const play::Report report = play::attach_strace(
      lab.testbed(), who,
      {"-e", "inject=mq_timedreceive,mq_timedsend,?poll,ppoll,?select,pselect6,?epoll_wait,epoll_pwait,restart_syscall:error=EINTR:when=1..2"});
  // Two, where it sleeps in one of these; who waits in another way is left alone.
  static_cast<void>(play::wait_until(lab.testbed(), [&] { return who.has_ended() || play::injected_in(report.text_so_far()) >= 2; }));
}

}  // namespace dispatch
