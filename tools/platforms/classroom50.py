#!/usr/bin/env python3
"""Grades a submission for Classroom 50: autograders/ASSIGNMENT/autograder.py of a classroom.

Beside it lie course/, a copy of this course, and lab, a file with the number of the lab ("01"); both are fetched with it, and are no
part of a student's repository. Called in the student's checkout, with the submission in the environment (CLASSROOM, ASSIGNMENT,
SUBMISSION_TAG, ...). Leaves result.json there. Status 0: graded; anything else: the grader's trouble, and the platform says so.
"""

import os
import pathlib
import secrets
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
COURSE = pathlib.Path(os.environ.get("IPC_LABS", HERE / "course"))
CHECKOUT = pathlib.Path.cwd()
SECONDS = 12 * 60  # the platform's own limit is 15 minutes


def lab() -> str:
    named = HERE / "lab"
    return os.environ.get("IPC_LABS_LAB") or (named.read_text().strip() if named.is_file() else "")


def ipclab(before: list, words: list, stdout=None) -> int:
    return subprocess.run(before + ["./ipclab"] + words, cwd=COURSE, env=dict(os.environ, INSTALL="yes"), check=False,
                          stdin=subprocess.DEVNULL, stdout=stdout).returncode


def main() -> int:
    with tempfile.TemporaryDirectory() as work:
        tree, grading = f"{work}/tree", f"{work}/grading.json"
        if subprocess.run([COURSE / "tools/platforms/take-in", CHECKOUT, tree, lab()], check=False).returncode != 0:
            os.makedirs(tree, exist_ok=True)  # graded all the same: each check then says that there is no source
        ipclab(["timeout", "--signal=INT", "--kill-after=20", str(SECONDS)],
               ["grade", "--copied", "--tree", tree, "--lab", lab(), "--json", grading], stdout=subprocess.DEVNULL)
        # What is printed in a workflow's log can be a command to it. Until this word comes again, which nobody knows, nothing is.
        word = secrets.token_hex(16)
        print(f"::stop-commands::{word}", flush=True)
        ipclab([], ["export", "report", grading])
        print(f"::{word}::", flush=True)
        # Ends with 2 where something could not be checked: the platform has no other word for it.
        return ipclab([], ["export", "classroom50", grading, "--output", str(CHECKOUT / "result.json")])


if __name__ == "__main__":
    sys.exit(main())
