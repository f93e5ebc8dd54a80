// The check's end of a stream connection, served whenever the programs are pumped (socket(7), unix(7), tcp(7)): what it sends goes
// as far as the kernel takes it at once, the rest later. Never waits, never judges: that is Connection's.
#pragma once

#include <deque>
#include <poll.h>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.hpp"

namespace play {

class Stream {
 public:
  enum class Over { no, end_of_file, reset };

  /// A descriptor that came, and the byte of all that was received with which it came: the first of its read.
  struct Passed {
    size_t at;
    base::Fd fd;
  };

  base::Fd fd;
  bool begun = false;  ///< connect(2) is under way
  bool is_tcp = false;
  bool ends_writing = false;        ///< shutdown(2) comes when all is sent
  size_t most = std::string::npos;  ///< reads up to so many bytes in all
  bool by_the_byte = false;         ///< reads each byte alone
  size_t looked_at = 0;             ///< of what was received

  void send(const std::string& bytes, const std::vector<int>& fds);
  /// Of it and of the descriptors that it has kept; what was received stays.
  void close();
  /// True when anything moved.
  bool serve();
  void wait_for(std::vector<pollfd>& polls) const;

  size_t sent() const { return sent_; }  ///< what the kernel has taken
  size_t unsent() const;
  bool has_ended_writing() const { return has_ended_writing_; }
  bool refuses() const { return refuses_; }  ///< the other side has closed: it takes nothing more
  const std::string& received() const { return received_; }
  std::string_view rest() const { return std::string_view(received_).substr(looked_at); }
  std::vector<Passed>& passed() { return passed_; }
  /// How many have come with each of these bytes, those that are kept no more included.
  size_t passed_within(size_t from, size_t to) const;
  Over over() const { return over_; }
  bool is_over() const { return over_ != Over::no; }
  /// How much of what was sent lies unread in the other side's socket; 0: nothing. A UNIX socket says only whether: 1 (it counts
  /// the memory, not the bytes).
  size_t lies_unread() const;

 private:
  struct Piece {
    std::string bytes;
    std::vector<base::Fd> fds;
  };
  bool put();
  bool take();

  std::deque<Piece> waiting_;  ///< what the kernel has not taken yet
  size_t sent_ = 0;
  bool has_ended_writing_ = false;
  bool refuses_ = false;
  std::string received_;
  std::vector<Passed> passed_;
  std::vector<size_t> came_with_;  ///< the byte, for each descriptor that ever came
  Over over_ = Over::no;
};

}  // namespace play
