// On the weakest rung nothing of the kernel's keeps a check and its programs together. So a process of ours stands between
// grader and worker: whatever the worker leaves comes to it (PR_SET_CHILD_SUBREAPER), and when the worker has ended, or
// the grader has, however that was, it ends all that is left.
#pragma once

#include <functional>
#include <sys/types.h>

#include "base/fd.hpp"

namespace grade {

/// Called in the forked process that is to be the guard. Forks the worker, which runs `work` and does not return; then
/// waits for its end, or for the other side of `lifeline` to close, ends every process below, calls `afterwards` with the
/// worker's pid, and ends as the worker did.
[[noreturn]] void stand_guard(const base::Fd& lifeline, const std::function<void()>& work,
                              const std::function<void(pid_t worker)>& afterwards);

}  // namespace grade
