// The check as a client: a connection that it asks a program's listener for (connect(2)).
#pragma once

#include <optional>
#include <string>

#include "play/subject/address.hpp"
#include "play/subject/connection.hpp"
#include "play/subject/peer.hpp"

namespace play {

class Client : public Connection {
 public:
  /// It has no connection yet. `name` is how verdicts call it: "client 3".
  Client(Testbed& testbed, std::string name) : Connection(testbed, std::move(name), "the server") {}

  /// It has a connection, accepted or not: a listener's backlog takes it (listen(2)).
  Verdict reaches(const Address& address);
  /// The same over UNIX, but who connects is that process: to the server it is the peer (unix(7), SO_PEERCRED), whoever sends.
  Verdict reaches_through(Peer& peer, const Address& address);
  /// Nobody listens there (ECONNREFUSED), or there is no such name (ENOENT): seen with a connection of its own.
  Verdict is_refused_at(const Address& address);

 private:
  /// Waits for a connection: 0, or the errno it was refused with. Nothing where neither comes.
  std::optional<int> connect(const Address& address, Peer* through, Waited& waited);
  Verdict reaches(const Address& address, Peer* through);
};

}  // namespace play
