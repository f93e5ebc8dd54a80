#include "words.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace echod {
namespace {

std::string words_of(const std::vector<Address>& doors) {
  std::vector<std::string> words;
  for (const Address& door : doors) words.push_back(door.text());
  return join(words, " ");
}

// Which mistake makes these bytes out of that answer?
Verdict told(Verdict verdict, std::string_view is, const std::string& wanted) {
  if (verdict.passed() || is.size() < 4 || wanted.size() < 4) return verdict;
  const std::string length = wanted.substr(0, 4), turned(length.rbegin(), length.rend());
  const auto value = [](std::string_view b) {
    std::uint32_t n = 0;
    for (const char c : b.substr(0, 4)) n = n << 8 | static_cast<unsigned char>(c);
    return n;
  };
  const bool turns = length != turned && is.starts_with(turned);
  const bool counts_itself = value(is) == value(wanted) + 4;
  const size_t nul = wanted.find('\0', 4);
  const bool c_string = nul != std::string::npos && value(is) == nul - 4 && is.substr(4) == std::string_view(wanted).substr(4, nul - 4);
  return std::move(verdict).means("socket/byte-order", turns).means("socket/length-counts-itself", counts_itself).means("socket/text-ends-at-a-nul", c_string);
}

}  // namespace

std::string length_bytes(std::uint32_t n) {
  return {static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)};
}

std::string request(char operation, const std::string& payload) { return length_bytes(static_cast<std::uint32_t>(payload.size() + 1)) + operation + payload; }

std::string answer(const std::string& text) { return length_bytes(static_cast<std::uint32_t>(text.size())) + text; }

void Exchange::echo(const std::string& payload) {
  requests += request('e', payload);
  answers += answer(payload);
}

Exchange echoes(size_t times, const std::string& payload) {
  Exchange all;
  for (size_t i = 0; i < times; ++i) all.echo(payload);
  return all;
}

std::string some_bytes(size_t size) {
  std::string bytes(size, '\0');
  const auto first = lab.dice()(), step = 2 * (lab.dice()() % 100) + 1;  // odd: in 256 steps it comes by every value
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(first + i * step + i / 256);
  return bytes;
}

Address free_door() {
  // The kernel gives it, and takes it back: nobody else in the room asks for one meanwhile.
  const Fd fd(must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof name;
  must(bind(fd.get(), reinterpret_cast<sockaddr*>(&name), size), "bind");
  must(getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name), &size), "getsockname");
  return Address(fmt::format("tcp:127.0.0.1:{}", ntohs(name.sin_port)));
}

int swapped(int port) { return (port & 0xff) << 8 | port >> 8; }

Server::Server(std::vector<Address> at, room::Order order) : program(lab.start(words_of(at), std::move(order))), doors(std::move(at)) {
  static_cast<void>(play::wait_until(lab.testbed(), [&] { return program.has_ended() || program.has_printed(doors.back().text() + "\n"); }));
}

Server on_both_doors() { return Server({Address("unix:door"), free_door()}); }

Verdict lives(Server& server) {
  server.program.settle();
  return server.program.has_ended() ? server.program.stays_alive() : Verdict::yes();
}

Verdict says_where_it_listens(Server& server) {
  std::string lines;
  for (const Address& door : server.doors) lines += "listening " + door.text() + "\n";
  Verdict says = server.program.prints_next(lines);
  const auto turned = [&](const Address& door) { return !door.is_unix() && server.program.has_printed(fmt::format(":{}\n", swapped(door.port()))); };
  const bool is_turned = !says.passed() && std::any_of(server.doors.begin(), server.doors.end(), turned);
  if (!says.passed()) return std::move(says).means("socket/port-swapped", is_turned).hints("It listens, and the line has not come. Is it still in a buffer of the program's (fflush(3), std::flush)?", server.program.printed().empty());
  server.program.settle();
  lab.testbed().pump();
  return Verdict::yes_if(server.program.unread().empty(), "it prints nothing more", "it printed " + quote(server.program.unread()));
}

Client client(const std::string& name) { return {lab.testbed(), name}; }

Verdict gets(Client& client, Server& server, const std::string& wanted) {
  Verdict verdict = client.receives(wanted);
  if (verdict.passed()) return verdict;
  return play::explained_by_server(told(std::move(verdict), client.unread(), wanted), server.program);
}

Verdict asks(Client& client, Server& server, const std::string& request, const std::string& wanted) {
  client.send(request);
  return gets(client, server, wanted);
}

Verdict is_served(Client& client, Server& server) {
  const std::string text = lab.word(7);
  return asks(client, server, request('e', text), answer(text));
}

Verdict comes_and_is_served(Client& client, Server& server) {
  if (Verdict comes = client.reaches(server.door()); !comes.passed()) return play::explained_by_server(std::move(comes), server.program);
  return is_served(client, server);
}

Verdict hears_nothing(Client& client, Server& server) {
  server.program.settle();
  lab.testbed().pump();
  if (server.program.has_ended()) return server.program.stays_alive();
  if (!client.unread().empty()) return Verdict::no(client.name() + " receives nothing", "it receives " + quote(std::string(client.unread()), 200));
  return Verdict::yes_if(!client.is_over(), client.name() + " keeps its connection", "the server closes it");
}

std::vector<Fd> wait_at(const Address& address) {
  constexpr rlim_t spare = 100, most = 5000;  // a backlog is at most net.core.somaxconn, 4096 by default (listen(2))
  rlimit own{};
  must(getrlimit(RLIMIT_NOFILE, &own), "getrlimit");
  own.rlim_cur = own.rlim_max;
  must(setrlimit(RLIMIT_NOFILE, &own), "setrlimit");
  const size_t room = std::min(most, own.rlim_cur - std::min(own.rlim_cur, spare));
  std::vector<Fd> waiting;
  while (waiting.size() < room) {
    Fd next = address.connected();
    if (!next) break;
    waiting.push_back(std::move(next));
  }
  lab.note(fmt::format("{} connections wait at {}", waiting.size(), address.text()));
  return waiting;
}

size_t tasks() {
  size_t count = 0;
  for (const auto& process : lab.testbed().family()) count += process.threads.size();
  return count;
}

Verdict has_closed_down_to(const Program& program, size_t most) {
  static_cast<void>(play::wait_until(lab.testbed(), [&] { return program.has_ended() || program.descriptors() <= most; }));
  const size_t open = program.descriptors();
  return Verdict::yes_if(open <= most, fmt::format("it has {} descriptors open, as before its clients came", most), fmt::format("it has {}", open));
}

Verdict rests(Server& server) {
  if (Verdict alive = lives(server); !alive.passed()) return alive;
  Verdict asleep = server.program.sleeps();
  const bool by_clock = !asleep.passed() && asleep.failed_by(play::Evidence::Kind::differs);
  return std::move(asleep).means("process/woken-by-a-clock", by_clock);
}

Verdict refuses(Program& program, const Address& address) {
  if (Verdict ends = program.exits_with(1); !ends.passed()) return ends;
  return program.complains(address.is_unix() ? address.path() : std::to_string(address.port()));
}

Verdict stops(Server& server, int signal) {
  server.program.send(signal);
  Verdict ends = server.program.exits_with(0);
  const bool by_default = ends.ended_by(signal), as_if = ends.ended_with(128 + signal);
  return std::move(ends)
      .is_explained_by("socket/not-told-to-stop", by_default)
      .hints("128 and the signal's number is what a shell says of a process that a signal has ended. This one was told to stop, and has: 0.", as_if);
}

Verdict has_socket(const Address& address) {
  struct stat is {};
  const bool there = lstat(address.path().c_str(), &is) == 0;
  return Verdict::yes_if(there && S_ISSOCK(is.st_mode), address.path() + " is a socket", there ? "it is something else" : "it is not there");
}

Verdict has_no_name(const Address& address) {
  return lab.file(address.path()).does_not_exist().means("socket/name-left");
}

}  // namespace echod
