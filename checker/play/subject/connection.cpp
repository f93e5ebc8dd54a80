#include "play/subject/connection.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <utility>

#include "base/text.hpp"
#include "play/verdict/failure.hpp"

namespace play {
namespace {

std::string in_short(const std::string& bytes) {
  return bytes.size() > 60 ? fmt::format("{} bytes", bytes.size()) : base::quote(bytes);
}

std::string count_of(size_t descriptors) {
  return descriptors == 0 ? "no descriptor" : fmt::format("{} descriptor{}", descriptors, descriptors == 1 ? "" : "s");
}

}  // namespace

Connection::Connection(Testbed& testbed, std::string name, std::string other)
    : testbed_(&testbed), name_(std::move(name)), other_(std::move(other)), stream_(std::make_shared<Stream>()) {
  testbed.on_pump([stream = stream_] { return stream->serve(); },
                  [stream = stream_](std::vector<pollfd>& polls) { stream->wait_for(polls); });
}

Connection::~Connection() {
  if (stream_) stream_->close();
}

void Connection::note(const std::string& what) const { testbed_->note_act(name_ + " " + what); }

std::vector<std::string> Connection::state() const {
  std::vector<std::string> lines;
  const std::string took = stream_->received().empty() ? "nothing" : base::quote_end(stream_->received(), 200);
  std::string sent = fmt::format("{} has sent {} bytes", name_, stream_->sent());
  if (stream_->unsent() > 0) sent += fmt::format(", {} more are not taken by the kernel", stream_->unsent());
  if (stream_->has_ended_writing()) sent += ", and then end-of-file";
  if (const size_t lies = stream_->lies_unread(); lies > 0)
    sent += fmt::format("; {} of that lie{} unread in the socket of {}", stream_->is_tcp ? fmt::format("{} bytes", lies) : "some",
                        stream_->is_tcp ? "" : "s", other_);
  lines.push_back(sent);
  lines.push_back(fmt::format("it has received {}{}", took, stream_->is_over() ? ", and then " + ended_how() : ""));
  return lines;
}

std::string Connection::ended_how() const { return stream_->over() == Stream::Over::reset ? "a reset" : "end-of-file"; }

std::string Connection::ends_before() const {
  return stream_->over() == Stream::Over::reset ? "the connection is reset before" : other_ + " closes before";
}

Verdict Connection::failed(const std::string& expected, const Waited& waited) const {
  Evidence e = failed_wait(*testbed_, expected, waited);
  const std::vector<std::string> mine = state();
  e.lines.insert(e.lines.begin(), mine.begin(), mine.end());
  return Verdict::no(with_context(*testbed_, std::move(e)));
}

Verdict Connection::differs(const std::string& expected, const std::string& actual) const {
  return Verdict::no(with_context(*testbed_, Evidence{.expected = expected, .actual = actual, .lines = state()}));
}

void Connection::send_with(const std::string& bytes, const std::vector<int>& fds) {
  note("sends " + in_short(bytes) + (fds.empty() ? "" : " with " + count_of(fds.size())));
  stream_->send(bytes, fds);
}

Verdict Connection::has_sent_all() {
  const Waited waited = wait_until(*testbed_, [&] { return stream_->unsent() == 0 || stream_->refuses(); });
  if (stream_->unsent() == 0) return Verdict::yes();
  const std::string expected = fmt::format("{} takes what {} sends", other_, name_);
  return stream_->refuses() ? differs(expected, "it has closed the connection") : failed(expected, waited);
}

Verdict Connection::has_been_read() {
  if (Verdict sent = has_sent_all(); !sent.passed()) return sent;
  const Waited waited = wait_until(*testbed_, [&] { return stream_->lies_unread() == 0; });
  return waited ? Verdict::yes() : failed(fmt::format("{} reads what {} has sent", other_, name_), waited);
}

void Connection::read_only(size_t bytes) {
  note(bytes == 0 ? "does not read" : fmt::format("reads no more than {} bytes", bytes));
  stream_->most = stream_->received().size() + bytes;
}

void Connection::read_again() {
  note("reads again");
  stream_->most = std::string::npos;
}

Verdict Connection::receives_with(const std::string& bytes, size_t descriptors) {
  std::string expected = fmt::format("{} receives {}", name_, in_short(bytes));
  if (descriptors > 0) expected += " and " + count_of(descriptors) + " with the first byte";
  const auto came = [&] { return stream_->rest().substr(0, bytes.size()); };
  const auto parted = [&] { return !std::string_view(bytes).starts_with(came()); };
  const Waited waited = wait_until(*testbed_, [&] { return came() == bytes || parted() || stream_->is_over(); });
  if (came() == bytes) return came_with(expected, bytes.size(), descriptors);
  if (parted()) return differs(expected, base::first_difference(bytes, stream_->rest()));
  return stream_->is_over() ? differs(expected, ends_before()) : failed(expected, waited);
}

Verdict Connection::receives_line(const std::string& beginning, size_t most) {
  const std::string expected = fmt::format("{} receives a line that begins with {}", name_, base::quote(beginning));
  const auto line = [&] { return stream_->rest().substr(0, stream_->rest().find('\n')); };
  const auto is_whole = [&] { return stream_->rest().find('\n') != std::string::npos; };
  const auto parted = [&] {
    return !line().substr(0, beginning.size()).starts_with(std::string_view(beginning).substr(0, line().size()));
  };
  const Waited waited = wait_until(*testbed_, [&] { return is_whole() || parted() || line().size() >= most || stream_->is_over(); });
  if (parted() || (is_whole() && line().size() < beginning.size()))
    return differs(expected, fmt::format("it receives {}", base::quote(std::string(line()), 200)));
  if (line().size() >= most) return differs(expected, fmt::format("the line is longer than {} bytes", most));
  if (is_whole()) return came_with(expected, line().size() + 1, 0);
  if (stream_->is_over() && !line().empty())
    return differs(expected, fmt::format("after {} comes {}", base::quote(std::string(line()), 200), ended_how()));
  if (stream_->is_over()) return differs(expected, ends_before());
  return failed(expected, waited);
}

Verdict Connection::came_with(const std::string& expected, size_t size, size_t descriptors) {
  const size_t from = stream_->looked_at;
  stream_->looked_at += size;
  if (!stream_->by_the_byte) return Verdict::yes();
  const size_t first = stream_->passed_within(from, from + 1), later = stream_->passed_within(from + 1, from + size);
  if (later > 0) return differs(expected, fmt::format("{} with its first byte, {} with a later one", count_of(first), later));
  if (first != descriptors)
    return differs(expected, fmt::format("{} come{} with them", count_of(first), first > 1 ? "" : "s"));
  return Verdict::yes();
}

std::vector<base::Fd> Connection::take_descriptors() {
  std::vector<base::Fd> taken;
  for (Stream::Passed& one : stream_->passed()) taken.push_back(std::move(one.fd));
  stream_->passed().clear();
  return taken;
}

Waited Connection::more_or_end() const {
  return wait_until(*testbed_, [&] { return !stream_->rest().empty() || stream_->is_over(); });
}

Verdict Connection::receives_nothing() {
  const std::string expected = fmt::format("{} receives nothing", name_);
  const Waited waited = more_or_end();
  if (!stream_->rest().empty()) return differs(expected, "it receives " + base::quote(stream_->rest(), 200));
  if (stream_->over() == Stream::Over::reset) return differs(expected, "the connection is reset");
  if (stream_->is_over()) return differs(expected, other_ + " closes");
  return waited.outcome == Waited::Outcome::spent ? failed(expected, waited) : Verdict::yes();
}

Verdict Connection::meets_end_of_file() {
  const std::string expected = fmt::format("{} meets end-of-file", name_);
  const Waited waited = more_or_end();
  if (!stream_->rest().empty()) return differs(expected, "it receives " + base::quote(stream_->rest(), 200));
  if (stream_->over() == Stream::Over::reset) return differs(expected, "the connection is reset");
  return stream_->is_over() ? Verdict::yes() : failed(expected, waited);
}

Verdict Connection::is_closed() {
  const std::string expected = fmt::format("{} closes the connection of {}", other_, name_);
  const Waited waited = more_or_end();
  if (!stream_->rest().empty()) return differs(expected, "it answers " + base::quote(stream_->rest(), 200));
  return stream_->is_over() ? Verdict::yes() : failed(expected, waited);
}

const std::string& Connection::received() const {
  testbed_->pump();
  return stream_->received();
}

std::string_view Connection::unread() const {
  testbed_->pump();
  return stream_->rest();
}

bool Connection::is_over() const {
  testbed_->pump();
  return stream_->is_over();
}

void Connection::end_writing() {
  note("ends its writing half");
  stream_->ends_writing = true;
  stream_->serve();
}

void Connection::close() {
  note("closes");
  stream_->close();
}

void Connection::reset() {
  note("resets the connection");
  const linger at_once{1, 0};
  setsockopt(stream_->fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  stream_->close();
}

}  // namespace play
