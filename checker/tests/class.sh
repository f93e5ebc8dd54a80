#!/usr/bin/env bash
# A class graded as an instructor would: honest, wrong and hostile submissions; once from scratch, and once killed at random moments and
# gone on with. The grades are the same to the byte, nobody's points change beside a neighbour, and nothing is left behind.
set -u
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
failures=0
broken() { echo "class.sh: $*" >&2; failures=$((failures + 1)); }
home=$IPCLAB_HOME
export INSTALL=yes
"$home/tools/prepare" class || { echo "class.sh: GNU parallel or bsdtar is missing: not run"; exit 77; }
unset IPCLAB_LAB IPCLAB_TREE IPCLAB_CHECK IPCLAB_JSON IPCLAB_KEEP SEED PATIENCE

folder=$here/export
program() { mkdir -p "$folder/$1/01-pipeline" && cat >"$folder/$1/01-pipeline/pipeline.cpp"; }
copy() { program "$1" <"$2"; }
copy "Ada Lovelace_1_assignsubmission_file_" "$home/solutions/01-pipeline/pipeline.cpp"
copy "Zoë_2_assignsubmission_file_" "$home/solutions/01-pipeline/pipeline.cpp"
copy "Begun_3_assignsubmission_file_" "$home/labs/01-pipeline/pipeline.cpp"
copy "Shell_4_assignsubmission_file_" "$home/checker/faults/01-pipeline/becomes-a-shell.cpp"
echo 'int main() { return "nonsense"; }' | program "No compile_5_assignsubmission_file_"
printf '#include <unistd.h>\nint main() { for (;;) fork(); }\n' | program "Bomb_6_assignsubmission_file_"
printf '#include <csignal>\n#include <unistd.h>\nint main() { kill(-1, SIGKILL); kill(0, SIGKILL); kill(getppid(), SIGKILL); for (;;) {} }\n' | program "Killer_7_assignsubmission_file_"
mkdir -p "$folder/Link_8_assignsubmission_file_" && ln -s "$home/solutions/01-pipeline/pipeline.cpp" "$folder/Link_8_assignsubmission_file_/pipeline.cpp"
printf 'Last name,First name,ID number\nLovelace,Ada,1\nNobody,Nemo,99\n' >"$here/roster.csv"

grade() { IPCLAB_SUBMISSIONS=$folder IPCLAB_OUT=$1 IPCLAB_LAB=01 "$home/tools/class"; }
points_of() { sed -n "s/.*\"$1\",\"[^\"]*\",\"[^\"]*\",\"[^\"]*\",\"\([^\"]*\)\".*/\1/p" "$2"; }
left_over() { pgrep -a -f -- "$here/"; }

# From scratch.
grade "$here/first" >"$here/first.txt" 2>&1
[ $? -eq 0 ] || { broken "a class without anything refused did not end with 0"; cat "$here/first.txt"; }
csv=$here/first/grades.csv
[ "$(points_of "Ada Lovelace" "$csv")" = 100 ] || broken "the solution has not 100"
[ "$(points_of "Zoë" "$csv")" = 100 ] || broken "the solution of somebody with another script's name has not 100"
[ "$(points_of Begun "$csv")" = 0 ] || broken "the skeleton has not 0"
[ "$(points_of "No compile" "$csv")" = 0 ] || broken "what does not compile has not 0"
for hostile in Shell Bomb Killer; do
  points=$(points_of $hostile "$csv")
  [ -n "$points" ] && [ "$points" -le 20 ] || broken "$hostile has '$points' points"
done
[ -z "$(points_of Link "$csv")" ] || broken "a link to the solution has points"
grep -q "a link or a device" "$here/first.txt" || broken "it is not said that a link was left out"

# Again: nothing has changed, so nothing is graded.
grade "$here/first" >"$here/again.txt" 2>&1
grep -q "to grade" "$here/again.txt" && broken "what had not changed was graded again"

# One has handed in anew: that one alone.
echo '// a word more' >>"$folder/Ada Lovelace_1_assignsubmission_file_/01-pipeline/pipeline.cpp"
cp -r "$here/first" "$here/changed"
grade "$here/changed" 2>&1 | grep -q "1 to grade" || broken "not exactly what had changed was graded"
cmp -s "$csv" "$here/changed/grades.csv" || broken "a comment more has changed the grades"

# Killed at random moments, and gone on with: under the same secret, what was whole is not done again.
mkdir "$here/killed" && cp "$here/first/secret" "$here/killed/"
done_in() { find "$1/results" -name '*.key' 2>/dev/null | wc -l; }
for signal in KILL INT TERM KILL; do
  already=$(done_in "$here/killed")
  env --default-signal=INT setsid bash -c 'IPCLAB_SUBMISSIONS=$1 IPCLAB_OUT=$2 IPCLAB_LAB=01 exec "$3/tools/class"' - "$folder" "$here/killed" "$home" >/dev/null 2>&1 &
  victim=$!
  until [ "$(done_in "$here/killed")" -gt "$already" ] || ! kill -0 "$victim" 2>/dev/null; do read -rt 0.02 <> <(:); done
  for _ in $(seq $((RANDOM % 10))); do read -rt 0.02 <> <(:); done
  [ $signal = INT ] && kill -INT -- "-$victim" 2>/dev/null || kill -$signal "$victim" 2>/dev/null # Ctrl-C goes to the whole group
  wait "$victim" 2>/dev/null
  at_its_end=$(done_in "$here/killed")
  while [ -n "$(left_over)" ]; do read -rt 0.1 <> <(:); done # a grading that is under way comes to its end; whoever never does, hangs here
  # Nobody has begun anything after it.
  [ "$(done_in "$here/killed")" -le $((at_its_end + $(nproc))) ] || broken "after SIG$signal the class was graded on"
done
grade "$here/killed" >"$here/killed.txt" 2>&1 || broken "the class that was killed does not end with 0"
cmp -s "$csv" "$here/killed/grades.csv" || { broken "grades differ after kills"; diff "$csv" "$here/killed/grades.csv"; }

# A roster: who is missing is named, and who is not on it.
IPCLAB_ROSTER=$here/roster.csv grade "$here/first" >"$here/roster.txt" 2>&1
grep -A1 "Nemo Nobody" "$here/roster.txt" | grep -q "nothing was handed in" || broken "who is missing is not named"
grep -q "nobody on the roster" "$here/roster.txt" || broken "who is not on the roster is not named"
tr -d '\r"' <"$here/first/roster-with-grades.csv" | diff - <(printf 'Last name,First name,ID number,01-pipeline\nLovelace,Ada,1,100\nNobody,Nemo,99,\n') || broken "the roster does not come back with its grades"

# The whole export as one archive.
(cd "$folder" && bsdtar -a -c -f "$here/export.zip" .) && IPCLAB_SUBMISSIONS=$here/export.zip IPCLAB_OUT=$here/archive IPCLAB_LAB=01 "$home/tools/class" >"$here/archive.txt" 2>&1
[ "$(points_of "Zoë" "$here/archive/grades.csv")" = 100 ] || { broken "an export as one archive is not graded"; cat "$here/archive.txt"; }

# What is refused is an exit status of 1; a wrong command one of 2.
printf 'x' >"$folder/ken.zip"; (cd "$here" && ln -s /etc/passwd evil.cpp && bsdtar -c -P -s '|evil|../evil|' -f "$folder/climb.tar" evil.cpp 2>/dev/null)
grade "$here/first" >"$here/refused.txt" 2>&1
[ $? -eq 1 ] || broken "a refused submission does not end with 1"
IPCLAB_SUBMISSIONS=$here/nothing "$home/tools/class" >/dev/null 2>&1
[ $? -eq 2 ] || broken "a folder that is not there does not end with 2"
IPCLAB_SUBMISSIONS=$home/solutions IPCLAB_OUT=$here/wrong "$home/tools/class" >"$here/wrong.txt" 2>&1
[ $? -eq 2 ] && grep -q "one student's folder" "$here/wrong.txt" || broken "one student's folder is taken for a class"
IPCLAB_RUNG=4 grade "$here/weak" >"$here/weak.txt" 2>&1
[ $? -eq 2 ] && grep -q "UNTRUSTED=no" "$here/weak.txt" || broken "a weak room grades strangers' programs"
[ -z "$(left_over)" ] || broken "something runs on: $(left_over)"

# What students get: nothing that would do their work, and it can be built and graded.
if git -C "$home" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
  IPCLAB_OUT=$here/students IPCLAB_VERSION=autumn-1 "$home/tools/handout" >/dev/null || broken "the students' tree is not made"
  for secret in solutions checker/faults checker/variants checker/tests slides; do [ ! -e "$here/students/$secret" ] || broken "students get $secret"; done
  [ "$(cat "$here/students/VERSION")" = autumn-1 ] || broken "the students' tree has another version"
  cmake -S "$here/students" -B "$here/students/build" >"$here/cmake.txt" 2>&1 || { broken "the students' tree cannot be configured"; tail -5 "$here/cmake.txt"; }
  (cd "$here/students" && IPCLAB_HOME=$here/students "$IPCLAB_BUILD/ipclab" grade --lab 00 --json "$here/students.json") >"$here/students.txt"
  [ $? -eq 1 ] && grep -q "begin with TODO 1" "$here/students.txt" || broken "the students' tree is not graded as one that is to be begun"
  mkdir "$here/mine" && IPCLAB_OUT=$here/mine "$home/tools/handout" >/dev/null 2>&1 && broken "a folder that is no handout was written over"
fi
[ "$failures" -eq 0 ] && echo "class.sh: all as it should be"
exit "$((failures > 0))"
