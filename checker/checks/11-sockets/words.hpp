// Lab 11: echod's frames, a server with its doors and clients, and what a failure of one of them shows. Knows no story.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "check.hpp"

namespace echod {

using play::Address;
using play::Client;
using play::Program;
using play::Verdict;

/// Four bytes, the most significant first.
std::string length_bytes(std::uint32_t n);
/// A request with this operation, and the answer that has this text.
std::string request(char operation, const std::string& payload);
std::string answer(const std::string& text);
/// Echoes asked for, one behind the other, and the answers they are owed.
struct Exchange {
  std::string requests = {}, answers = {};
  void echo(const std::string& payload);
};
Exchange echoes(size_t times, const std::string& payload);
/// So many bytes, of all the 256 that there are, other ones each time.
std::string some_bytes(size_t size);
/// A TCP address on which nobody listens.
Address free_door();
/// The same port with the two bytes of its number swapped.
int swapped(int port);

/// A server on these doors, which has been started, and has come to rest or has ended. What it printed is not looked at.
class Server {
 public:
  explicit Server(std::vector<Address> doors = {Address("unix:door")}, room::Order order = {});
  Server(const Server&) = default;

  Program program;
  std::vector<Address> doors;
  const Address& door() const { return doors.front(); }
};
/// On a UNIX and on a TCP door.
Server on_both_doors();
/// It has come to rest, and has not ended. One that never rests is not waited for: that is a check of its own.
Verdict lives(Server& server);
/// It prints "listening" and its addresses, in order, and nothing else yet.
Verdict says_where_it_listens(Server& server);

/// A client that has no connection yet. `name` is how a failure calls it.
Client client(const std::string& name);
/// It sends a request that nobody can know before, and is answered: it has a connection, and the server deals with it.
Verdict is_served(Client& client, Server& server);
/// The same for one that has no connection yet.
Verdict comes_and_is_served(Client& client, Server& server);
/// It sends the request, and what comes next is exactly this answer.
Verdict asks(Client& client, Server& server, const std::string& request, const std::string& wanted);
/// What comes next is this. A failure names what the server sleeps in, and what the bytes that came bear the mark of.
Verdict gets(Client& client, Server& server, const std::string& wanted);

/// Nothing comes, and the connection stays: the server has dealt with all that was sent.
Verdict hears_nothing(Client& client, Server& server);

/// Connections that nobody accepts, as many as the listener has room for, or as this check may have descriptors.
std::vector<Fd> wait_at(const Address& address);

/// How many processes and threads there are below the check.
size_t tasks();
/// It has no more than so many open. Waits.
Verdict has_closed_down_to(const Program& program, size_t most);
/// It lives and sleeps, in calls that no clock ends.
Verdict rests(Server& server);
/// It ends with 1 and says why, naming this address.
Verdict refuses(Program& program, const Address& address);
/// It is told to stop by this signal, and ends with 0.
Verdict stops(Server& server, int signal);
/// A socket of this name is there, in the working folder; nothing is.
Verdict has_socket(const Address& address);
Verdict has_no_name(const Address& address);

}  // namespace echod
