// One end of a stream connection, the check's own, with a program at the other. It sends in any pieces, with descriptors or without,
// reads or does not read, and leaves in each of the ways there are. Knows nothing of what the bytes mean.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.hpp"
#include "play/subject/stream.hpp"
#include "play/testbed/testbed.hpp"
#include "play/testbed/wait.hpp"
#include "play/verdict/verdict.hpp"

namespace play {

class Connection {
 public:
  Connection(Connection&&) = default;
  Connection& operator=(Connection&&) = delete;
  /// Closes, as close() does.
  ~Connection();

  void send(const std::string& bytes) { send_with(bytes, {}); }
  /// Copies of these descriptors, at most 253, go with the first byte, in one SCM_RIGHTS message (unix(7)).
  void send_with(const std::string& bytes, const std::vector<int>& fds);
  /// The kernel has taken all that was sent. Who has closed takes nothing more.
  Verdict has_sent_all();
  size_t unsent() const { return stream_->unsent(); }
  /// The other side has read all that was sent.
  Verdict has_been_read();

  /// From now on it reads no more than so many bytes; everything again, as in the beginning.
  void read_only(size_t bytes);
  void read_again();
  /// From now on it reads each byte alone: so a descriptor is known by the byte it came with.
  void read_by_the_byte() { stream_->by_the_byte = true; }

  /// What comes next is exactly this; and where each byte is read alone, no descriptor comes with it.
  Verdict receives(const std::string& bytes) { return receives_with(bytes, 0); }
  /// The same, and so many descriptors come with its first byte, none with another. Each byte has to be read alone.
  Verdict receives_with(const std::string& bytes, size_t descriptors);
  /// What comes next is a line that begins so, of at most `most` bytes with its newline; and where each byte is read alone, no
  /// descriptor comes with it.
  Verdict receives_line(const std::string& beginning, size_t most);
  /// Those that have come since the last call, in their order, 300 at most; close-on-exec.
  std::vector<base::Fd> take_descriptors();
  /// Nothing more comes, as long as the check does nothing.
  Verdict receives_nothing();
  /// Nothing more comes but end-of-file, and no reset.
  Verdict meets_end_of_file();
  /// Nothing more comes, and the other side has closed: by end-of-file or by a reset.
  Verdict is_closed();
  /// All of it; what no verdict has looked at; whether end-of-file or a reset has come after it. By now, without waiting.
  const std::string& received() const;
  std::string_view unread() const;
  bool is_over() const;

  /// shutdown(2) with SHUT_WR, when all is sent: the other side reads end-of-file.
  void end_writing();
  /// close(2): where it has left something unread, the other side meets a reset.
  void close();
  /// close(2) with SO_LINGER of 0 s (socket(7)): the other side meets a reset at once.
  void reset();

  const std::string& name() const { return name_; }

 protected:
  /// `name` is how verdicts call it: "client 3"; `other` is who is at the other end: "the server".
  Connection(Testbed& testbed, std::string name, std::string other);
  void note(const std::string& what) const;
  Verdict failed(const std::string& expected, const Waited& waited) const;
  Verdict differs(const std::string& expected, const std::string& actual) const;

  Testbed* testbed_;
  std::string name_, other_;
  std::shared_ptr<Stream> stream_;

 private:
  /// Waits for a byte that was not looked at, or for end-of-file or a reset.
  Waited more_or_end() const;
  /// What a failure says of it: sent, received, and what lies unread where.
  std::vector<std::string> state() const;
  /// The next `size` bytes are as they should be: so are the descriptors.
  Verdict came_with(const std::string& expected, size_t size, size_t descriptors);
  std::string ended_how() const, ends_before() const;
};

}  // namespace play
