// Sockets that no namespace keeps in (vsock(7) and its like) are refused, with the error of a kernel that was built
// without them. The filter is put together once and installed in every program.
#pragma once

namespace room {

/// Puts the filter together, for this process and all that it forks. Called by itself where nobody has.
void prepare_socket_filter();

/// In the process that is to be a program, after PR_SET_NO_NEW_PRIVS: binds it and all it starts, for good.
void refuse_other_sockets();

}  // namespace room
