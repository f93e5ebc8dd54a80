#include "words.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <sys/stat.h>

namespace fifo {
namespace {

std::string kind_of(mode_t mode) {
  return S_ISFIFO(mode) ? "a FIFO" : S_ISREG(mode) ? "a file" : S_ISDIR(mode) ? "a folder" : S_ISLNK(mode) ? "a link" : "something else";
}

Verdict printed_otherwise(std::string expected, std::string actual, std::vector<std::string> lines = {}) {
  Evidence e{.expected = std::move(expected), .actual = std::move(actual), .lines = std::move(lines)};
  e.shows_in_a_shell = true;
  return Verdict::no(std::move(e));
}

play::Program shell(const std::string& line) {
  return Program(lab.testbed(), lab.testbed().start_path("/bin/sh", {"-c", line}, play::Testbed::Tie::streams));
}

}  // namespace

std::string some_name(const std::string& begins) { return begins + std::to_string(lab.dice()() % 10000); }

void Path::make() const {
  lab.note("mkfifo " + name_);
  if (mkfifoat(AT_FDCWD, name_.c_str(), 0600) < 0) throw play::Obstructed("the check can make the FIFO " + name_, "something of that name is there");
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
  return Verdict::no(fmt::format("{} has the mode {:04o}", name_, mode), info ? fmt::format("it has {:04o}", info->st_mode & 07777U) : "it is not there");
}

std::string Path::state() const {
  const auto info = look();
  if (!info) return "nothing";
  return fmt::format("{}, inode {}, mode {:04o}, {} bytes, changed at {}.{:09}, looked into at {}.{:09}", kind_of(info->st_mode), info->st_ino,
                     info->st_mode & 07777U, info->st_size, info->st_ctim.tv_sec, info->st_ctim.tv_nsec, info->st_atim.tv_sec, info->st_atim.tv_nsec);
}

Verdict Path::is_untouched_since(const std::string& before) const {
  if (state() == before) return Verdict::yes();
  return Verdict::no(name_ + " is as it was", "it is another one, or was changed", {"before: " + before, "now:    " + state()});
}

Program serve(const Path& path) { return lab.start("serve " + path.name()); }
Program say(const Path& path, const std::string& name) { return lab.start("say " + path.name() + " " + name); }

Verdict is_ready(Program& serve, const Path& path) {
  const play::Waited waited = play::wait_until(lab.testbed(), [&] { return path.is_fifo() || serve.has_ended(); });
  if (!serve.has_ended()) serve.settle();  // one that refuses what is there has ended by then
  if (path.is_fifo() && !serve.has_ended()) return Verdict::yes();
  Evidence e{.expected = path.name() + " is a FIFO, and serve waits for writers", .actual = path.is_fifo() ? "serve has ended" : path.name() + " is " + (path.state() == "nothing" ? "not there" : path.state()),
             .lines = lab.testbed().story_of(waited.family).lines};
  e.shows_in_a_shell = true;
  return Verdict::no(std::move(e));
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
  if (Verdict first = serve.prints_next("1 zoe: first\n"); !first.passed()) return first;
  serve.settle();
  serve.freeze();
  return Verdict::yes();
}

Verdict goes_on_asleep(Program& serve) {
  Verdict lives = serve.stays_alive();
  const bool ended = serve.has_ended();
  if (!lives.passed()) return std::move(lives).is_explained_by(ended ? "fifo/ends-with-its-writers" : "fifo/asks-at-end-of-file");
  return serve.sleeps().means("fifo/asks-at-end-of-file");
}

Verdict ends_well(Program& say) {
  Verdict verdict = say.exits_with(0);
  const bool nobody = verdict.ended_with(1) || verdict.ended_by(SIGPIPE);
  return std::move(verdict).is_explained_by("fifo/away-in-between", nobody);
}

Verdict notices_that_nobody_reads(Program& say) {
  Verdict by_itself = say.exits_with(1);
  if (by_itself.ended_by(SIGPIPE)) return Verdict::yes();
  const bool content = by_itself.ended_with(0);
  return std::move(by_itself).is_explained_by("fifo/nobody-reads-any-more", content);
}

Verdict all_are_there(Program& serve, const std::vector<Sender>& sent) {
  std::map<std::string, size_t> next;
  size_t wanted = 0, number = 0;
  for (const Sender& s : sent) wanted += s.texts.size();
  static_cast<void>(play::wait_until(lab.testbed(), [&] { return static_cast<size_t>(std::ranges::count(serve.printed(), '\n')) >= wanted; }));
  const std::string expected = fmt::format("serve prints {} whole records of {} writers, those of each writer in its order", wanted, sent.size());
  for (const std::string& line : split(serve.printed(), '\n')) {
    if (line.empty() && number == wanted) continue;  // what follows the last newline
    const size_t space = line.find(' '), colon = line.find(": ");
    const std::string name = space < colon && colon != std::string::npos ? line.substr(space + 1, colon - space - 1) : "";
    const auto sender = std::find_if(sent.begin(), sent.end(), [&](const Sender& s) { return s.name == name; });
    const bool whole = sender != sent.end() && next[name] < sender->texts.size() && line.substr(colon + 2) == sender->texts[next[name]];
    if (!whole || line.substr(0, space) != std::to_string(++number))
      return printed_otherwise(expected, fmt::format("line {} is none", number + (whole ? 0 : 1)),
                     {"it is: " + quote(line, 100), sender == sent.end() || next[name] >= sender->texts.size() ? "" : "next of this writer: " + quote(sender->texts[next[name]], 100)});
    ++next[name];
  }
  if (number == wanted) return Verdict::yes();
  return printed_otherwise(expected, fmt::format("it prints {}", number));
}

}  // namespace fifo
