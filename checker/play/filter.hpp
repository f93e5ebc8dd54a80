// A kernel that behaves otherwise, for one program: filters of its system calls (seccomp(2)) that make a signal vanish,
// or refuse a disposition or a sending. For Order::prepare: each binds the calling process and all that it starts, for
// good, and lets every other call pass.
// Knows x86-64 and arm64; elsewhere a filter throws, and its check could not be made.
#pragma once

namespace play::filter {

/// Every call that would send this signal says that it has been sent, and does nothing.
void swallow(int signal);

/// The disposition of this signal can be neither set nor asked for: EINVAL, as for SIGKILL.
void refuse_disposition(int signal);

/// Every call that would send a signal fails with this error.
void refuse_sending(int error);

}  // namespace play::filter
