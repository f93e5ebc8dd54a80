// What strace reports, as a student reads it: their own calls, none of the loader's, none of the commands'.
#include "play/start/calls.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

TEST_CASE("a report of strace becomes the last calls of the program's own code") {
  const std::string report =
      "2 execve(\"/lab/p\", [\"p\", \"x\"], 0x7ffc67c7dd08 /* 37 vars */) = 0\n"
      "2 openat(AT_FDCWD, \"/etc/ld.so.cache\", O_RDONLY|O_CLOEXEC) = 3\n"
      "2 prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}) = 0\n"
      "2 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7fd84bbf0000\n"
      "2 pipe2([3, 4], O_CLOEXEC)          = 0\n"
      "2 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7fd84bae4710) = 3\n"
      "2 wait4(-1,  <unfinished ...>\n"
      "3 execve(\"/bin/cat\", [\"cat\"], 0x7ffd9096fec8 /* 37 vars */) = -1 ENOENT (No such file or directory)\n"
      "3 execve(\"/usr/bin/cat\", [\"cat\"], 0x7ffd9096fec8 /* 37 vars */ <unfinished ...>\n"
      "3 <... execve resumed>)             = 0\n"
      "3 openat(AT_FDCWD, \"/etc/ld.so.cache\", O_RDONLY|O_CLOEXEC) = 3\n"
      "3 +++ exited with 0 +++\n"
      "2 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, {ru_utime={tv_sec=0, tv_usec=1}, ru_nsignals=0}) = 3\n"
      "2 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=3, si_uid=0, si_status=0, si_utime=0, si_stime=0} ---\n"
      "2 rt_sigaction(SIGINT, {sa_handler=SIG_DFL, sa_mask=[INT], sa_flags=SA_RESTORER|SA_RESTART, sa_restorer=0x7fd84b65a050}, NULL, 8) = 0\n"
      "2 mmap(NULL, 4096, PROT_READ, MAP_SHARED, 5, 0) = 0x7f0000000000\n"
      "2 read(0,  <unfinished ...>\n";
  const std::vector<std::string> lines = play::calls_in(report, "p", 20);
  CHECK(base::join(lines, "\n") ==
        "p 2   pipe2([3, 4], O_CLOEXEC) = 0\n"
        "p 2   fork() = 3\n"
        "p 3   execve(\"/usr/bin/cat\", [\"cat\"], environ) = 0\n"
        "p 3   ends with exit status 0\n"
        "p 2   wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, &usage) = 3\n"
        "p 2   gets SIGCHLD\n"
        "p 2   rt_sigaction(SIGINT, {sa_handler=SIG_DFL, sa_mask=[INT], sa_flags=SA_RESTART}, NULL) = 0\n"
        "p 2   mmap(NULL, 4096, PROT_READ, MAP_SHARED, 5, 0) = 0x7f0000000000\n"
        "p 2   read(0, ...   and is still inside");
  CHECK(play::calls_in(report, "p", 2).size() == 2);
  const std::string still_written = report.substr(0, report.rfind(" <unfinished"));
  CHECK(play::calls_in(still_written, "p", 20) == lines);
  const std::string above =
      "9 execve(\"/lab/below_strace\", [\"/lab/below_strace\", \"3\", \"/lab/p\", \"x\"], 0x7ffc67c7dd08 /* 37 vars */) = 0\n"
      "9 prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}) = 0\n"
      "9 read(4, \"\", 1)                     = 0\n"
      "9 capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=0, permitted=0, inheritable=0}) = 0\n";
  CHECK(play::calls_in(above + report, "p", 20) == lines);
  CHECK(play::calls_in(report + above, "p", 20) == lines);
  CHECK(play::calls_in("nonsense\n\n2\n<... >\n", "p", 2).size() <= 2);  // a program may write there what it wants
}

TEST_CASE("what decides stays, however long ago it was") {
  std::string report = "1 execve(\"/lab/p\", [\"p\"], 0x1) = 0\n1 prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=1}) = 0\n";
  report += "1 semget(0x42, 1, IPC_CREAT|IPC_EXCL|000) = 7\n1 semop(7, [{0, -1, 0}], 1) = -1 EACCES (Permission denied)\n1 read(0, \"\", 1) = -1 EAGAIN (Resource temporarily unavailable)\n";
  for (int i = 0; i < 30; ++i) report += "1 write(1, \"" + std::to_string(i) + "\", 2) = 2\n";
  const std::vector<std::string> lines = play::calls_in(report, "p", 8);
  REQUIRE(lines.size() == 8);
  CHECK(lines[0].find("semget(0x42") != std::string::npos);
  CHECK(lines[1].find("EACCES") != std::string::npos);
  CHECK(lines[2] == "...");
  CHECK(lines[3].find("\"25\"") != std::string::npos);
  CHECK(lines[7].find("\"29\"") != std::string::npos);
}

TEST_CASE("an address that a program must not touch is told by what it has mapped") {
  std::string report = "1 execve(\"/lab/p\", [\"p\"], 0x1) = 0\n1 prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=1}) = 0\n";
  report += "1 mmap(NULL, 432, PROT_READ|PROT_WRITE, MAP_SHARED, 3, 0) = 0x7f0000001000\n";
  report += "1 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x7f0000011100} ---\n";
  report += "1 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL} ---\n";
  const std::vector<std::string> lines = play::calls_in(report, "p", 8);
  REQUIRE(lines.size() == 3);
  CHECK(lines[1] == "p 1   gets SIGSEGV, for address 0x7f0000011100: byte 65792 of what mmap mapped at 0x7f0000001000, 432 bytes");
  CHECK(lines[2] == "p 1   gets SIGSEGV, for address 0x0");
}

TEST_CASE("of a letter only the bytes that were taken are told") {
  std::string report = "1 execve(\"/lab/p\", [\"p\"], 0x1) = 0\n1 prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=1}) = 0\n";
  report += "1 msgrcv(0, {mtype=7, mtext=\"1\\0\\377\\\\7 old bytes\\0\\0\"...}, 8192, 7, 0) = 5\n";
  report += "1 msgrcv(0, {mtype=7, mtext=\"whole\"}, 5, 7, MSG_NOERROR) = 5\n";
  report += "1 msgrcv(0, {mtype=7, mtext=\"older\"...}, 8192, 7, 0) = 0\n";
  report += "1 msgrcv(0, 0x7ffe0000, 8192, 7, IPC_NOWAIT) = -1 ENOMSG (No message of desired type)\n";
  const std::vector<std::string> lines = play::calls_in(report, "p", 8);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == "p 1   msgrcv(0, {mtype=7, mtext=\"1\\0\\377\\\\7\"}, 8192, 7, 0) = 5");
  CHECK(lines[1] == "p 1   msgrcv(0, {mtype=7, mtext=\"whole\"}, 5, 7, MSG_NOERROR) = 5");
  CHECK(lines[2] == "p 1   msgrcv(0, {mtype=7, mtext=\"\"}, 8192, 7, 0) = 0");
  CHECK(lines[3].find("ENOMSG") != std::string::npos);
}
