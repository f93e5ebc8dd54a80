// Lab 10, the System V half. The words are explained in check.hpp, those on permits in play/object/semaphores.hpp; the stories are
// told in stories.hpp.
#include "stories.hpp"

using namespace permits;

TEST_SUITE_BEGIN("10-semaphore");

TEST_CASE("--sysv: the first limit makes N permits under that key, for its user alone"
          * id("sysv-made") * points(4) * todo(5)
          * hint("Semaphore 0 of the set of this key holds the free permits. By hand: ipcs -s, and ipcs -s -i ID for the values.")) {
  the_first_makes_them(Kind::sysv);
}

TEST_CASE("--sysv: who finds none free sleeps in the kernel, on this very semaphore"
          * id("sysv-sleeps") * points(4) * needs("sysv-made") * todo(6)
          * hint("semop(2) with -1 takes the permit, and sleeps until there is one. Nothing else is needed in front of it. By hand: cat /proc/PID/syscall")) {
  who_finds_none_sleeps(Kind::sysv);
}

TEST_CASE("--sysv: stat says how many are free and how many wait, drop makes an end of them"
          * id("sysv-stat") * points(3) * needs("sysv-made")
          * hint("The kernel counts both: GETVAL and GETNCNT of semctl(2); IPC_RMID takes the set away. Where there is none: 125, and a message that names NAME.")) {
  stat_tells_and_drop_ends(Kind::sysv);
}

TEST_CASE("--sysv: a permit is out while its command runs, and back however the command ended"
          * id("sysv") * points(5) * needs("sysv-made")
          * hint("semop(2) adds -1 and +1 to semaphore 0: each once for each command. What does SEM_UNDO add, and when?")) {
  comes_back_however_it_ends(Kind::sysv);
}

TEST_CASE("--sysv: never more than N run at one time, and always N when enough wait"
          * id("sysv-n") * points(5) * needs("sysv") * needs("sysv-sleeps")
          * hint("semop(2) adds -1 and +1 to semaphore 0, and the kernel counts who waits for it: GETVAL and GETNCNT of semctl(2).")) {
  never_more_always_all(Kind::sysv);
}

TEST_CASE("--sysv: a later -n is ignored"
          * id("sysv-first-n") * points(4) * needs("sysv-sleeps")
          * hint("Whoever finds the permits neither sets nor adds to them. Who may give a set its value?")) {
  a_later_n_is_ignored(Kind::sysv);
}

TEST_CASE("--sysv: two first ones at one time make the permits once"
          * id("sysv-made-once") * points(5) * needs("sysv-sleeps") * needs("sysv-first-n")
          * hint("Between your look and your next call another one may have done the same. Which one call both looks and makes? And what does the other see before the set has its value?")) {
  two_first_ones(Kind::sysv);
}

TEST_CASE("--sysv: limit is killed while its command runs: the command dies, and the permit comes back"
          * id("sysv-killed-holder") * points(6) * needs("sysv") * needs("sysv-sleeps")
          * hint("A killed process gives nothing back. Who could do it in its place, and what has to be said beforehand? semop(2): SEM_UNDO")) {
  killed_and_undone();
}

TEST_CASE("--sysv: a waiting limit ends by a signal, and has taken nothing"
          * id("sysv-killed-waiter") * points(2) * needs("sysv-sleeps")
          * hint("Who waits has nothing to give back, and dies of SIGTERM as any program does: block signals only when you are inside, as run() does.")) {
  killed_while_it_waits(Kind::sysv);
}

TEST_CASE("--sysv: an interrupted wait is neither a permit nor an error: it waits on"
          * id("sysv-interruption") * points(4) * needs("sysv-sleeps")
          * hint("semop(2) returns -1 with EINTR when it was interrupted, and Ctrl-Z is an interruption for it. What has happened to the count then?")) {
  interrupted_while_it_waits(Kind::sysv);
}

TEST_CASE("--sysv: --try is inside at once, or ends with 124: one attempt, not a look and then a wait"
          * id("sysv-try") * points(4) * needs("sysv") * needs("sysv-sleeps")
          * hint("What you have seen may have changed before your next call: IPC_NOWAIT in semop(2). And who took nothing gives nothing back.")) {
  at_once_or_not_at_all(Kind::sysv);
}

TEST_CASE("--sysv: drop while in use: who waits is told, who runs comes to its end, a new limit makes a new set"
          * id("sysv-drop") * points(2) * needs("sysv") * needs("sysv-sleeps") * needs("sysv-stat")
          * hint("IPC_RMID takes away the set, and who waits is told so: EIDRM. Who gives to it later gets EINVAL, and has run its command all the same.")) {
  dropped_while_in_use(Kind::sysv);
}

TEST_SUITE_END();
