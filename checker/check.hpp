// Everything that a check file includes: doctest's plain macros, `lab`, and the marks of a case.
//
//   TEST_CASE("the reader meets end-of-file" * id("end-of-file") * points(15) * needs("flows") * hint("...")) {
//     auto shout = lab.start("tr a-z A-Z : cat");
//     shout.type("x");
//     CHECK(shout.prints("X"));
//   }
//
// A check never sleeps: its verdicts wait for events. It first makes the program prove that it lives.
#pragma once

#include <csignal>
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "play/hold/after_call.hpp"
#include "play/hold/at_exit.hpp"
#include "play/hold/at_fork.hpp"
#include "play/hold/before_call.hpp"
#include "play/hold/before_sleep.hpp"
#include "play/hold/execs.hpp"
#include "play/lab.hpp"
#include "play/object/files.hpp"
#include "play/object/futex_waits.hpp"
#include "play/object/queues.hpp"
#include "play/object/semaphores.hpp"
#include "play/start/full_output.hpp"
#include "play/start/inherit.hpp"
#include "play/start/seccomp.hpp"
#include "play/start/watched_handlers.hpp"
#include "play/subject/client.hpp"
#include "play/subject/crowd.hpp"
#include "play/subject/handlers.hpp"
#include "play/subject/listener.hpp"
#include "play/subject/peer.hpp"
#include "play/subject/seen.hpp"
#include "play/subject/server.hpp"
#include "play/testbed/names.hpp"
#include "play/testbed/terminal.hpp"
#include "play/verdict/failure.hpp"
#include "play/verdict/obstructed.hpp"

namespace check {

/// What the marks of a case say. Found again by the file and line of the case.
struct Marks {
  std::string id;
  int points = 0;
  std::vector<std::string> needs;
  std::string hint;
  std::vector<int> todos;
  bool stretch = false;
  bool sanitized = false;
};

/// The marks of the case at this place; made when it has none yet.
Marks& marks_at(const char* file, unsigned line);

}  // namespace check

/// The case's name for ever, never reused: "end-of-file" in suite "01-pipeline" is 01-pipeline/end-of-file.
struct id {
  const char* text;
  explicit id(const char* t) : text(t) {}
  void fill(doctest::detail::TestCase& c) const { check::marks_at(c.m_file.c_str(), c.m_line).id = text; }
};

/// What it is worth. The base cases of a lab come to 100.
struct points {
  int worth;
  explicit points(int p) : worth(p) {}
  void fill(doctest::detail::TestCase& c) const { check::marks_at(c.m_file.c_str(), c.m_line).points = worth; }
};

/// Where that case has not passed, a failure of this one tells nothing new: it is run all the same, a pass counts, and a
/// failure *follows*.
struct needs {
  const char* text;
  explicit needs(const char* t) : text(t) {}
  void fill(doctest::detail::TestCase& c) const {
    check::marks_at(c.m_file.c_str(), c.m_line).needs.emplace_back(text);
  }
};

/// A goal beyond the 100 points: shown on its own line. A program that answers its option with a usage error (exit
/// status 2) has not attempted it.
struct stretch {
  void fill(doctest::detail::TestCase& c) const { check::marks_at(c.m_file.c_str(), c.m_line).stretch = true; }
};

/// Needs the programs built with ThreadSanitizer too, for `lab.start_sanitized`.
struct sanitized {
  void fill(doctest::detail::TestCase& c) const { check::marks_at(c.m_file.c_str(), c.m_line).sanitized = true; }
};

/// It is the first that asks for this TODO of the skeleton. As long as the source has "TODO 3", a failure is told as not
/// begun, and the hint says where to begin; so a hint is written for a program that has begun.
struct todo {
  int number;
  explicit todo(int n) : number(n) {}
  void fill(doctest::detail::TestCase& c) const {
    check::marks_at(c.m_file.c_str(), c.m_line).todos.push_back(number);
  }
};

/// Said where neither the verdict nor a diagnosis says it better.
struct hint {
  const char* text;
  explicit hint(const char* t) : text(t) {}
  void fill(doctest::detail::TestCase& c) const { check::marks_at(c.m_file.c_str(), c.m_line).hint = text; }
};

template <>
struct doctest::StringMaker<play::Verdict> {
  static doctest::String convert(const play::Verdict& v) {
    if (!v.passed()) play::lab.remember(v.evidence());  // doctest asks for the sentence of a failed CHECK alone
    return v.sentence().c_str();
  }
};

using play::lab;
namespace key = play::key;
// Text, and the calls that a check makes itself.
using base::escape, base::first_of, base::join, base::quote, base::quote_end, base::split;
using base::Fd, base::must, base::open_file;
using play::read_file, play::write_file;
