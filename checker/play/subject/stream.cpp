#include "play/subject/stream.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <utility>

#include "base/passing.hpp"
#include "see/tcp_rows.hpp"

namespace play {
namespace {

// More than any check asks for: a program that passes one after the other must not use up the check's own table.
constexpr size_t most_passed = 300;

}  // namespace

void Stream::send(const std::string& bytes, const std::vector<int>& fds) {
  Piece& piece = waiting_.emplace_back(Piece{bytes, {}});
  for (const int one : fds) piece.fds.emplace_back(base::must(fcntl(one, F_DUPFD_CLOEXEC, 0), "fcntl"));
  serve();
}

void Stream::close() {
  fd.reset();
  passed_.clear();
  for (Piece& piece : waiting_) piece.fds.clear();
}

bool Stream::serve() {
  if (!fd || begun) return false;
  return static_cast<int>(put()) + static_cast<int>(take()) > 0;
}

bool Stream::put() {
  bool moved = false;
  while (!waiting_.empty() && !refuses_) {
    Piece& next = waiting_.front();
    if (next.bytes.empty()) {
      waiting_.pop_front();
      continue;
    }
    std::vector<int> fds;
    for (const base::Fd& one : next.fds) fds.push_back(one.get());
    const ssize_t gone = base::send_with(fd.get(), next.bytes, fds, MSG_DONTWAIT);
    if (gone < 0 && errno == EINTR) continue;
    if (gone < 0 && errno == EAGAIN) return moved;
    if (gone < 0 && errno != EPIPE && errno != ECONNRESET) base::fail("sendmsg");
    if (gone < 0) refuses_ = true;  // what had come before can still be read
    else next.bytes.erase(0, static_cast<size_t>(gone)), next.fds.clear(), sent_ += static_cast<size_t>(gone);
    moved = true;
  }
  if (ends_writing && !std::exchange(has_ended_writing_, true)) {
    shutdown(fd.get(), SHUT_WR);
    moved = true;
  }
  return moved;
}

bool Stream::take() {
  bool moved = false;
  // Bounded, so that a program that answers without end cannot keep the check here.
  for (int rounds = by_the_byte ? 4096 : 64; rounds > 0 && !is_over() && received_.size() < most; --rounds) {
    char bytes[1 << 16];
    std::vector<base::Fd> fds;
    const std::span<char> piece(bytes, by_the_byte ? 1 : std::min(sizeof bytes, most - received_.size()));
    const ssize_t got = base::receive_with(fd.get(), piece, fds, MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return moved;
    for (base::Fd& one : fds) {
      came_with_.push_back(received_.size());
      if (passed_.size() < most_passed) passed_.push_back({received_.size(), std::move(one)});
    }
    if (got <= 0) over_ = got == 0 ? Over::end_of_file : Over::reset;
    else received_.append(bytes, static_cast<size_t>(got));
    moved = true;
  }
  return moved;
}

void Stream::wait_for(std::vector<pollfd>& polls) const {
  if (!fd || is_over()) return;
  short events = 0;
  if (received_.size() < most) events |= POLLIN;
  if (begun || (!waiting_.empty() && !refuses_)) events |= POLLOUT;
  if (events != 0) polls.push_back({fd.get(), events, 0});
}

size_t Stream::unsent() const {
  size_t bytes = 0;
  for (const Piece& piece : waiting_) bytes += piece.bytes.size();
  return bytes;
}

size_t Stream::passed_within(size_t from, size_t to) const {
  return static_cast<size_t>(std::ranges::count_if(came_with_, [&](size_t at) { return at >= from && at < to; }));
}

size_t Stream::lies_unread() const {
  if (!fd) return 0;
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  if (is_tcp && getsockname(fd.get(), reinterpret_cast<sockaddr*>(&own), &size) == 0) {
    const unsigned port = ntohs(reinterpret_cast<const sockaddr_in&>(own).sin_port);  // the same place in both families
    for (const see::TcpRow& row : see::tcp_rows())
      if (row.peer_port == port && row.unread > 0) return row.unread;
    return 0;
  }
  int memory = 0;
  return ioctl(fd.get(), SIOCOUTQ, &memory) == 0 && memory > 0 ? 1 : 0;
}

}  // namespace play
