#include "play/subject/client.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <utility>

#include "base/text.hpp"
#include "play/verdict/failure.hpp"
#include "see/tcp_rows.hpp"

namespace play {

/// The connection, which the testbed serves for as long as it is open.
struct Client::Line {
  enum class Over { no, end_of_file, reset };

  base::Fd fd;
  bool begun = false;    ///< connect(2) is under way
  std::string waiting;   ///< what the kernel has not taken yet
  size_t sent = 0;       ///< what it has
  bool ends_writing = false, has_ended_writing = false;
  bool refuses = false;  ///< the server has closed: it takes nothing more
  size_t most = std::string::npos;  ///< reads up to so many bytes in all
  std::string received;
  size_t looked_at = 0;
  Over over = Over::no;
  bool is_tcp = false;

  std::string_view rest() const { return std::string_view(received).substr(looked_at); }
  bool is_over() const { return over != Over::no; }
  bool serve();
  void wait_for(std::vector<pollfd>& polls) const;
  std::string lies_unread() const;

 private:
  bool put();
  bool take();
};

bool Client::Line::serve() {
  if (!fd || begun) return false;
  return static_cast<int>(put()) + static_cast<int>(take()) > 0;
}

bool Client::Line::put() {
  bool moved = false;
  while (!waiting.empty() && !refuses) {
    const ssize_t gone = ::send(fd.get(), waiting.data(), waiting.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (gone < 0 && errno == EINTR) continue;
    if (gone < 0 && errno == EAGAIN) return moved;
    if (gone < 0) refuses = true;  // EPIPE, ECONNRESET: what had come before can still be read
    else waiting.erase(0, static_cast<size_t>(gone)), sent += static_cast<size_t>(gone);
    moved = true;
  }
  if (ends_writing && !std::exchange(has_ended_writing, true)) {
    shutdown(fd.get(), SHUT_WR);
    moved = true;
  }
  return moved;
}

bool Client::Line::take() {
  bool moved = false;
  // Bounded, so that a server that answers without end cannot keep the check here.
  for (int rounds = 0; rounds < 64 && over == Over::no && received.size() < most; ++rounds) {
    char piece[1 << 16];
    const ssize_t got = recv(fd.get(), piece, std::min(sizeof piece, most - received.size()), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return moved;
    if (got <= 0) over = got == 0 ? Over::end_of_file : Over::reset;
    else received.append(piece, static_cast<size_t>(got));
    moved = true;
  }
  return moved;
}

void Client::Line::wait_for(std::vector<pollfd>& polls) const {
  if (!fd || over != Over::no) return;
  short events = 0;
  if (received.size() < most) events |= POLLIN;
  if (begun || (!waiting.empty() && !refuses)) events |= POLLOUT;
  if (events != 0) polls.push_back({fd.get(), events, 0});
}

// Over TCP the server's row says how much; a UNIX socket says only whether (unix(7)): it counts the memory, not the bytes.
std::string Client::Line::lies_unread() const {
  if (!fd) return {};
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  if (is_tcp && getsockname(fd.get(), reinterpret_cast<sockaddr*>(&own), &size) == 0) {
    const unsigned port = ntohs(reinterpret_cast<const sockaddr_in&>(own).sin_port);  // the same place in both families
    for (const see::TcpRow& row : see::tcp_rows())
      if (row.peer_port == port && row.unread > 0) return fmt::format("{} bytes of that lie unread in the server's socket", row.unread);
    return {};
  }
  int memory = 0;
  if (ioctl(fd.get(), SIOCOUTQ, &memory) == 0 && memory > 0) return "some of that lies unread in the server's socket";
  return {};
}

Client::Client(Testbed& testbed, std::string name) : testbed_(&testbed), name_(std::move(name)), line_(std::make_shared<Line>()) {
  testbed.on_pump([line = line_] { return line->serve(); }, [line = line_](std::vector<pollfd>& polls) { line->wait_for(polls); });
}

Client::~Client() {
  if (line_) line_->fd.reset();
}

void Client::note(const std::string& what) const { testbed_->note_act(name_ + " " + what); }

std::vector<std::string> Client::state() const {
  std::vector<std::string> lines;
  const std::string took = line_->received.empty() ? "nothing" : base::quote_end(line_->received, 200);
  std::string sent = fmt::format("{} has sent {} bytes", name_, line_->sent);
  if (!line_->waiting.empty()) sent += fmt::format(", {} more are not taken by the kernel", line_->waiting.size());
  if (line_->has_ended_writing) sent += ", and then end-of-file";
  if (const std::string lies = line_->lies_unread(); !lies.empty()) sent += "; " + lies;
  lines.push_back(sent);
  lines.push_back(fmt::format("it has received {}{}", took,
                              line_->over == Line::Over::no ? "" : line_->over == Line::Over::reset ? ", and then a reset" : ", and then end-of-file"));
  return lines;
}

Verdict Client::failed(const std::string& expected, const Waited& waited) const {
  Evidence e = failed_wait(*testbed_, expected, waited);
  const std::vector<std::string> mine = state();
  e.lines.insert(e.lines.begin(), mine.begin(), mine.end());
  return Verdict::no(with_context(*testbed_, std::move(e)));
}

Verdict Client::differs(const std::string& expected, const std::string& actual) const {
  return Verdict::no(with_context(*testbed_, Evidence{.expected = expected, .actual = actual, .lines = state()}));
}

std::optional<int> Client::connect(const Address& address, Waited& waited) {
  line_->is_tcp = !address.is_unix();
  int refused = 0;
  waited = wait_until(*testbed_, [&] {
    if (!line_->fd) {
      line_->fd = address.connected();
      refused = line_->fd ? 0 : errno;
      line_->begun = line_->is_tcp && line_->fd;
    }
    if (line_->begun) {
      pollfd ready{line_->fd.get(), POLLOUT, 0};
      if (poll(&ready, 1, 0) <= 0) return false;
      socklen_t size = sizeof refused;
      getsockopt(line_->fd.get(), SOL_SOCKET, SO_ERROR, &refused, &size);
      line_->begun = false;
      if (refused != 0) line_->fd.reset();
    }
    return refused != EAGAIN;
  });
  if (!waited && refused != EAGAIN) return std::nullopt;
  return refused;
}

Verdict Client::reaches(const Address& address) {
  note("connects to " + address.text());
  const std::string expected = fmt::format("{} has a connection to {}", name_, address.text());
  Waited waited{};
  const auto refused = connect(address, waited);
  if (refused == 0) return Verdict::yes();
  if (!refused) return failed(expected, waited);
  if (refused != EAGAIN) return differs(expected, fmt::format("connect() says {}", strerror(*refused)));
  return failed(expected, waited).where("the listener's backlog is full: connections wait there, and nobody accepts them (accept(2))");
}

Verdict Client::is_refused_at(const Address& address) {
  const std::string expected = fmt::format("nobody listens on {}", address.text());
  Client other(*testbed_, name_);
  Waited waited{};
  const auto refused = other.connect(address, waited);
  if (refused == ECONNREFUSED || refused == ENOENT) return Verdict::yes();
  if (!refused) return other.failed(expected, waited);
  return other.differs(expected, *refused == 0 ? "a connection is made" : fmt::format("connect() says {}", strerror(*refused)));
}

void Client::send(const std::string& bytes) {
  note(bytes.size() > 60 ? fmt::format("sends {} bytes", bytes.size()) : "sends " + base::quote(bytes));
  line_->waiting += bytes;
  line_->serve();
}

Verdict Client::has_sent_all() {
  const Waited waited = wait_until(*testbed_, [&] { return line_->waiting.empty() || line_->refuses; });
  if (line_->waiting.empty()) return Verdict::yes();
  const std::string expected = fmt::format("the server takes what {} sends", name_);
  return line_->refuses ? differs(expected, "it has closed the connection") : failed(expected, waited);
}

size_t Client::unsent() const { return line_->waiting.size(); }

void Client::read_only(size_t bytes) {
  note(bytes == 0 ? "does not read" : fmt::format("reads no more than {} bytes", bytes));
  line_->most = line_->received.size() + bytes;
}

void Client::read_again() {
  note("reads again");
  line_->most = std::string::npos;
}

Verdict Client::receives(const std::string& bytes) {
  const std::string expected = fmt::format("{} receives {}", name_, bytes.size() > 60 ? fmt::format("{} bytes", bytes.size()) : base::quote(bytes));
  const auto came = [&] { return line_->rest().substr(0, bytes.size()); };
  const auto parted = [&] { return !std::string_view(bytes).starts_with(came()); };
  const Waited waited = wait_until(*testbed_, [&] { return came() == bytes || parted() || line_->is_over(); });
  if (came() == bytes) {
    line_->looked_at += bytes.size();
    return Verdict::yes();
  }
  if (parted()) return differs(expected, base::first_difference(bytes, line_->rest()));
  if (line_->is_over()) return differs(expected, line_->over == Line::Over::reset ? "the connection is reset before" : "the server closes before");
  return failed(expected, waited);
}

Waited Client::more_or_end() const {
  return wait_until(*testbed_, [&] { return !line_->rest().empty() || line_->is_over(); });
}

Verdict Client::receives_nothing() {
  const std::string expected = fmt::format("{} receives nothing", name_);
  const Waited waited = more_or_end();
  if (!line_->rest().empty()) return differs(expected, "it receives " + base::quote(line_->rest(), 200));
  if (line_->is_over()) return differs(expected, line_->over == Line::Over::reset ? "the connection is reset" : "the server closes");
  return waited.outcome == Waited::Outcome::spent ? failed(expected, waited) : Verdict::yes();
}

Verdict Client::meets_end_of_file() {
  const std::string expected = fmt::format("{} meets end-of-file", name_);
  const Waited waited = more_or_end();
  if (!line_->rest().empty()) return differs(expected, "it receives " + base::quote(line_->rest(), 200));
  if (line_->over == Line::Over::reset) return differs(expected, "the connection is reset");
  return line_->is_over() ? Verdict::yes() : failed(expected, waited);
}

Verdict Client::is_closed() {
  const std::string expected = fmt::format("the server closes the connection of {}", name_);
  const Waited waited = more_or_end();
  if (!line_->rest().empty()) return differs(expected, "it answers " + base::quote(line_->rest(), 200));
  return line_->is_over() ? Verdict::yes() : failed(expected, waited);
}

const std::string& Client::received() const {
  testbed_->pump();
  return line_->received;
}

std::string_view Client::unread() const {
  testbed_->pump();
  return line_->rest();
}

bool Client::is_over() const {
  testbed_->pump();
  return line_->is_over();
}

void Client::end_writing() {
  note("ends its writing half");
  line_->ends_writing = true;
  line_->serve();
}

void Client::close() {
  note("closes");
  line_->fd.reset();
}

void Client::reset() {
  note("resets the connection");
  const linger at_once{1, 0};
  setsockopt(line_->fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  line_->fd.reset();
}

}  // namespace play
