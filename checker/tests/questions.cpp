// What programs ask the check about before they do it, and what becomes of a check where the machine lets nobody ask.
#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "play/hold/before_call.hpp"
#include "play/start/seccomp.hpp"
#include "tests/in_room.hpp"

TEST_CASE("where the machine lets nobody ask, a check that would hold calls says so") {
  CHECK(tests::in_room([](play::Testbed& testbed) -> std::string {
          base::must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
          play::seccomp::Filter without;
          without.refuse(SYS_seccomp, EBUSY);
          without.install();
          play::BeforeCall waits(testbed, {{SYS_wait4}});
          try {
            testbed.start("hangs", {"input"}, play::Testbed::Tie::streams, waits.order());
          } catch (const std::runtime_error& e) {
            return e.what();
          }
          return "calls could be held";
        }) == "this machine does not let a check hold system calls (seccomp_unotify(2))");
}
