// What a program that serves sockets does where a client of it waits in vain: the cause is then seen at the server, not at the client.
#pragma once

#include "play/subject/program.hpp"

namespace play {

/// The verdict on a client, with the server's part in it: it has ended; or it sleeps in a call that waits for one client alone, while
/// everybody waits for it. As it was where it passed, and while the server is stopped.
Verdict explained_by_server(Verdict verdict, Program& server);

}  // namespace play
