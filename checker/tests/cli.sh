#!/usr/bin/env bash
# The command line as a person meets it: sentences, exit statuses, and what happens when things go wrong.
# Needs IPCLAB_HOME and IPCLAB_BUILD, as ctest sets them.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 asked=0
cd "$IPCLAB_HOME" || exit 2
ipclab=$IPCLAB_BUILD/ipclab

# expect NAME STATUS TEXT COMMAND...: the command ends with STATUS and prints TEXT, an extended regular expression.
expect() {
  local name=$1 status=$2 text=$3 out came
  shift 3
  out=$("$@" 2>&1 </dev/null)
  came=$?
  asked=$((asked + 1))
  # A sentence may be broken anywhere: it is looked for in the lines, and in all of them as one.
  if [ "$came" -ne "$status" ] || ! { grep -qE -- "$text" <<<"$out" || tr -s ' \n' ' ' <<<"$out" | grep -qE -- "$text"; }; then
    failed=$((failed + 1))
    printf '%s: status %s for %s, and it should print "%s":\n%s\n' "$name" "$came" "$status" "$text" "$out"
  fi
}

tree() { # a tree with one lab 01 whose program is the text on standard input
  mkdir -p "$work/$1/01-pipeline"
  cat >"$work/$1/01-pipeline/pipeline.cpp"
}

expect "the solutions" 0 '100/100' "$ipclab" grade --tree solutions --lab 01
expect "a number without zero" 0 '100/100' "$ipclab" grade --tree solutions --lab 1
expect "a name" 0 '100/100' "$ipclab" grade --tree solutions --lab pipeline
expect "one check" 0 'ok .*end-of-file' "$ipclab" grade --tree solutions --lab 01 --check end-of-file
expect "the skeletons" 1 '0/100' "$ipclab" grade
expect "the first failure in full" 1 'again: make grade LAB=' "$ipclab" grade
expect "no such lab" 2 'there is no lab "nonsense"; there are ' "$ipclab" grade --lab nonsense
expect "no such check" 2 'there is no check "nonsense"' "$ipclab" grade --lab 01 --check nonsense
expect "a check mistyped" 2 'did you mean end-of-file' "$ipclab" grade --lab 01 --check endoffile
expect "a diagnosis mistyped" 2 'did you mean pipe/.*or pipe/write-end-kept-open' "$ipclab" explain write-end
expect "a lab mistyped" 2 'did you mean pipeline' "$ipclab" grade --lab pipline
expect "make in a lab's own folder" 0 'ok .*end-of-file' make -C solutions/../labs/01-pipeline grade TREE=solutions CHECK=end-of-file
expect "a narrow terminal" 0 '^             ' env COLUMNS=50 "$ipclab" grade --tree solutions --lab 00
expect "no such tree" 2 'there is no folder' "$ipclab" grade --tree "$work/nowhere"
expect "an unknown option" 2 'not expected|unknown' "$ipclab" grade --nonsense
expect "no command" 2 'subcommand' "$ipclab"
expect "help" 0 'grade' "$ipclab" --help
expect "a diagnosis" 0 'man 7 pipe' "$ipclab" explain pipe/write-end-kept-open
expect "no such diagnosis" 2 'there is no diagnosis' "$ipclab" explain pipe/nonsense
expect "a path is no diagnosis" 2 'there is no diagnosis' "$ipclab" explain ../faults
expect "the list of diagnoses" 0 'pipe/write-end-kept-open +The program' "$ipclab" explain

echo 'int main() { return nothing; }' | tree broken
expect "a program that does not compile" 1 "does not compile" "$ipclab" grade --tree "$work/broken" --lab 01
expect "the compiler's first error" 1 "error: .*nothing.* was not declared|use of undeclared identifier" "$ipclab" grade --tree "$work/broken" --lab 01
printf 'int main() { int unused; }' | tree warned
expect "the compiler's warning" 1 '^  warning: 01-pipeline/pipeline.cpp:1:.*unused' "$ipclab" grade --tree "$work/warned" --lab 01
expect "the compiler's warning, the second time" 1 '^  warning: 01-pipeline/pipeline.cpp:1:.*unused' "$ipclab" grade --tree "$work/warned" --lab 01
mkdir -p "$work/empty/01-pipeline"
expect "no source" 1 'there is no file' "$ipclab" grade --tree "$work/empty" --lab 01
mkdir -p "$work/none"
expect "no folder" 1 'but there is no folder' "$ipclab" grade --tree "$work/none" --lab 01
mkdir -p "$work/link/01-pipeline" && ln -s /etc/passwd "$work/link/01-pipeline/pipeline.cpp"
expect "a link in place of the source" 1 'not an ordinary file' "$ipclab" grade --tree "$work/link" --lab 01
mkdir -p "$work/fifo/01-pipeline" && mkfifo "$work/fifo/01-pipeline/pipeline.cpp"
expect "a FIFO in place of the source" 1 'not an ordinary file' "$ipclab" grade --tree "$work/fifo" --lab 01
printf '#include "/dev/zero"\n' | tree zero
expect "a source that includes /dev/zero" 1 'could not be compiled|does not compile' env PATIENCE=0.05 "$ipclab" grade --tree "$work/zero" --lab 01
printf '#include "%s/solutions/01-pipeline/pipeline.cpp"\n' "$IPCLAB_HOME" | tree thief
expect "a source that includes the solution" 1 'does not compile' "$ipclab" grade --tree "$work/thief" --lab 01
printf 'template <int n> struct T { T<n + 1> a; T<n + 2> b; }; T<0> t; int main() {}' | tree bomb
expect "a template without end" 1 'compile' "$ipclab" grade --tree "$work/bomb" --lab 01
echo 'int main() {}' | tree silent
expect "a program that only ends" 1 ' 0/100' "$ipclab" grade --tree "$work/silent" --lab 01
printf '#include <cstdio>\nint main() { std::puts("\\033[2J\\033]0;owned\\a 100/100"); }' | tree escapes
expect "control codes are shown, not sent" 1 '\\x1b' "$ipclab" grade --tree "$work/escapes" --lab 01
mkdir -p "$work/a path – wîth spaces" && cp -r solutions/01-pipeline "$work/a path – wîth spaces/"
expect "a path with spaces and other letters" 0 '100/100' "$ipclab" grade --tree "$work/a path – wîth spaces" --lab 01
expect "results elsewhere" 0 '100/100' "$ipclab" grade --tree solutions --lab 01 --json "$work/out/r.json"
expect "results are there" 0 '"result": "passed"' cat "$work/out/r.json"
expect "an export" 0 '<testsuite name="01-pipeline"' "$ipclab" export junit "$work/out/r.json"
expect "an export by make" 0 '<testsuite name="01-pipeline"' make -s export FORMAT=junit JSON="$work/out/r.json"
expect "an export into a folder to be made" 0 '^$' "$ipclab" export gradescope "$work/out/r.json" --output "$work/made/results.json"
expect "an export is there" 0 '"score": 100' cat "$work/made/results.json"
ln -s /etc/passwd "$work/made/link"
expect "an export into a link" 2 'no ordinary file' "$ipclab" export junit "$work/out/r.json" --output "$work/made/link"
expect "no such format" 2 'there is no format "junt"; there are junit, autolab, ' "$ipclab" export junt
expect "no format" 2 'which format\? There are autolab, ' "$ipclab" export
expect "the list of formats" 0 'gradescope +Gradescope' "$ipclab" export list
expect "an export of no results" 2 'there are no results in' "$ipclab" export junit "$work/nowhere.json"
expect "an export of no results.json" 2 'not a results.json' "$ipclab" export junit "$IPCLAB_HOME/ipclab"
expect "Classroom 50 without its environment" 2 'this is not set: CLASSROOM, ' env -u CLASSROOM -u ASSIGNMENT "$ipclab" export classroom50 "$work/out/r.json"
expect "results where nothing can be written" 2 'ipclab: ' "$ipclab" grade --tree solutions --lab 01 --json /proc/nowhere/r.json
expect "files are kept" 0 'kept: .*/kept/01-pipeline/side-by-side/,' "$ipclab" grade --tree solutions --lab 01 --check side-by-side --keep
expect "with a timeline" 0 'start: pipeline gate first' cat "$IPCLAB_BUILD/kept/01-pipeline/side-by-side/timeline.txt"
expect "a shell in the room" 7 '^hi$' bash -c "echo 'pipeline echo hi : cat; exit 7' | '$ipclab' shell --lab 01 --tree solutions"
expect "a shell by the id of a check" 7 '^hi$' bash -c "echo 'pipeline echo hi : cat; exit 7' | '$ipclab' shell 01-pipeline/end-of-file --tree solutions"
expect "a shell of no lab" 2 'which lab' "$ipclab" shell
expect "a handout of no lab" 2 'there is no lab "nonsense"' "$ipclab" handout --lab nonsense
expect "trees of the variants" 0 '/proof/01-pipeline/variant-' "$ipclab" prove --lab 01 --trees
expect "no terminal, no colours" 0 '^01-pipeline' "$ipclab" grade --tree solutions --lab 01
expect "a machine examined" 0 'Linux' bash -c "'$ipclab' doctor; true"

# Interrupted in the middle: what is known is kept, the rest is not run, nothing is left running.
printf '#include <cstdio>\nint main() { for (;;) {} }' | tree spins
PATIENCE=20 "$ipclab" grade --tree "$work/spins" --lab 01 --json "$work/spins.json" >"$work/spins.out" 2>&1 &
pid=$!
for _ in $(seq 500); do pgrep -P "$pid" >/dev/null && [ -e "$work/spins.json" ] && pgrep -x pipeline >/dev/null && break; sleep 0.02; done
kill -INT "$pid"
wait "$pid"
came=$?
asked=$((asked + 1))
if [ "$came" -ne 2 ] || ! grep -q '"result": "not run"' "$work/spins.json" || ! grep -q 'not run' "$work/spins.out"; then
  failed=$((failed + 1))
  echo "interrupted: status $came for 2"
  cat "$work/spins.out"
fi

# Help for somebody whose skeleton is no skeleton any more: what the TODO asked for is known from git. The fourth step shows the line.
if git clone -q "$IPCLAB_HOME" "$work/learner" 2>/dev/null; then
  mkdir "$work/built" && cp "$IPCLAB_BUILD"/{ipclab,gate,session_leader,below_strace,unsafe_calls.so} "$work/built/"
  sed '/if (piped) close(ends\[1\]);/d' solutions/01-pipeline/pipeline.cpp >"$work/learner/labs/01-pipeline/pipeline.cpp"
  as_learner() { (cd "$work/learner" && IPCLAB_HOME=$work/learner IPCLAB_BUILD=$work/built "$work/built/ipclab" "$@"); }
  expect "a write end that stays open" 1 'FAIL +10 +the reader meets end-of-file' as_learner grade --lab 01
  expect "the first hint asks" 0 '1 of 4 +A question.*Who still holds one' as_learner hint --lab 01
  expect "the second tells the idea" 0 '2 of 4 +The idea.*the last write end' as_learner hint --lab 01
  expect "the third has a plan" 0 '3 of 4 +A plan.*TODO 4 in pipeline.cpp, main' as_learner hint --lab 01
  expect "the fourth shows the lines" 0 '4 of 4 .*close\(ends\[1\]\)' as_learner hint --lab 01
fi

echo "$((asked - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
