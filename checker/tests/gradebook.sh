#!/usr/bin/env bash
# The gradebook's pages in a browser: sorting, searching, keys, a phone's width, print, 1,000 students, hostile names.
# With --pictures FOLDER pages are left there as PNG and PDF. Exit status 77 where Node, npm or Chromium are missing: could not run.
set -u
pages=$(mktemp -d) || exit 2
trap 'rm -rf -- "$pages"' EXIT
IPCLAB_PAGES=$pages "$IPCLAB_BUILD/harness-tests" -tc="pages for a browser*" >"$pages/log" 2>&1 || { cat "$pages/log"; exit 1; }
# What drives the browser is among the packages of the slides.
"$IPCLAB_HOME/tools/slides" --run "$IPCLAB_HOME/checker/tests/gradebook.mjs" "$pages" "$@"
