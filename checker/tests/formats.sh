#!/usr/bin/env bash
# What is exported, held against the schemas that others wrote for it, and read as its reader would: the golden files, and a grading
# made here. Gradescope's scripts, where that is a folder. Exit status 77 where xmllint is missing; what else could not be tried is said.
# CLASSROOM50_SCHEMA names result-v1.schema.json of Classroom 50, which is under the GPL and so not part of this course.
set -u
cd "$IPCLAB_HOME" || exit 2
golden=checker/tests/golden
ipclab=$IPCLAB_BUILD/ipclab
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tried=0 failed=0
untried() { echo "not tried: $*"; }
holds() {  # holds NAME COMMAND...
  local name=$1
  shift
  tried=$((tried + 1))
  "$@" >"$work/said" 2>&1 && return
  failed=$((failed + 1))
  echo "$name:"
  cat "$work/said"
}

export CLASSROOM=cs-ipc ASSIGNMENT=pipeline OWNER=alice SUBMISSION_TAG=submit/x
export COMMIT_URL=https://git.example/c RELEASE_URL=https://git.example/r
unset IPCLAB_LAB IPCLAB_CHECK IPCLAB_TREE IPCLAB_JSON IPCLAB_FORMAT IPCLAB_OUTPUT
"$ipclab" grade --tree labs --lab 00 --json "$work/labs.json" >/dev/null
"$ipclab" grade --tree solutions --lab 00 --json "$work/solutions.json" >/dev/null
for run in labs solutions; do
  for format in autolab classroom50 github gradescope junit prairielearn report; do
    "$ipclab" export "$format" "$work/$run.json" --output "$work/out/$run.$format" && continue
    failed=$((failed + 1))
    echo "$run in $format: not exported"
  done
done

# Gradescope's scripts in a folder laid out as theirs, with this course in the place of the copy that the zip has.
mkdir -p "$work/gradescope/source" "$work/gradescope/submission"
ln -s "$IPCLAB_HOME" "$work/gradescope/source/course"
printf 00 >"$work/gradescope/source/lab"
graded() {  # graded TEXT: what run_autograder leaves has it
  AUTOGRADER_ROOT=$work/gradescope INSTALL=no tools/platforms/gradescope/run_autograder >"$work/stdout" 2>&1
  grep -q -- "$1" "$work/gradescope/results/results.json" || { cat "$work/stdout" "$work/gradescope/results/results.json"; false; }
}
holds "nothing handed in" graded 'There are no sources in what was handed in'
cp solutions/00-descriptors/*.cpp "$work/gradescope/submission/"
ln -s /etc/passwd "$work/gradescope/submission/link.cpp"
holds "the solution on Gradescope" graded '"score": 100'
AUTOGRADER_SECONDS=0.1 holds "a grading that takes too long" graded 'could not be checked\|did not end'

if command -v xmllint >/dev/null; then
  for file in $golden/junit.xml "$work"/out/*.junit; do holds "$file" xmllint --noout --nonet --schema $golden/junit.xsd "$file"; done
else
  untried "JUnit against its schema: there is no xmllint (libxml2-utils)"
fi
if command -v python3 >/dev/null; then
  for file in $golden/{gradescope,prairielearn,classroom50}.json "$work"/out/*.{gradescope,prairielearn,classroom50}; do
    holds "$file" python3 -m json.tool "$file"
  done
  if [ -n "${CLASSROOM50_SCHEMA:-}" ] && python3 -c 'import jsonschema' 2>/dev/null; then
    for file in $golden/classroom50.json "$work"/out/*.classroom50; do
      holds "$file" python3 -c 'import json, sys, jsonschema
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))' "$CLASSROOM50_SCHEMA" "$file"
    done
  else
    untried "Classroom 50 against its schema: CLASSROOM50_SCHEMA or python3-jsonschema is missing"
  fi
else
  untried "JSON in another's reader: there is no python3"
fi
if command -v ruby >/dev/null; then  # Autolab's own reader
  for file in $golden/autolab.txt "$work"/out/*.autolab; do
    holds "$file" ruby -rjson -e 'scores = JSON.parse(File.read(ARGV[0]).rstrip.lines.last.gsub(/([a-zA-Z0-9]+):/, %q("\1":)))["scores"]
exit !scores.empty?' "$file"
  done
else
  untried "Autolab's last line in Ruby"
fi

[ "$failed" -eq 0 ] || exit 1
echo "$tried passed"
command -v xmllint >/dev/null || exit 77
