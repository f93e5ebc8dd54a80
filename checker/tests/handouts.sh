#!/usr/bin/env bash
# What a handout shows as ```console is what a shell says to the finished program: each such block is typed into one, line by
# line, and compared. `...` at the end of a line stands for the rest of it, alone for any number of lines. Nothing else of a
# handout is run.
set -u
export LC_ALL=C.UTF-8
course=$IPCLAB_HOME
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
blocks=0 lines=0 faults=0

# The console blocks of a handout, a file each: block-01, block-02, ... Those in a list are set in.
blocks_of() {
  awk -v folder="$2" '
    /^ *```console$/ { match($0, /^ */); indent = RLENGTH; file = sprintf("%s/block-%02d", folder, ++n); next }
    /^ *```$/ && file { close(file); file = ""; next }
    file { print substr($0, indent + 1) > file }' "$1"
}

# What a shell prints for each command, a file each beside the block: what it should print lies there too.
play() {
  awk -v block="$1" '
    /^\$ / { ++n; printf "exec >%s.said-%02d 2>&1\n%s\n", block, n, substr($0, 3); printf "" > (block sprintf(".wanted-%02d", n)); next }
    { print > (block sprintf(".wanted-%02d", n)) }' "$1" >"$1.script"
  (cd "$2" && timeout 60 bash "$1.script")
}

matches() { [[ $2 == "$1" || $1 == *... && $2 == "${1%...}"* ]]; }

same() {  # wanted, said
  local wanted said any=no
  exec 3<"$1" 4<"$2"
  while IFS= read -r wanted <&3; do
    [ "$wanted" != ... ] || { any=yes; continue; }
    IFS= read -r said <&4 || return 1
    while [ $any = yes ] && ! matches "$wanted" "$said"; do IFS= read -r said <&4 || return 1; done
    matches "$wanted" "$said" || return 1
    any=no
  done
  [ $any = yes ] || ! IFS= read -r said <&4
}

for handout in "$course"/labs/*/README.md; do
  lab=$(basename "$(dirname "$handout")")
  mkdir -p "$work/$lab"
  blocks_of "$handout" "$work/$lab"
  ls "$work/$lab"/block-?? >/dev/null 2>&1 || continue
  mkdir "$work/$lab/programs"
  for source in "$course/solutions/$lab"/*.cpp; do
    c++ -std=c++20 -O1 -pthread -I"$course/labs" "$source" -o "$work/$lab/programs/$(basename "$source" .cpp)" || faults=$((faults + 1))
  done
  for block in "$work/$lab"/block-??; do
    blocks=$((blocks + 1))
    play "$block" "$work/$lab/programs"
    for wanted in "$block".wanted-*; do
      lines=$((lines + 1))
      same "$wanted" "${wanted/wanted/said}" && continue
      faults=$((faults + 1))
      printf '%s, %s: the handout says\n%s\nand a shell\n%s\n' "$lab" "$(basename "$wanted")" "$(cat "$wanted")" "$(cat "${wanted/wanted/said}")"
    done
  done
done
echo "handouts: $blocks blocks, $lines commands, $faults faults"
[ "$faults" -eq 0 ] && [ "$lines" -gt 20 ]
