#include "calls.hpp"

#include <algorithm>
#include <cstdlib>

namespace fifo {
namespace {

constexpr const char* watched = "trace=?open,openat,?mknod,mknodat,read,"
                                "?poll,ppoll,?select,pselect6,?epoll_wait,epoll_pwait,?nanosleep,clock_nanosleep";

constexpr size_t enough = 20000;  // bytes of a report: who has done so much is going round in a circle

Calls seen_in(const std::string& report, const std::string& name) {
  Calls seen;
  for (const std::string& line : split(report, '\n')) {
    const auto has = [&](const char* words) { return line.find(words) != std::string::npos; };
    const bool names_it = line.find('"' + name + '"') != std::string::npos;
    const bool reads = has(" read(") && line.find(name + ">") != std::string::npos;
    seen.found_one |= names_it && has("mknod") && has(" EEXIST ");
    seen.no_reader |= names_it && has("open") && has(" ENXIO ");
    seen.end_of_file |= reads && line.ends_with(" = 0");
    seen.try_again |= reads && has(" EAGAIN ");
    const size_t last = line.rfind(", ");  // of poll() and epoll_wait() the timeout: -1 is none
    const bool limited = has("poll") && last != std::string::npos && std::strtol(line.c_str() + last + 2, nullptr, 10) > 0;
    seen.by_a_clock |= limited || has("{tv_sec=") || has("nanosleep");
  }
  return seen;
}

Calls look(const std::string& words, const Path& path, Left left) {
  if (!play::strace_is_here(lab.testbed())) return {};
  lab.testbed().not_by_hand();
  const play::Budget usual = have_less_time();
  auto again = lab.start_below_strace(words, {"-y", "-e", watched, "-e", "signal=none"});
  const auto over = [&] { return again.has_ended() || again.report().text_so_far().size() > enough; };
  const auto come_to_rest = [&] { static_cast<void>(play::wait_until_rest(lab.testbed(), over)); };
  come_to_rest();
  if (left == Left::a_writer && !again.has_ended() && path.is_fifo()) {
    written_by_a_shell(path, "zoe: first\n");
    come_to_rest();
  }
  lab.testbed().set_budget(usual);
  return seen_in(again.report().text_so_far(), path.name());
}

}  // namespace

std::vector<std::string> writing() {
  return {"-y", "-e", "trace=write,writev,pwrite64,pwritev,pwritev2,splice,sendfile,vmsplice", "-e", "signal=none"};
}

std::vector<std::string> calls_on(const Path& path, const play::BelowStrace& say) {
  std::vector<std::string> calls = split(say.report().text(), '\n');
  std::erase_if(calls, [&](const std::string& line) { return line.find("/" + path.name() + ">") == std::string::npos; });
  return calls;
}

Calls of_serve(bool was_there, Left left) {
  const Path path(some_name("again"));
  if (was_there) path.make();
  return look("serve " + path.name(), path, left);
}

Calls of_say_that_waits() {
  const Path path(some_name("again"));
  path.make();
  return look("say --wait " + path.name() + " ann", path, Left::nobody);
}

}  // namespace fifo
