#!/usr/bin/env bash
# The same course for other users and in weaker rooms: as an ordinary user, with namespaces refused, on rung 4.
# Needs IPCLAB_HOME and IPCLAB_BUILD, as ctest sets them.
set -u
. "$(dirname "${BASH_SOURCE[0]}")/attack/on_the_machine.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 asked=0

expect() { # NAME TEXT COMMAND...: ends with 0 and prints TEXT
  local name=$1 text=$2 out
  shift 2
  asked=$((asked + 1))
  if ! out=$("$@" 2>&1 </dev/null) || ! grep -qE -- "$text" <<<"$out"; then
    failed=$((failed + 1))
    printf '%s:\n%s\n' "$name" "$out"
  fi
}

# Where the machine's objects are shared every check has removed its own; nothing else runs beside this test.
leaves_nothing() { # NAME TEXT COMMAND...: expected as above, and the machine is as it was
  local before
  before=$(on_the_machine)
  expect "$@"
  expect "$1: nothing is left on the machine" '^none$' sh -c 'diff "$1" "$2" && echo none' sh <(echo "$before") <(on_the_machine)
}

# A copy that everybody may read, in case this one lies where only its owner can look.
chmod 755 "$work"
cp -r "$IPCLAB_HOME/labs" "$IPCLAB_HOME/solutions" "$work/" && mkdir -p "$work/checker" "$work/build"
cp -r "$IPCLAB_HOME/checker/catalogue" "$work/checker/"
for program in ipclab harness-tests gate session_leader below_strace waiters hangs peers forgers passers hostile; do cp "$IPCLAB_BUILD/$program" "$work/build/"; done
cp "$IPCLAB_BUILD"/*.so "$work/build/" 2>/dev/null
export IPCLAB_HOME=$work IPCLAB_BUILD=$work/build
as=()
if [ "$(id -u)" -eq 0 ]; then
  chown -R 61234 "$work"
  as=(setpriv --reuid=61234 --regid=61234 --clear-groups)  # a user with no processes of its own
fi
cd "$work" || exit 2
grade=(./build/ipclab grade --tree solutions)

expect "an ordinary user" '100/100' "${as[@]}" "${grade[@]}"
leaves_nothing "an ordinary user, on rung 4" 'weaker here' "${as[@]}" env IPCLAB_RUNG=4 "${grade[@]}"
expect "an ordinary user's harness" 'SUCCESS' "${as[@]}" ./build/harness-tests -sf='*quiet.cpp,*words.cpp,*hostile.cpp'
leaves_nothing "the harness on rung 4" 'SUCCESS' "${as[@]}" env IPCLAB_RUNG=4 ./build/harness-tests -sf='*quiet.cpp,*words.cpp'
if [ "$(id -u)" -eq 0 ]; then
  rm -rf build/results build/solutions && chown -R root "$work"
  leaves_nothing "root on rung 4" 'weaker here' env IPCLAB_RUNG=4 "${grade[@]}"
  chown -R 61234 "$work"
fi
# A machine that refuses namespaces: user_namespaces(7), the limit that an administrator may set.
if "${as[@]}" unshare -Ur true 2>/dev/null; then
  refuse='echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"'
  leaves_nothing "namespaces refused" 'weaker here' "${as[@]}" unshare -Ur sh -c "$refuse" sh "${grade[@]}"
  expect "namespaces refused, said by doctor" 'sysctl' "${as[@]}" unshare -Ur sh -c "$refuse" sh sh -c './build/ipclab doctor; true'
else
  echo "this machine refuses user namespaces anyway: nothing to simulate"
fi

echo "$((asked - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
