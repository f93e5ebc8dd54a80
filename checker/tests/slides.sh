#!/usr/bin/env bash
# The lectures: nothing on them is stale, all they cite exists, every slide fits its frame and can be read.
# Exit status 77 where Node, npm, Chromium or the manual are missing: could not run.
exec "$IPCLAB_HOME/tools/slides" --check
