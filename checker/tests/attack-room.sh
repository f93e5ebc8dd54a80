#!/usr/bin/env bash
# What a student's program may try from inside of its room: against files outside, the check, the grader. What it does is its
# failure or fails to matter; it is never the grader's trouble, and nobody outlives the grader.
# Needs IPCLAB_HOME and IPCLAB_BUILD, as ctest sets them.
set -u
. "$(dirname "${BASH_SOURCE[0]}")/attack/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/attack/on_the_machine.sh"

put_solution() { # TREE LAB PROGRAM [SED]: the lab's solution as solution.hpp, its main renamed, and the headers beside it
  mkdir -p "$work/$1/$2"
  cp "$IPCLAB_HOME/solutions/$2"/*.hpp "$work/$1/$2/" 2>/dev/null
  sed -e "s/^int main(/int $3_main(/" ${4:+-e "$4"} "$IPCLAB_HOME/solutions/$2/$3.cpp" >"$work/$1/$2/solution.hpp"
  chmod -R a+rX "$work/$1"
}
put_target() { # TREE LAB PATH
  mkdir -p "$work/$1/$2"
  printf '#define TARGET "%s"\n' "$3" >"$work/$1/$2/target.hpp"
}
# It was built and graded, and the report has no such text: a grader that did not come to it proves nothing.
lacks() { grep -aq '[0-9]/[0-9]' <<<"$out" && ! grep -aq 'does not compile' <<<"$out" && ! grep -aq -- "$1" <<<"$out"; }

as_ordinary_user

# ---------------------------------------------------------------- files outside
home=$work/home
mkdir -p "$home/.ssh"
echo precious >"$home/.profile"
echo PRIVATE-KEY-8f1c >"$home/.ssh/id"
chmod 600 "$home/.ssh/id"
[ "$(id -u)" -ne 0 ] || chown -R 61234 "$home"
put writes 04-shutdown/steady.cpp write-through-link
put_solution writes 04-shutdown steady
put_target writes 04-shutdown "$home/.profile"
ipclab 100 grade --tree "$work/writes" --lab 04 --check sigkill
lacks nothing-of-this && [ "$(cat "$home/.profile")" = precious ]
say_result "a file in the home of who grades is not written" $? "$(cat "$home/.profile")"$'\n'"$out"
put reads 00-descriptors/redirect.cpp text-of-a-link
put_target reads 00-descriptors "$home/.ssh/id"
ipclab 60 grade --tree "$work/reads" --lab 00 --check together --keep
lacks PRIVATE-KEY && ! grep -rq PRIVATE-KEY "$ubuild/kept"; say_result "a private key comes neither into the report nor among what is kept" $? "$out"
put first 01-pipeline/pipeline.cpp reads-of-pid-1
ipclab 60 grade --tree "$work/first" --lab 01 --check one-stage
lacks 'LEAK'; say_result "/proc/1 shows neither tree nor check nor the machine's mounts" $? "$out"
put sockets 01-pipeline/pipeline.cpp ways-out
ipclab 60 grade --tree "$work/sockets" --lab 01 --check one-stage
lacks LEAK; say_result "no kind of socket and no call leads out that no namespace keeps in" $? "$out"

# ---------------------------------------------------------------- whose failure it is
theirs() { # NAME TREE ARGUMENTS...: passed or failed, never the grader's trouble, and long before the last resort
  local name=$1 tree=$2
  shift 2
  PATIENCE=0.2 ipclab 60 grade --tree "$work/$tree" "$@"
  [ "$came" -le 1 ] && lacks nothing-of-this; say_result "$name (exit $came for 0 or 1)" $? "$out"
}
put semaphore 10-semaphore/limit.cpp fifo-for-a-semaphore
theirs "a FIFO for a semaphore" semaphore --lab 10 --check posix
put gates 01-pipeline/pipeline.cpp takes-the-gates-name
put_solution gates 01-pipeline pipeline
theirs "a gate's name is taken" gates --lab 01 --check capacity
put smaller 09-shared-memory/ring.cpp truncates-under-the-check
theirs "an object is made smaller under the check" smaller --lab 09 --check made
put full 00-descriptors/redirect.cpp fills-the-folder
theirs "its folder is full" full --lab 00 --check not-found
put folder 00-descriptors/redirect.cpp folder-for-a-file
theirs "a folder in place of a file" folder --lab 00 --check not-found
put hidden 04-shutdown/steady.cpp not-dumpable
put_solution hidden 04-shutdown steady
theirs "it does not let itself be looked at" hidden --lab 04 --check nothing-lost
put gone 00-descriptors/redirect.cpp kills-whom-the-check-sends-to
theirs "whom the check sends to has gone" gone --lab 00 --check waits
put naps 10-semaphore/limit.cpp naps-in-semaphore
cp "$IPCLAB_HOME"/solutions/10-semaphore/*.hpp "$work/naps/10-semaphore/"
for _ in 1 2 3; do theirs "a check that meets nobody signals nobody" naps --lab 10 --check posix-interruption; done

# ---------------------------------------------------------------- nobody outlives the grader
# ENDS: how often each is ended, once in everyday tests.
outlives() { # WHO SIGNAL PROGRAM: killed at a random moment; all below it have ended long before their own budgets would end them
  local p left=() before
  before=$(on_the_machine)
  PATIENCE=20 ipclab_in_background grade --tree "$work/$3" --lab 01
  for _ in $(seq 200); do [ "$(below "$grader" | wc -l)" -ge 4 ] && break; sleep 0.02; done
  sleep "0.$((RANDOM % 60 + 10))"
  local all
  all=$(below "$grader")
  kill -"$2" "$grader"
  for p in $grader $all; do await_end "$p" 10 || left+=("$p:$(cat "/proc/$p/comm" 2>/dev/null)"); done
  [ "${#left[@]}" -eq 0 ]; say_result "$1, $2: nobody outlives the grader" $? "${left[*]}"
  for p in "${left[@]}"; do kill -KILL "${p%%:*}" 2>/dev/null; done
  sleep 0.2
  for _ in $(seq 50); do [ "$before" = "$(on_the_machine)" ] && break; sleep 0.1; done  # another test's objects go soon
  [ "$before" = "$(on_the_machine)" ]; say_result "$1, $2: no object and no mount is left" $? "$(diff <(echo "$before") <(on_the_machine))"
  [ -z "$(ls -A "$TMPDIR")" ]; say_result "$1, $2: no file is left" $? "$(ls -A "$TMPDIR")"
  rm -rf "${TMPDIR:?}"/*
}
for program in spins family-that-stays; do put $program 01-pipeline/pipeline.cpp $program; done
for rung in 1 4; do
  [ $rung = 1 ] && ! unshare -Ur true 2>/dev/null && continue
  export IPCLAB_RUNG=$rung
  for who in ordinary_user who_runs_this; do
    as_$who
    for program in spins family-that-stays; do
      PATIENCE=0.1 ipclab 60 grade --tree "$work/$program" --lab 01 --check one-stage # builds
      rm -rf "${TMPDIR:?}"/*
      for _ in $(seq "${ENDS:-1}"); do
        for signal in KILL INT; do outlives "$who on rung $rung, $program" $signal $program; done
      done
    done
  done
done
unset IPCLAB_RUNG

say_sum
