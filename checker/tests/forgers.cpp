// Programs that want a check to be told what is not so (programs/forgers.cpp): what strace and our library report of them is
// theirs neither to write nor to cut, and whoever ends the reporter, or slips away from it, has failed by that.
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>

#include "course/lab.hpp"
#include "play/start/watched_handlers.hpp"
#include "play/verdict/obstructed.hpp"
#include "tests/in_room.hpp"

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string report_of(const play::BelowStrace& program) {
  try {
    return program.report().text();
  } catch (const play::Obstructed& e) {
    return std::string("obstructed: ") + e.what();
  }
}

struct Ends {
  const char* name;
  const char* sentence;  ///< a part of what is said when it is expected to exit with 0
  const char* report;    ///< a part of why its report is none
};

const Ends ends[] = {
    {"kills-strace", "outlived strace, which this check had set above it, and which was ended by SIGKILL", "strace was ended by SIGKILL"},
    {"kills-strace-otherwise", "which was ended by SIGUSR2", "strace was ended by SIGUSR2"},
    {"kills-all", "which was ended by SIGKILL", "strace was ended by SIGKILL"},
    {"kills-all-from-a-child", "which was ended by SIGKILL", "strace was ended by SIGKILL"},
    {"stops-strace", "", "strace was stopped by a signal"},
};

struct Handles {
  const char* program;
  const char* name;
  const char* sentence;  ///< a part of what is said of its handlers; "": nothing
};

const Handles handles[] = {
    {"forgers", "handler-safe", ""},
    {"forgers", "handler", "but one of them calls p"},  // printf(), which a compiler may make puts()
    {"forgers", "handler-erases", "but one of them calls p"},
    {"forgers", "handler-closes", "but one of them calls p"},
    {"forgers", "handler-past", "it has a handler that the library does not see"},
    {"forgers", "handler-after-exec", "the library is not in its memory any more"},
    {"forgers", "handler-unmapped", "the library is not in its memory any more"},
    {"forgers_static", "handler", "the library has never begun in it"},
};

}  // namespace

TEST_CASE("no program gets at what strace reports of it, nor at the right by which it does") {
  if (tests::rung() != room::Rung::namespaces) {
    MESSAGE("this room has no user namespace: here a program can get at strace");
    return;
  }
  for (const std::string name : {"by-name", "by-descriptor", "by-inotify", "by-ptrace", "inherited", "takes-a-signal"}) {
    INFO(name);
    CHECK(tests::in_room([&](play::Testbed& testbed) -> std::string {
            auto program = play::start_below_strace(testbed, "forgers", {name}, {"-e", "trace=none"});
            if (const play::Verdict ended = program.exits_with(0); !ended.passed()) return ended.sentence();
            const std::string report = report_of(program);
            if (contains(report, "forged") || contains(report, "obstructed")) return report;
            if (name == "takes-a-signal" && !contains(report, "--- SIGURG")) return "it lacks the signal: " + report;
            return program.printed();
          }) == "reached 0\n");
  }
}

TEST_CASE("a program that ends or stops strace has failed, and that is said") {
  if (tests::rung() != room::Rung::namespaces) return;
  for (const Ends& c : ends) {
    INFO(std::string(c.name));
    CHECK(tests::in_room([&](play::Testbed& testbed) -> std::string {
            testbed.set_budget({0.4, 1.5});
            auto program = play::start_below_strace(testbed, "forgers", {c.name}, {"-e", "trace=none"});
            const play::Verdict ended = program.exits_with(0);
            if (ended.passed() || !contains(ended.sentence(), c.sentence)) return "said: " + ended.sentence();
            const std::string report = report_of(program);
            return report == std::string("obstructed: ") + c.report ? "right" : "report: " + report;
          }) == "right");
  }
}

TEST_CASE("a program that ends strace attached to it has failed, too") {
  if (tests::rung() != room::Rung::namespaces) return;
  CHECK(tests::in_room([](play::Testbed& testbed) -> std::string {
          auto program = play::lab.start_program("forgers", "handler-safe");
          if (const play::Verdict ready = program.prints("ready\n"); !ready.passed()) return ready.sentence();
          const play::Report report = play::attach_strace(testbed, program, {"-e", "trace=none"});
          program.send(SIGUSR1);
          if (const play::Verdict handled = program.prints("from a handler\n"); !handled.passed()) return handled.sentence();
          if (!contains(report.text(), "--- SIGUSR1")) return "it lacks the signal: " + report.text();
          auto other = play::lab.start_program("forgers", "kills-all");
          if (const play::Verdict ended = other.exits_with(0); !ended.passed()) return ended.sentence();
          static_cast<void>(play::wait_until(testbed, [] { return false; }));  // whoever was killed takes a moment to end
          try {
            return report.text();
          } catch (const play::Obstructed& e) {
            return e.what();
          }
        }) == "strace was ended by SIGKILL");
}

TEST_CASE("handlers that our library does not see are seen to be so, and what it has told stays told") {
  for (const Handles& c : handles) {
    const std::string what = fmt::format("{} {}", c.program, c.name);
    INFO(what);
    if (!std::filesystem::exists(course::build_folder() + "/" + c.program)) {
      MESSAGE("this machine cannot link statically");
      continue;
    }
    CHECK(tests::in_room([&](play::Testbed& testbed) -> std::string {
            const play::WatchedHandlers watched(testbed, {SIGUSR1});
            auto program = play::lab.start_program(c.program, c.name, watched.order());
            if (const play::Verdict ready = program.prints("ready\n"); !ready.passed()) return ready.sentence();
            program.send(SIGUSR1);
            if (const play::Verdict handled = program.prints("from a handler\n"); !handled.passed()) return handled.sentence();
            const play::Verdict safe = watched.call_only_safe_functions(program);
            if (safe.passed()) return *c.sentence ? "it passes" : "right";
            return *c.sentence && contains(safe.sentence(), c.sentence) ? "right" : safe.sentence();
          }) == "right");
  }
}
