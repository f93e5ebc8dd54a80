#!/usr/bin/env bash
# What a stranger can name, write, leave or send from outside of a room: make's variables, trees, names, files that are kept,
# a machine that fails. Needs IPCLAB_HOME and IPCLAB_BUILD, as ctest sets them.
set -u
. "$(dirname "${BASH_SOURCE[0]}")/attack/lib.sh"

# ---------------------------------------------------------------- the command line
d=$work/make
mkdir -p "$d"
cp "$IPCLAB_HOME/Makefile" "$d/"
printf '#!/bin/sh\nprintenv "IPCLAB_$SHOW" || printenv "$SHOW"\n' >"$d/ipclab"
chmod 755 "$d/ipclab"
y=$d/y
for v in LAB CHECK JSON ID TREE DECK TIMES KEEP PDF REFRESH PATIENCE SEED; do
  for value in "'; touch $y; '" "; touch $y;" "\$(shell touch $y)" "\`touch $y\`" "a b\"c"; do
    for way in argument variable; do
      if [ $way = argument ]; then came=$(SHOW=$v make -s -C "$d" grade "$v=$value" 2>&1)
      else came=$(env SHOW=$v "$v=$value" make -s -C "$d" grade 2>&1); fi
      [ ! -e "$y" ] && [ "$came" = "$value" ]
      say_result "make grade $v=$value ($way) runs nothing, and arrives as it is" $? "$came"
      rm -f "$y"
    done
  done
done
out=$(IPCLAB_TIMES="a[\$(touch $y)]" bash "$IPCLAB_HOME/tools/soak" 2>&1)
[ $? -eq 2 ] && [ ! -e "$y" ]; say_result "TIMES is a number, and nothing that bash computes" $? "$out"
out=$(IPCLAB_LAB=nonsense bash "$IPCLAB_HOME/tools/soak" 2>&1)
[ $? -eq 2 ]; say_result "soak knows which labs there are" $? "$out"
out=$(cd "$IPCLAB_HOME" && IPCLAB_LAB=01 IPCLAB_TREE=solutions IPCLAB_CHECK=one-stage IPCLAB_JSON=$work/e.json "$IPCLAB_BUILD/ipclab" grade 2>&1)
[ $? -eq 0 ] && [ -f "$work/e.json" ] && says '^01-pipeline'; say_result "grade takes what make was given" $? "$out"

# ---------------------------------------------------------------- where results go
as_who_runs_this
ln -s "$work/theirs" "$work/link.json"
mkfifo "$work/fifo.json"
mkdir "$work/folder.json"
for what in link fifo folder; do
  before=$(stat -c '%F %i' "$work/$what.json")
  ipclab 60 grade --tree solutions --lab 01 --check one-stage --json "$work/$what.json"
  [ "$came" -eq 2 ] && [ "$before" = "$(stat -c '%F %i' "$work/$what.json")" ] && ! says 'ok '
  say_result "JSON= onto a $what is refused (exit $came for 2)" $? "$out"
done
if mknod "$work/null" c 1 3 2>/dev/null; then
  ipclab 60 grade --tree solutions --lab 01 --check one-stage --json "$work/null"
  [ -c "$work/null" ] && [ "$came" -eq 2 ]; say_result "JSON= onto a device is refused (exit $came for 2)" $? "$out"
fi

printf 'int main() {}\n' >"$work/theirs.cpp"
ipclab 60 grade --tree solutions --lab 01 --check one-stage --json "$work/theirs.cpp"
[ "$came" -eq 2 ] && [ "$(cat "$work/theirs.cpp")" = 'int main() {}' ]; say_result "JSON= onto a file that holds something else is refused (exit $came for 2)" $? "$out"
for i in 1 2; do ipclab 60 grade --tree solutions --lab 01 --check one-stage --json "$work/again.json"; done
[ "$came" -eq 0 ]; say_result "JSON= onto results of before is not" $? "$out"

# ---------------------------------------------------------------- whatever the grader was started with
from_solutions() { "$IPCLAB_BUILD/ipclab" grade --tree "$IPCLAB_HOME/solutions" --lab 01 --check one-stage --json "$work/start.json"; }
out=$(cd "$IPCLAB_HOME" && env --ignore-signal=CHLD "$IPCLAB_BUILD/ipclab" grade --tree solutions --lab 01 --check one-stage --json "$work/start.json" 2>&1)
[ $? -eq 0 ]; say_result "an ignored SIGCHLD is no trouble" $? "$out"
out=$(cd "$IPCLAB_HOME" && umask 777 && from_solutions 2>&1)
[ $? -eq 0 ]; say_result "nor is a umask that denies everything" $? "$out"
out=$(cd "$IPCLAB_HOME" && ulimit -f 0 && from_solutions 2>&1)
[ $? -eq 2 ] && says '^ipclab: '; say_result "where no file may grow, that is said" $? "$out"
out=$(cd "$IPCLAB_HOME" && from_solutions 2>&1 >/dev/full)
[ $? -eq 2 ] && says 'could not be written'; say_result "a report that cannot be written is no success" $? "$out"
out=$(cd "$IPCLAB_HOME" && PATIENCE=1e308 from_solutions 2>&1)
[ $? -eq 2 ] && says '1000 at most'; say_result "PATIENCE beyond reason is refused by name" $? "$out"

# ---------------------------------------------------------------- trees
mkdir -p "$work/linked" "$work/neighbour/03-signals"
ln -s "$IPCLAB_HOME/solutions/01-pipeline" "$work/linked/01-pipeline"
ipclab 60 grade --tree "$work/linked" --lab 01
[ "$came" -eq 1 ] && says ' 0/100' && says 'is a link'; say_result "a lab's folder that is a link earns nothing" $? "$out"
ipclab 60 grade --tree "$IPCLAB_HOME/solutions/../solutions" --lab 01 --check one-stage
[ "$came" -eq 0 ]; say_result "a tree may be named in a roundabout way" $? "$out"
many() { # TREE COUNT BYTES: so many headers beside the solution
  local i
  mkdir -p "$work/$1"
  cp -r "$IPCLAB_HOME/solutions/01-pipeline" "$work/$1/"
  for i in $(seq "$2"); do truncate -s "$3" "$work/$1/01-pipeline/h$i.hpp"; done
}
many numerous 600 10
ipclab 60 grade --tree "$work/numerous" --lab 01 --check one-stage
[ "$came" -eq 1 ] && says 'more than 64 source files'; say_result "64 source files at most" $? "$out"
many heavy 5 1000000
ipclab 60 grade --tree "$work/heavy" --lab 01 --check one-stage
[ "$came" -eq 1 ] && says 'larger than 4 MiB'; say_result "4 MiB of sources at most" $? "$out"
many large 1 2000000
ipclab 60 grade --tree "$work/large" --lab 01 --check one-stage
[ "$came" -eq 1 ] && says 'larger than 1 MiB'; say_result "1 MiB of one source at most" $? "$out"

# ---------------------------------------------------------------- names
put names 01-pipeline/pipeline.cpp escapes-in-names
ipclab 60 grade --tree "$work/names" --lab 01 --check one-stage
grep -q owned <<<"$out" && ! raw "$out"; say_result "the name of an object is escaped" $? "$(cat -v <<<"$out")"
put race 09-shared-memory/ring.cpp escapes-in-sanitizer-text
ipclab 120 grade --tree "$work/race" --lab 09 --check race
! raw "$out"; say_result "a sanitizer's text is escaped" $? "$(cat -v <<<"$out" | grep -a owned)"
put invisible 01-pipeline/pipeline.cpp invisible-characters
ipclab 60 grade --tree "$work/invisible" --lab 01 --check one-stage --json "$work/json/i.json"
says 'u{061c}' && ! odd "$out" && ! odd "$(cat "$work/json/i.json")"; say_result "invisible characters are escaped" $? "$out"
put header 01-pipeline/pipeline.cpp takes-its-rights
mkfifo "$work/header/01-pipeline/"$'\e]0;owned\a\e[2J100.hpp'
ipclab 60 grade --tree "$work/header" --lab 01 --check one-stage
grep -q owned <<<"$out" && ! raw "$out"; say_result "the name of a header is escaped" $? "$(cat -v <<<"$out")"
ipclab 60 grade --tree "$work"/$'tree\e]0;owned\a' --lab 01
! raw "$out"; say_result "the name of a tree is escaped" $? "$(cat -v <<<"$out")"
ipclab 60 grade $'--nonsense\e]0;owned\a'
[ "$came" -eq 2 ] && ! raw "$out"; say_result "an option that nobody knows is escaped" $? "$(cat -v <<<"$out")"

# ---------------------------------------------------------------- whose trouble
copy_course "$work/without"
rm "$work/without/build/gate"
as_ordinary_user
uhome=$work/without ubuild=$work/without/build
ipclab 60 grade --tree solutions --lab 01
[ "$came" -eq 2 ] && grep -q "the grader's trouble" <<<"$out" && ! grep -q FAIL <<<"$out"; say_result "the gate is missing: could not be checked (exit $came for 2)" $? "$out"
as_who_runs_this
mkdir -p "$work/killed/01-pipeline"
{ cat "$IPCLAB_HOME/solutions/01-pipeline/pipeline.cpp"; echo "// $RANDOM$RANDOM"; } >"$work/killed/01-pipeline/pipeline.cpp"
ipclab_in_background grade --tree "$work/killed" --lab 01 --check one-stage --json "$work/killed.json"
killed=0
while [ $killed -eq 0 ] && lives "$grader"; do
  for p in $(below "$grader"); do [ "$(cat "/proc/$p/comm" 2>/dev/null)" = cc1plus ] && kill -KILL "$p" && killed=1; done
done
await_end "$grader" 30
grep -q '"result": "could not be checked"' "$work/killed.json" && [ $killed -eq 1 ]
say_result "the compiler's process is killed: could not be checked" $? "$(cat "$work/bg.out")"

# ---------------------------------------------------------------- interrupted
ipclab_in_background prove --lab 00 --again
until [ -n "$(below "$grader")" ] || ! lives "$grader"; do sleep 0.05; done
sleep 2
kill -INT "$grader"
await_end "$grader" 10; ended=$?
[ $ended -eq 0 ] && [ "$(wc -l <"$work/bg.out")" -eq 1 ] && grep -q 'interrupted: 00-descriptors' "$work/bg.out"
say_result "Ctrl-C in prove: one line, at once" $? "$(head -5 "$work/bg.out")"

# ---------------------------------------------------------------- an old kernel
if out=$(cd "$IPCLAB_HOME" && setarch "$(uname -m)" --uname-2.6 "$IPCLAB_BUILD/ipclab" grade --tree solutions --lab 01 2>&1); came=$?; [ $came -ne 127 ]; then
  [ $came -eq 2 ] && [ "$(wc -l <<<"$out")" -eq 1 ] && says 'needs 5.14'; say_result "an old kernel is refused in one sentence" $? "$out"
  out=$(cd "$IPCLAB_HOME" && setarch "$(uname -m)" --uname-2.6 "$IPCLAB_BUILD/ipclab" doctor 2>&1)
  says 'needs 5.14'; say_result "and doctor says so" $? "$out"
fi

# ---------------------------------------------------------------- what is shown
if command -v script >/dev/null; then
  ipclab 60 grade --tree solutions --lab 01 --check one-stage
  plain=$(head -1 <<<"$out")
  coloured=$(cd "$IPCLAB_HOME" && setsid -w timeout 60 script -qec "$IPCLAB_BUILD/ipclab grade --tree solutions --lab 01 --check one-stage 2>/dev/null" /dev/null </dev/null | sed 's/\x1b\[[0-9;]*[mK]//g; s/\r//g' | grep -a '^01-pipeline')
  [ "$plain" = "$coloured" ]; say_result "the coloured headline ends in the same column" $? "$plain"$'\n'"$coloured"
fi

# ---------------------------------------------------------------- what is kept
as_ordinary_user
put long 01-pipeline/pipeline.cpp name-of-255-bytes
ipclab 60 grade --tree "$work/long" --lab 01 --check one-stage --keep
[ "$came" -eq 1 ] && says 'kept: build/kept/01-pipeline/one-stage/' && ls "$ubuild/kept/01-pipeline/one-stage" | grep -q '^n\{255\}$'
say_result "a name of 255 bytes is kept" $? "$out"
bad=0 said=''
for _ in 1 2 3; do
  pids=()
  for k in a b; do
    (cd "$uhome" && IPCLAB_HOME=$uhome IPCLAB_BUILD=$ubuild setsid -w timeout 120 "${user[@]}" "$ubuild/ipclab" grade --tree solutions --lab 00 --keep --json "$work/json/$k.json" >"$work/keep.$k" 2>&1 </dev/null) &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || { bad=$((bad + 1)); said=$(tail -3 "$work/keep.a" "$work/keep.b"); }; done
done
[ "$bad" -eq 0 ] && [ -z "$(find "$ubuild/kept" -name '.new-*')" ]; say_result "two graders that keep do not end each other" $? "$said"
put swapped 01-pipeline/pipeline.cpp fifo-swapped-in
bad=0
for _ in 1 2 3 4; do
  PATIENCE=0.1 ipclab 40 grade --tree "$work/swapped" --lab 01 --check one-stage --keep
  [ "$came" -eq 1 ] || { bad=$((bad + 1)); said=$out; }
done
[ "$bad" -eq 0 ]; say_result "a FIFO that is swapped in holds nobody" $? "$said"

# ---------------------------------------------------------------- what is left
export TMPDIR=/tmp/ipclab-attack-$$ # below /tmp, which a room hides
mkdir -m 1777 "$TMPDIR" && chmod 1777 "$TMPDIR"
out=$(cd "$uhome" && echo exit | IPCLAB_HOME=$uhome IPCLAB_BUILD=$ubuild setsid -w timeout 60 "${user[@]}" "$ubuild/ipclab" shell --lab 01 --tree solutions 2>&1)
[ -z "$(ls -A "$TMPDIR")" ]; say_result "a shell in a room leaves no folder" $? "$(ls -lA "$TMPDIR")"
rm -rf "$TMPDIR"
export TMPDIR=$work/tmp IPCLAB_RUNG=4
rm -rf "${TMPDIR:?}"/*
for program in takes-its-rights leaves-a-deep-tree; do
  put "$program" 01-pipeline/pipeline.cpp "$program"
  ipclab 60 grade --tree "$work/$program" --lab 01 --check one-stage
  says '[0-9]/[0-9]' && [ -z "$(ls -A "$TMPDIR")" ]; say_result "rung 4, $program: no scratch folder stays" $? "$out$(ls -lA "$TMPDIR")"
done
unset IPCLAB_RUNG

say_sum
