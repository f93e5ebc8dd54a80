// Lab 10, the POSIX half. The words are explained in check.hpp, those on permits in play/object/semaphores.hpp; the stories are told
// in stories.hpp.
#include "stories.hpp"

using namespace permits;

TEST_SUITE_BEGIN("10-semaphore");

TEST_CASE("--posix: the first limit makes N permits of that name, for its user alone"
          * id("posix-made") * points(4) * todo(1)
          * hint("What the kernel counts is the first word of a file, and its mode is the file's: ls -l /dev/shm, od -An -tu4 -N4 /dev/shm/sem.NAME. Which argument of sem_open(3) is which?")) {
  the_first_makes_them(Kind::posix);
}

TEST_CASE("--posix: who finds none free sleeps in the kernel, on this very semaphore"
          * id("posix-sleeps") * points(4) * needs("posix-made") * todo(2)
          * hint("One call takes the permit and sleeps until there is one. Nothing else is needed in front of it. By hand: cat /proc/PID/syscall")) {
  who_finds_none_sleeps(Kind::posix);
}

TEST_CASE("--posix: stat says how many are free, drop makes an end of them"
          * id("posix-stat") * points(3) * needs("posix-made") * todo(3)
          * hint("stat and drop find what is there and never make it: sem_open(3) without O_CREAT, sem_getvalue(3), sem_unlink(3). Where there is nothing: 125, and a message that names NAME.")) {
  stat_tells_and_drop_ends(Kind::posix);
}

TEST_CASE("--posix: a permit is out while its command runs, and back however the command ended"
          * id("posix") * points(5) * needs("posix-made") * todo(4)
          * hint("sem_post(3) gives one back, once, when the command has ended: at every way out.")) {
  comes_back_however_it_ends(Kind::posix);
}

TEST_CASE("--posix: never more than N run at one time, and always N when enough wait"
          * id("posix-n") * points(5) * needs("posix") * needs("posix-sleeps")
          * hint("sem_wait(3) takes a permit, and sleeps by itself until there is one; sem_post(3) gives one: each once for each command. Who else changes the count?")) {
  never_more_always_all(Kind::posix);
}

TEST_CASE("--posix: a later -n is ignored"
          * id("posix-first-n") * points(4) * needs("posix-sleeps")
          * hint("Whoever finds the permits neither sets nor adds to them: sem_open(3) ignores its last argument then.")) {
  a_later_n_is_ignored(Kind::posix);
}

TEST_CASE("--posix: two first ones at one time make the permits once"
          * id("posix-made-once") * points(4) * needs("posix-sleeps") * needs("posix-first-n")
          * hint("Between your look and your next call another one may have done the same. Which one call both looks and makes?")) {
  two_first_ones(Kind::posix);
}

TEST_CASE("--posix: limit is killed while its command runs: the command dies, and the permit is lost"
          * id("posix-killed-holder") * points(3) * needs("posix-sleeps")
          * hint("run() has the command killed with limit. Nobody gives in its place: a POSIX semaphore does not know who has taken.")) {
  killed_while_its_command_runs();
}

TEST_CASE("--posix: a waiting limit ends by a signal, and has taken nothing"
          * id("posix-killed-waiter") * points(2) * needs("posix-sleeps")
          * hint("Who waits has nothing to give back, and dies of SIGTERM as any program does: block signals only when you are inside, as run() does.")) {
  killed_while_it_waits(Kind::posix);
}

TEST_CASE("--posix: an interrupted wait is neither a permit nor an error: it waits on"
          * id("posix-interruption") * points(4) * needs("posix-sleeps")
          * hint("sem_wait(3) returns -1 with EINTR when it was interrupted. What has happened to the count then?")) {
  interrupted_while_it_waits(Kind::posix);
}

TEST_CASE("--posix: --try is inside at once, or ends with 124"
          * id("posix-try") * points(3) * needs("posix-made") * needs("posix-sleeps")
          * hint("One attempt that does not wait: sem_trywait(3). And who took nothing gives nothing back.")) {
  at_once_or_not_at_all(Kind::posix);
}

TEST_CASE("--posix: drop while in use: who runs or waits stays on the old semaphore, a new limit makes a new one"
          * id("posix-drop") * points(2) * needs("posix") * needs("posix-sleeps") * needs("posix-stat")
          * hint("sem_unlink(3) takes away the name; the semaphore lives on while somebody has it.")) {
  dropped_while_in_use(Kind::posix);
}

TEST_SUITE_END();
