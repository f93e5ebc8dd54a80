// The check as a server: a listening socket of its own, for programs that connect (listen(2)).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "play/subject/address.hpp"
#include "play/subject/connection.hpp"

namespace play {

class Listener {
 public:
  /// Listens there at once. `other` is how verdicts call who connects: "take". Throws Obstructed where a program has taken the name.
  Listener(Testbed& testbed, const Address& address, std::string other);
  Listener(Listener&&) = default;
  ~Listener();

  /// Somebody connects: `connection` is the check's end of it.
  Verdict is_reached(std::optional<Connection>& connection);
  /// Nobody has connected who was not met, as long as the check does nothing.
  Verdict is_reached_by_nobody();
  /// As by a server that has ended: the name of a UNIX socket stays.
  void close() { fd_->reset(); }
  /// Where it listens: with the port that it was given, where none was asked for.
  Address address() const;

 private:
  bool somebody_waits() const;

  Testbed* testbed_;
  Address address_;
  std::string other_;
  std::shared_ptr<base::Fd> fd_;
};

}  // namespace play
