// Pieces that need no room: text, /proc's formats, records and what is made of them, dependencies' sentences.
#include <cstring>
#include <doctest/doctest.h>
#include <filesystem>
#include <sys/shm.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "grade/build/compile.hpp"
#include "grade/prove/handout.hpp"
#include "grade/run/kernel.hpp"
#include "see/calls.hpp"
#include "see/objects.hpp"
#include "see/proc.hpp"
#include "tests/example.hpp"

namespace {

using tests::example, tests::run_of;

}  // namespace

TEST_CASE("what programs print is shown escaped") {
  CHECK(base::escape("a\tb\n\"\\") == "a\\tb\\n\\\"\\\\");
  CHECK(base::escape(std::string("\x1b[2J\0\x7f", 6)) == "\\x1b[2J\\x00\\x7f");
  CHECK(base::escape("w\u00eeth \u2013 \u20ac") == "w\\u{00ee}th \\u{2013} \\u{20ac}");
  CHECK(base::escape("\u2514 \u00b7") == "\\u{2514} \\u{00b7}");  // ours in our sentences only
  CHECK(base::printable("\u2514 a \u00b7 \u00e9") == "\u2514 a \u00b7 \\u{00e9}");
  CHECK(base::escape("\xff\xc0\x80\xed\xa0\x80") == "\\xff\\xc0\\x80\\xed\\xa0\\x80");  // no text in any encoding
  CHECK(base::escape("\xc2\x9b[2J") == "\\u{009b}[2J");                                // a control code of eight bits
  CHECK(base::escape("\xe2\x80\xae") == "\\u{202e}");                             // right-to-left override
  CHECK(base::printable("there is no \"x\"\x07") == "there is no \"x\"\\x07");
  CHECK(base::quote("abcdef", 3) == "\"abc\" and 3 bytes more");
  CHECK(base::quote("a\x01\x02", 5) == "\"a\\x01\" and 1 bytes more");
  CHECK(base::quote_end("ab\x01\x02", 8) == "2 bytes, and at last \"\\x01\\x02\"");
  CHECK(base::quote_end("a\nb\n", 9) == "\"a\\nb\\n\"");
  CHECK(base::quote_end("abc\ndef\n", 6) == "4 bytes, and at last \"def\\n\"");
  CHECK(base::quote_end("abcdef\n", 3) == "5 bytes, and at last \"f\\n\"");
}

TEST_CASE("the first difference is marked") {
  CHECK(base::first_difference("a\nb\n", "a\nc\n") == "they part in line 2: it should be \"b\", and is \"c\"");
  CHECK(base::first_difference("1\n" + std::string(50, 'x') + "abc", "1\n" + std::string(50, 'x') + "b") ==
        "they part in line 2, byte 51: it should be \"" + std::string(20, 'x') + "abc\", and is \"" + std::string(20, 'x') + "b\"");
  CHECK(base::first_difference("abc", "a") == "the first 1 of 3 bytes are right, then it ends");
  CHECK(base::first_difference("a", "abc") == "all 1 bytes are right, then it goes on with \"bc\"");
}

TEST_CASE("words are shown as a shell needs them typed") {
  CHECK(base::shell_words({"a", "", "b c", "it's", "*", "x:y"}) == "a '' 'b c' 'it'\\''s' '*' x:y");
  CHECK(base::shell_words({"\u00e9", "a'\n\\"}) == "$'\\xc3\\xa9' $'a\\'\\n\\\\'");
}

TEST_CASE("stat is parsed whatever a process calls itself") {
  const auto s = see::parse_stat("42 (a) (b) S 7 8 9 34816 8 0 0 0 0 0 3 4 5 6 20 0 1 0 999 1000 25 0");
  REQUIRE(s);
  CHECK(s->name == "a) (b");
  CHECK(s->state == 'S');
  CHECK(s->parent == 7);
  CHECK(s->group == 8);
  CHECK(s->foreground_group == 8);
  CHECK(s->cpu == 7);
  CHECK(s->children_cpu == 11);
  CHECK(s->start == 999);
  CHECK_FALSE(see::parse_stat("nonsense"));
  CHECK_FALSE(see::parse_stat(""));
}

TEST_CASE("status and syscall are parsed") {
  const see::Status s = see::parse_status(
      "Name:\tx\nTracerPid:\t12\nNSpid:\t4021\t7\nRssShmem:\t     128 kB\nSigBlk:\t0000000000000200\nvoluntary_ctxt_switches:\t3\nnonvoluntary_ctxt_switches:"
      "\t4\n");
  CHECK(s.inner_pid.number == 7);
  CHECK(s.tracer == 12);
  CHECK(s.shared_memory == 128 * 1024);
  CHECK(s.blocked == 0x200);
  CHECK(s.switches == 3);  // one that was made to give up the CPU has not moved by that
  CHECK(see::parse_syscall("running\n").known == see::Call::Known::running);
  CHECK(see::parse_syscall("-1 0x7ffd 0x7f00\n").known == see::Call::Known::outside);
  CHECK(see::parse_syscall("").known == see::Call::Known::no);
  const see::Call call = see::parse_syscall("0 0x3 0x7ffe 0x1 0x0 0x0 0x0 0x7ffd 0x7f00\n");
  CHECK(call.known == see::Call::Known::yes);
  CHECK(see::name_of(call.number) == "read");
  CHECK(call.args[0] == 3);
}

TEST_CASE("of System V segments only those count that a family has made") {
  constexpr size_t size = 1 << 20;
  const auto before = see::ipc_objects("/nowhere", "/nowhere");
  const int id = shmget(IPC_PRIVATE, size, 0600 | IPC_CREAT);
  REQUIRE(id >= 0);
  void* const at = shmat(id, nullptr, 0);
  std::memset(at, 1, size);
  see::Process us{};
  us.stat.pid = getpid();
  CHECK(see::sysv_segments_bytes(before, {us}) >= size);
  CHECK(see::sysv_segments_bytes(see::ipc_objects("/nowhere", "/nowhere"), {us}) < size);  // it was there before
  us.stat.pid = getppid();
  CHECK(see::sysv_segments_bytes(before, {us}) < size);  // a stranger who lives has made it
  shmdt(at);
  shmctl(id, IPC_RMID, nullptr);
}

TEST_CASE("signals have their names") {
  CHECK(see::signal_name(15) == "SIGTERM");
  CHECK(see::signal_name(34) == "SIGRTMIN");
  CHECK(see::signal_name(36) == "SIGRTMIN+2");
}

TEST_CASE("a compiler that was killed blames no text") {
  CHECK(grade::blames_the_text("pipeline.cpp: In function 'int main()':\npipeline.cpp:1:21: error: 'x' was not declared\n"));
  CHECK(grade::blames_the_text("pipeline.cpp:1:10: fatal error: nothing.hpp: No such file or directory\n"));
  CHECK(grade::blames_the_text("/usr/bin/ld: /tmp/c.o: in function `main':\nx.cpp:(.text+0x5): undefined reference to `f()'\n"));
  CHECK(grade::blames_the_text("cc1plus: out of memory allocating 65536 bytes\n"));
  CHECK_FALSE(grade::blames_the_text("c++: fatal error: Killed signal terminated program cc1plus\ncompilation terminated.\n"));
  CHECK(grade::blames_the_text("x.cpp:3:5: internal compiler error: Segmentation fault\n"));
  CHECK_FALSE(grade::blames_the_text("x.cpp:3:5: internal compiler error: Segmentation fault\n"
                                     "The bug is not reproducible, so it is likely a hardware or OS problem.\n"));
  CHECK_FALSE(grade::blames_the_text("c++: fatal error: cannot execute 'cc1plus': vfork: Resource temporarily unavailable\n"));
  CHECK_FALSE(grade::blames_the_text("{standard input}: Fatal error: can't write: No space left on device\n"));
  CHECK_FALSE(grade::blames_the_text("    1 | // x.cpp:1:1: error: in a comment\n"));
  CHECK(grade::blames_the_text("/tmp/ccO37dRo.s: Assembler messages:\n/tmp/ccO37dRo.s:6: Error: unable to include `/dev/zero'\n"));
  CHECK(grade::blames_the_text("c++: internal compiler error: File size limit exceeded signal terminated program as\n"));
  CHECK(grade::blames_the_text("cc1plus: fatal error: /proc/1/environ: Permission denied\ncompilation terminated.\n"));
  // The linker names what is missing; that it returned 1 says nothing more.
  CHECK(grade::first_errors("/usr/bin/ld: /tmp/ccCh8dcj.o: in function `main':\n/work/pipeline.cpp:2: undefined reference to `f()'\n"
                            "/usr/bin/ld: /work/pipeline.cpp:2: undefined reference to `g()'\ncollect2: error: ld returned 1 exit status\n") ==
        "pipeline.cpp:2: undefined reference to `f()'\npipeline.cpp:2: undefined reference to `g()'\n(2 errors in all; mend the first one first)");
  CHECK(grade::first_errors("/usr/bin/ld: /tmp/cc1.o:(.bss+0x0): multiple definition of `_start'; crt1.o: first defined here\n").find("multiple definition of `_start'") != std::string::npos);
  CHECK(grade::first_errors("/tmp/cc1.s: Assembler messages:\n/tmp/cc1.s:8: Error: no such instruction: `frob'\n") == "Error: no such instruction: `frob'");
  CHECK_FALSE(grade::blames_the_text(""));
}

TEST_CASE("of a compiler's words only warnings in the student's own files are kept") {
  const grade::Files files{{"pipeline.cpp", ""}};
  CHECK(grade::warnings_in("pipeline.cpp: In function 'int main()':\npipeline.cpp:3:7: warning: unused variable 'x' [-Wunused-variable]\n"
                           "    3 |   int x;\n/usr/include/stdio.h:1:1: warning: not theirs\nother.cpp:1:1: warning: nor this\n", files) ==
        std::vector<std::string>{"pipeline.cpp:3:7: warning: unused variable 'x' [-Wunused-variable]"});
  const grade::Built built = grade::built_in(std::string("+a\nb\0\x7f", 6) + std::string("ELF\0", 4));
  CHECK(built.warnings == std::vector<std::string>{"a", "b"});
  CHECK(built.executable == std::string("\x7f" "ELF\0", 5));
  CHECK(grade::built_in(std::string("+\0x", 3)).warnings.empty());
}

TEST_CASE("who mistypes a name is told which may have been meant") {
  const std::vector<std::string> names{"end-of-file", "capacity", "status"};
  CHECK(base::nearest("endoffile", names) == std::vector<std::string>{"end-of-file"});
  CHECK(base::nearest("capasity", names) == std::vector<std::string>{"capacity"});
  CHECK(base::nearest("stat", names) == std::vector<std::string>{"status"});
  CHECK(base::nearest("nonsense", names).empty());
}

TEST_CASE("an old kernel is refused with one sentence") {
  CHECK(grade::trouble_with_kernel("5.10.0-28-amd64").find("Linux 5.10.0-28-amd64, and the course needs 5.14") != std::string::npos);
  CHECK_FALSE(grade::trouble_with_kernel("4.19").empty());
  for (const char* fine : {"5.14.0", "5.15.0-generic", "6.1", "6.18.2+", "nonsense"}) CHECK(grade::trouble_with_kernel(fine).empty());
}

TEST_CASE("a handout's list of checks is made from the checks") {
  const std::vector<grade::Case> cases{{1, course::Lab("01-x"), "runs", "it runs", 1, 60, {}, "", {}, false},
                                       {2, course::Lab("01-x"), "more", "it does more", 2, 5, {}, "", {}, true}};
  const std::string list =
      "<!-- checks -->\n1. it runs (60 points, `runs`)\n2. it does more (stretch, `more`)\n<!-- end of checks -->\n";
  CHECK(grade::with_list_of_checks("a\n<!-- checks -->\nold\n<!-- end of checks -->\nb\n", cases) ==
        "a\n" + list + "b\n");
}
