// A client on a stream socket, whose end is the check's own (socket(7), unix(7), tcp(7)). It sends in any pieces, reads or does not
// read, and leaves in each of the ways there are. What it sends goes as far as the kernel takes it at once, the rest whenever the
// programs are pumped. Knows nothing of what the bytes mean.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "play/subject/address.hpp"
#include "play/testbed/testbed.hpp"
#include "play/testbed/wait.hpp"
#include "play/verdict/verdict.hpp"

namespace play {

class Client {
 public:
  /// It has no connection yet. `name` is how verdicts call it: "client 3".
  Client(Testbed& testbed, std::string name);
  Client(Client&&) = default;
  /// Closes, as close() does.
  ~Client();

  /// It has a connection, accepted or not: a listener's backlog takes it (listen(2)).
  Verdict reaches(const Address& address);
  /// Nobody listens there (ECONNREFUSED), or there is no such name (ENOENT): seen with a connection of its own.
  Verdict is_refused_at(const Address& address);

  void send(const std::string& bytes);
  /// The kernel has taken all that was sent. A server that has closed takes nothing more.
  Verdict has_sent_all();
  size_t unsent() const;

  /// From now on it reads no more than so many bytes; everything again, as in the beginning.
  void read_only(size_t bytes);
  void read_again();

  /// What comes next is exactly this.
  Verdict receives(const std::string& bytes);
  /// Nothing more comes, as long as the check does nothing.
  Verdict receives_nothing();
  /// Nothing more comes but end-of-file, and no reset.
  Verdict meets_end_of_file();
  /// Nothing more comes, and the server has closed: by end-of-file or by a reset.
  Verdict is_closed();
  /// All of it; what no verdict has looked at; whether end-of-file or a reset has come after it. By now, without waiting.
  const std::string& received() const;
  std::string_view unread() const;
  bool is_over() const;

  /// shutdown(2) with SHUT_WR, when all is sent: the server reads end-of-file.
  void end_writing();
  /// close(2): where it has left something unread, the server meets a reset.
  void close();
  /// close(2) with SO_LINGER of 0 s (socket(7)): the server meets a reset at once.
  void reset();

  const std::string& name() const { return name_; }

 private:
  struct Line;
  /// Waits for a connection: 0, or the errno it was refused with. Nothing where neither comes.
  std::optional<int> connect(const Address& address, Waited& waited);
  /// Waits for a byte that was not looked at, or for end-of-file or a reset.
  Waited more_or_end() const;
  void note(const std::string& what) const;
  /// What a failure says of it: sent, received, and what lies unread where.
  std::vector<std::string> state() const;
  Verdict failed(const std::string& expected, const Waited& waited) const;
  Verdict differs(const std::string& expected, const std::string& actual) const;

  Testbed* testbed_;
  std::string name_;
  std::shared_ptr<Line> line_;
};

}  // namespace play
