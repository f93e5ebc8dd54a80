#include "words.hpp"

#include <cerrno>
#include <cstdio>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "calls.hpp"
#include "records.hpp"

namespace fifo {
namespace {

std::string kind_of(mode_t mode) {
  return S_ISFIFO(mode) ? "a FIFO" : S_ISREG(mode) ? "a file" : S_ISDIR(mode) ? "a folder" : S_ISLNK(mode) ? "a link" : "something else";
}

play::Program shell(const std::string& line) {
  return Program(lab.testbed(), lab.testbed().start_path("/bin/sh", {"-c", line}, play::Testbed::Tie::streams));
}

}  // namespace

play::Budget have_less_time() {
  constexpr double less = 0.1;
  const play::Budget usual = lab.testbed().budget();
  if (usual.wall >= usual.nap) lab.testbed().set_budget(usual * less);  // a nap stays what it is: so this is done once
  return usual;
}

std::string some_name(const std::string& begins) { return begins + std::to_string(lab.dice()() % 10000); }

void Path::make() const {
  lab.note("mkfifo " + name_);
  if (mkfifoat(AT_FDCWD, name_.c_str(), 0600) < 0)
    throw play::Obstructed("the check can make the FIFO " + name_, "something of that name is there");
}

std::optional<struct stat> Path::look() const {
  struct stat info {};
  return fstatat(AT_FDCWD, name_.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 ? std::optional(info) : std::nullopt;
}

bool Path::is_fifo() const {
  const auto info = look();
  return info && S_ISFIFO(info->st_mode);
}

Verdict Path::has_mode(unsigned mode) const {
  const auto info = look();
  if (info && (info->st_mode & 07777U) == mode) return Verdict::yes();
  return Verdict::no(fmt::format("{} has the mode {:04o}", name_, mode),
                     info ? fmt::format("it has {:04o}", info->st_mode & 07777U) : "it is not there");
}

bool Path::is_open_to_its_owner() const {
  const auto info = look();
  return info && (info->st_mode & 0600U) == 0600U;
}

Path::State Path::state() const {
  const auto info = look();
  if (!info) return {"nothing", info};
  return {fmt::format("{}, inode {}, mode {:04o}, {} bytes, changed at {}.{:09}, looked into at "
                      "{}.{:09}", kind_of(info->st_mode), info->st_ino,
                      info->st_mode & 07777U, info->st_size, info->st_ctim.tv_sec, info->st_ctim.tv_nsec,
                      info->st_atim.tv_sec, info->st_atim.tv_nsec),
          info};
}

Verdict Path::is_untouched_since(const State& before) const {
  const State now = state();
  if (now == before) return Verdict::yes();
  const std::vector<std::string> lines{"before: " + before.text, "now:    " + now.text};
  const auto touched = [&](const std::string& how, const std::string& hint) {
    return Verdict::no(name_ + " is as it was", how, lines).hints(hint);
  };
  if (!now.info) return touched("it has been removed", "It was removed, and belongs to somebody else: a program removes what it has made "
                                                       "itself, or what it serves.");
  if (!before.info) return touched("it has been made", "It has made what was not there: O_CREAT makes a plain file, and a FIFO is made "
                                                       "by serve alone.");
  if (now.info->st_ino != before.info->st_ino || now.info->st_dev != before.info->st_dev)
    return touched("another one stands there now", "The one that was there has lost its name to a new one, and whoever has it open is "
                                                   "cut off.");
  if (now.info->st_size != before.info->st_size || now.info->st_mtim.tv_nsec != before.info->st_mtim.tv_nsec)
    return touched("its bytes are others", "Its bytes are others than before: O_TRUNC empties a file before anybody can ask what it is, "
                                           "and write(2) overwrites it.");
  if (now.info->st_ctim.tv_nsec != before.info->st_ctim.tv_nsec || now.info->st_mode != before.info->st_mode)
    return touched("it is the same one, and its mode or its owner was set", "It is the same one, and something of it was set: fchmod(2) "
                                                                      "and chmod(2) count too where they set what was there.");
  return touched("it has been read", "Its bytes were read, and it is no FIFO: what has been opened is asked before it is read.");
}

Program serve(const Path& path) { return lab.start("serve " + path.name()); }
Program say(const Path& path, const std::string& name) { return lab.start("say " + path.name() + " " + name); }

namespace {

// It has ended, or PATH is none: the mark that stands at PATH, or what it does below strace.
Verdict explained(Verdict verdict, const Program& serve, const Path& path, bool was_there) {
  if (!serve.has_ended()) return verdict;
  if (path.is_fifo() && !path.is_open_to_its_owner())
    return std::move(verdict).hints("Look at the mode of the FIFO: its owner may not open it. mkfifo(3) wants an octal number, 0600, and "
                                    "600 is another one.");
  const Calls calls = of_serve(was_there, Left::nobody);
  return std::move(verdict).is_explained_by("fifo/ends-with-its-writers", calls.end_of_file)
      .is_explained_by("fifo/stays-nonblocking", calls.try_again)
      .hints("open(2) for writing said ENXIO: nobody reads, you neither. The end for reading is opened first.", calls.no_reader)
      .is_explained_by("fifo/exists-already", calls.found_one && was_there && !calls.end_of_file && !calls.try_again && !calls.no_reader);
}

}  // namespace

Verdict is_ready(Program& serve, const Path& path, bool was_there) {
  const play::Waited waited = play::wait_until(lab.testbed(), [&] { return path.is_fifo() || serve.has_ended(); });
  if (!serve.has_ended()) serve.settle();  // one that refuses what is there has ended by then
  if (path.is_fifo() && !serve.has_ended()) {
    const bool spins = !serve.is_asleep() && !serve.has_ended();
    const play::Budget usual = have_less_time();
    if (!spins && serve.sleeps().passed()) lab.testbed().set_budget(usual);
    if (!serve.has_ended()) {
      if (!serve.unread().empty()) static_cast<void>(serve.prints_next(serve.unread()).passed());
      return Verdict::yes();
    }
  }
  const Path::State stands = path.state();
  Evidence e{.expected = path.name() + " is a FIFO, and serve waits for writers",
             .actual = serve.has_ended() ? "serve has ended" : path.name() + " is " + (stands.info ? stands.text : "not there"),
             .lines = lab.testbed().story_of(waited.family).lines};
  e.shows_in_a_shell = true;
  return explained(Verdict::no(std::move(e)), serve, path, was_there);
}

void written_by_a_shell(const Path& path, const std::string& bytes) {
  auto writer = shell("cat >" + path.name());
  if (!bytes.empty()) writer.type(bytes);
  writer.close_input();
  static_cast<void>(writer.exits().passed());  // where it cannot go on, what is asked of serve shows it
}

Program shell_that_writes(const Path& path) { return shell("exec cat >" + path.name()); }

std::vector<Path> no_fifos() {
  const Path file(some_name("file")), folder(some_name("folder"));
  lab.file(file.name()).put("text\n");
  lab.note("mkdir " + folder.name());
  must(mkdir(folder.name().c_str(), 0700), "mkdir");
  return {file, folder};
}

Verdict stops_in_read(Program& serve, Program& zoe) {
  zoe.type("zoe: first\n");
  if (Verdict first = prints_texts(serve, {"zoe: first"}); !first.passed()) return first;
  serve.settle();
  serve.freeze();
  return Verdict::yes();
}

Verdict goes_on_asleep(Program& serve, Left left) {
  Verdict lives = serve.sleeps();
  if (lives.passed()) return lives;
  const bool ended = serve.has_ended();
  const Calls calls = of_serve(false, left);
  return std::move(lives).is_caused_by("fifo/ends-with-its-writers", ended && calls.end_of_file)
      .is_caused_by("fifo/asks-at-end-of-file", !ended && calls.end_of_file)
      .is_caused_by("fifo/stays-nonblocking", calls.try_again)
      .hints("It wakes up by a clock, for nothing. A sleep without a time limit ends by itself when a writer comes; and so it does for a "
             "signal.", calls.by_a_clock);
}

Verdict refuses_no_fifo(Program& program, const Path& path, const Path::State& before) {
  Verdict verdict = program.refuses();
  const bool nothing = !before.info, quiet = program.complained().empty(), ended = program.has_ended();
  const bool other_status = ended && !verdict.ended_by_a_signal() && !verdict.ended_with(1);
  if (!verdict.passed())
    return std::move(verdict).is_explained_by("fifo/no-fifo", !nothing && quiet && (!ended || verdict.ended_with(0)))
        .hints("Nothing is there, and no time brings it: --wait waits for a reader, and not for PATH.", nothing && !ended)
        .hints("It says why on standard error: whoever started it has to know what stands there.", quiet && ended)
        .hints("It has refused, and the exit status of that is 1.", other_status);
  return path.is_untouched_since(before);
}

namespace {

std::vector<play::WatchedCall> opening() {
  return {{SYS_openat}
#ifdef SYS_open
          , {SYS_open}
#endif
  };
}

// A wrong command line opens nothing: what it opens is the loader's.
int opens_of_the_loader() {
  int opens = 0;
  play::BeforeCall counted(lab.testbed(), opening());
  counted.hold([&opens](pid_t, long) {
    ++opens;
    return false;
  });
  auto wrong = lab.start(std::initializer_list<std::string>{}, counted.order());
  static_cast<void>(wrong.exits().passed());
  return opens;
}

}  // namespace

Verdict refuses_what_it_has_opened(const std::string& verb, const std::string& words_after) {
  const Path path(some_name("log")), file(some_name("file"));
  path.make();
  lab.file(file.name()).put("text\n");
  const int of_the_loader = opens_of_the_loader();
  int opens = 0;
  play::BeforeCall late(lab.testbed(), opening());
  late.hold([&opens, of_the_loader](pid_t, long) { return ++opens > of_the_loader; });
  auto program = lab.start(verb + path.name() + words_after, late.order());
  static_cast<void>(late.hold_until([&] { return late.times_held() > 0; }));
  if (late.times_held() == 0) return Verdict::no("it opens " + path.name(), "it opens nothing");
  lab.note("mv " + file.name() + " " + path.name());
  must(rename(file.name().c_str(), path.name().c_str()), "rename");
  const Path::State before = path.state();
  late.open();
  static_cast<void>(have_less_time());  // who reads a file to its end, again and again, shows it soon
  program.type("here\n");
  program.close_input();
  return refuses_no_fifo(program, path, before)
      .is_explained_by("fifo/no-fifo")
      .where("PATH was a FIFO until the program stood before its first open(), and is a file since then");
}

Verdict ends_as_told(Program& serve, int signal) {
  Verdict ends = serve.exits_with(0);
  const bool by_it = ends.ended_by_a_signal(), ended = serve.has_ended();
  const bool pending = !ended && serve.has_any_pending(), handled = !ended && serve.has_handlers_for({signal});
  return std::move(ends).is_explained_by("fifo/not-told-to-stop", by_it)
      .hints("It has ended, and the exit status says that something went wrong. Who was told to stop and stops has done well: 0.", ended)
      .hints("The signal is blocked, and waits. Who lets it in, or reads it (ppoll(2), sigwait(3), signalfd(2))?", pending)
      .hints("Its handler has run, and the call that it slept in goes on sleeping: SA_RESTART begins it anew, and signal(3) asks for "
             "that.", handled);
}

Verdict is_a_wrong_command_line(Program& program, const Path& path) {
  Verdict ends = program.exits_with(2);
  const bool seen = program.has_ended() && !program.complained().empty() && ends.ended_with(1);
  if (!ends.passed()) return std::move(ends).hints("It says something, and ends with 1. That is for what the system refuses; a wrong "
                                                   "command line is 2.", seen);
  if (Verdict silent = program.prints_nothing_more(); !silent.passed())
    return std::move(silent).hints("Standard output is for records alone. A usage line is for whoever typed the command: standard error.");
  if (path.state().info)
    return Verdict::no("nothing is made at " + path.name(), "it is there").hints("It was made before the words were counted.");
  return Verdict::yes_if(!program.complained().empty(), "it writes a usage line on standard error", "it writes nothing")
      .hints("Who has typed it wrong wants to see how it is right: a usage line, on standard error.");
}

Verdict ends_well(Program& say) {
  Verdict verdict = say.exits_with(0);
  const bool nobody = verdict.ended_with(1) || verdict.ended_by(SIGPIPE);
  return std::move(verdict).is_explained_by("fifo/away-in-between", nobody);
}

Verdict notices_that_nobody_reads(Program& say) {
  Verdict by_itself = say.exits_with(1);
  if (by_itself.passed() || by_itself.ended_by(SIGPIPE)) return Verdict::yes();
  const bool goes_on = by_itself.ended_with(0) || by_itself.failed_by(Evidence::Kind::waits_for_check), ended = say.has_ended();
  return std::move(by_itself).is_explained_by("fifo/nobody-reads-any-more", goes_on)
      .hints("It has noticed, and the exit status of that is 1.", ended)
      .hints("It opens PATH again, and waits there. --wait is for the beginning: a server that has gone is told, and ends "
             "it.", !ended && say.blocks_in("open").passed());
}

}  // namespace fifo
