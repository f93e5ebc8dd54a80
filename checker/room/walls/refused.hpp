// What no namespace keeps in is refused: sockets such as vsock(7), with the error of a kernel that was built without them; io_uring(7),
// which goes round that; keyrings(7), perf, bpf and userfaultfd. The filter is put together once and installed in every program.
#pragma once

namespace room {

/// Puts the filter together, for this process and all that it forks. Called by itself where nobody has.
void prepare_refusals();

/// In the process that is to be a program, after PR_SET_NO_NEW_PRIVS: binds it and all it starts, for good.
void refuse_ways_out();

}  // namespace room
