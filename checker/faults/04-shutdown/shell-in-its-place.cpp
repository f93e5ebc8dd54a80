// Fails: first-job
// Draws: process/stands-in

// A script of a shell does everything: jobs, signals, STATE.
#include <unistd.h>

int main(int argc, char** argv) {
  const char* script = R"(
    [ $# = 2 ] || { echo usage >&2; exit 2; }
    read -ra words <"$1" && [ ${#words[@]} -gt 0 ] || { echo "$1: no word" >&2; exit 1; }
    stop= n=0 job= ended=0
    trap '[ "$stop" ] || echo stopping; stop=1' TERM
    trap '[ "$stop" ] && { [ "$job" ] && kill -9 -$job; trap - INT; kill -INT $$; }; echo stopping; stop=1' INT
    trap 'read -ra new <"$1" && [ ${#new[@]} -gt 0 ] && { words=("${new[@]}"); echo config; } || echo config kept' HUP
    trap '[ "$job" ] && echo "status $n busy $line" || echo "status $n idle"' USR1
    echo ready
    run() {
      echo "$line" >"$2" || exit 1
      echo "$1 $line"
      set -m; "${words[@]}" "$line" </dev/null & job=$!; set +m
      while wait $job; s=$?; kill -0 $job 2>/dev/null; do :; done
      rm -f "$2"; job=; n=$((n + 1)); echo "end $s $line"
    }
    [ -s "$2" ] && { line=$(cat "$2"); run again "$2"; }
    while [ ! "$stop" ]; do
      IFS= read -r line; s=$?
      [ $s -gt 128 ] && continue
      [ $s -ne 0 ] && [ ! "$line" ] && exit 0
      run start "$2"
    done
  )";
  const char* words[] = {"bash", "-c", script, "steady", argc > 1 ? argv[1] : nullptr, argc > 2 ? argv[2] : nullptr, argc > 3 ? argv[3] : nullptr, nullptr};
  execv("/bin/bash", const_cast<char**>(words));
  return 1;
}
