# What the tests of attacks have in common: who grades, trees of hostile programs, and how a result is told. To be sourced.
# Needs IPCLAB_HOME and IPCLAB_BUILD, as ctest sets them. Every grader runs in a session of its own, so that whatever a
# program brings it to send reaches nobody else.
attack=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${IPCLAB_HOME:?}" "${IPCLAB_BUILD:?}"
# Not in /tmp, which the room's own mounts hide: what lies here is outside of every room.
work=$(mktemp -d /var/tmp/ipclab-attack-XXXXXX)
chmod 755 "$work"
mkdir -m 1777 "$work/json" "$work/tmp"
export TMPDIR=$work/tmp
started=()
clean_up() {
  local pid
  for pid in "${started[@]}"; do end_session "$pid"; done
  chmod -R u+rwx "$work" 2>/dev/null
  rm -rf "$work"
}
trap clean_up EXIT
failed=0 asked=0

say_result() { # NAME GOOD(0/1) DETAILS
  asked=$((asked + 1))
  [ "$2" -eq 0 ] && return
  failed=$((failed + 1))
  printf 'FAILS  %s\n' "$1"
  [ -z "${3:-}" ] || sed 's/^/       | /' <<<"$3" | cut -c1-220 | head -12
}
say_sum() { echo "$((asked - failed)) passed, $failed failed"; [ "$failed" -eq 0 ]; }

# A copy that another user may run, as elsewhere.sh makes one.
user=() uhome=$IPCLAB_HOME ubuild=$IPCLAB_BUILD
copy_course() { # FOLDER
  mkdir -p "$1/checker" "$1/build"
  cp -r "$IPCLAB_HOME/labs" "$IPCLAB_HOME/solutions" "$1/"
  cp -r "$IPCLAB_HOME/checker/catalogue" "$1/checker/"
  cp "$IPCLAB_BUILD"/{ipclab,gate,session_leader,below_strace,unsafe_calls.so} "$1/build/"
  [ "$(id -u)" -ne 0 ] || chown -R 61234 "$1"
}
as_ordinary_user() {
  [ -d "$work/course" ] || copy_course "$work/course"
  uhome=$work/course ubuild=$work/course/build
  [ "$(id -u)" -ne 0 ] || user=(setpriv --reuid=61234 --regid=61234 --clear-groups --)
}
as_who_runs_this() { user=() uhome=$IPCLAB_HOME ubuild=$IPCLAB_BUILD; }

# ipclab for at most SECONDS: `out` and `came`.
out='' came=0
ipclab() { # SECONDS ARGUMENTS...
  local seconds=$1
  shift
  out=$(cd "$uhome" && IPCLAB_HOME=$uhome IPCLAB_BUILD=$ubuild setsid -w timeout -k 2 "$seconds" "${user[@]}" "$ubuild/ipclab" "$@" 2>&1 </dev/null)
  came=$?
}
# Whether the report has this sentence, wherever its lines are broken.
says() { tr -s ' \n' ' ' <<<"$out" | grep -q -- "$1"; }
# The same in the background: its output in $work/bg.out, its pid in `grader`.
grader=0
ipclab_in_background() {
  rm -f "$work/grader.pid"
  # shellcheck disable=SC2016
  (cd "$uhome" && IPCLAB_HOME=$uhome IPCLAB_BUILD=$ubuild exec setsid bash -c 'echo $$ >"$0"; exec "$@"' "$work/grader.pid" "${user[@]}" "$ubuild/ipclab" "$@" >"$work/bg.out" 2>&1 </dev/null) &
  disown
  until [ -s "$work/grader.pid" ]; do sleep 0.02; done
  grader=$(cat "$work/grader.pid")
  started+=("$grader")
}

below() { # PID: its descendants
  local child
  for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do echo "$child"; below "$child"; done
}
lives() { # PID
  local state
  state=$(sed 's/.*) \(.\).*/\1/' "/proc/$1/stat" 2>/dev/null)
  [ -n "$state" ] && [ "$state" != Z ]
}
await_end() { # PID SECONDS
  local i
  for ((i = 0; i < $2 * 20; i++)); do lives "$1" || return 0; sleep 0.05; done
  return 1
}
end_session() { # everything in the session that PID leads, and below it
  local p
  for p in $(below "$1"; ps -o pid= -s "$1" 2>/dev/null); do kill -KILL "$p" 2>/dev/null; done
}

put() { # TREE LAB/FILE PROGRAM: PROGRAM.cpp of this folder as a student's file
  mkdir -p "$work/$1/${2%/*}"
  cp "$attack/$3.cpp" "$work/$1/$2"
  chmod -R a+rX "$work/$1"
}
raw() { LC_ALL=C grep -aqP '[\x00-\x08\x0b-\x1f\x7f]' <<<"$1"; } # a control code
odd() { LC_ALL=C grep -aqP '[\x80-\xff]' <<<"${1//[└├│·]/}"; }     # a letter that is neither ASCII nor a sign of ours
