// Lab 11: where it listens, and what it does with a name that is there already.
#include <filesystem>
#include <fmt/format.h>

#include "words.hpp"

using namespace echod;

TEST_SUITE_BEGIN("11-sockets");

TEST_CASE("it listens on unix:PATH, where a socket of this name is made, and says so"
          * id("unix") * points(3) * todo(1)
          * hint("socket(2), bind(2), listen(2): from the third on clients can connect, also before anybody accepts them. Then one line, at once.")) {
  Server server;
  auto ann = client("ann");
  CHECK(lives(server));
  CHECK(has_socket(server.door()));
  CHECK(ann.reaches(server.door()));
  CHECK(says_where_it_listens(server));
}

TEST_CASE("it listens on tcp:HOST:PORT, and says so"
          * id("tcp") * points(3) * todo(1)
          * hint("The address has its port in network byte order already (ip(7)). With the family of the address the same calls do for both kinds.")) {
  Server server({free_door()});
  auto ann = client("ann");
  CHECK(lives(server));
  Verdict reached = ann.reaches(server.door());
  const bool elsewhere = !reached.passed() && client("bea").reaches(server.door().with_port(swapped(server.door().port()))).passed();
  CHECK(std::move(reached).is_explained_by("socket/port-swapped", elsewhere));
  CHECK(says_where_it_listens(server));
}

TEST_CASE("with port 0 the kernel chooses one, and the line says which"
          * id("port-0") * points(2) * needs("tcp") * todo(1)
          * hint("getsockname(2) tells which port a socket has; ntohs(3) makes a number of it.")) {
  auto program = lab.start("tcp:127.0.0.1:0");
  const std::string begins = "listening tcp:127.0.0.1:";
  CHECK(program.prints_next(begins));
  CHECK(program.prints("\n"));
  const std::string line = program.printed();
  const std::string number = line.substr(begins.size(), line.find('\n') - begins.size());
  const bool is_port = !number.empty() && number.size() <= 5 && number.find_first_not_of("0123456789") == std::string::npos && number != "0";
  CHECK(Verdict::yes_if(is_port, "the line names the port that it got", "it says " + quote(number)).means("socket/port-not-asked", number == "0"));
  const Address at("tcp:127.0.0.1:" + number);
  auto ann = client("ann");
  Verdict reached = ann.reaches(at);
  const bool turned = !reached.passed() && client("bea").reaches(at.with_port(swapped(at.port()))).passed();
  CHECK(std::move(reached).is_explained_by("socket/port-swapped", turned));
}

TEST_CASE("it listens on each ADDRESS, and has a line for each, in their order"
          * id("each") * points(2) * needs("unix") * needs("tcp")
          * hint("One socket for each ADDRESS, all of them open at once.")) {
  std::vector<Address> doors{free_door(), Address("unix:one"), Address("unix:two")};
  if (std::filesystem::exists("/proc/net/if_inet6")) doors.push_back(Address(fmt::format("tcp:[::1]:{}", free_door().port())));
  Server server(doors);
  CHECK(lives(server));
  for (const Address& door : doors) {
    auto ann = client("ann");
    CHECK(ann.reaches(door));
  }
  CHECK(says_where_it_listens(server));
}

TEST_CASE("it is not reached by an address that it was not told"
          * id("no-other") * points(2) * needs("tcp")
          * hint("bind(2) with the host that was given, and not with INADDR_ANY.")) {
  Server server({free_door()});
  auto ann = client("ann"), eve = client("eve");
  CHECK(ann.reaches(server.door()));
  CHECK(eve.is_refused_at(server.door().with_host("127.0.0.2")).means("socket/any-address"));
  if (!std::filesystem::exists("/proc/net/if_inet6")) return;
  Server six({Address(fmt::format("tcp:[::]:{}", free_door().port()))});
  CHECK(ann.is_refused_at(Address(fmt::format("tcp:127.0.0.1:{}", six.door().port())))
            .hints("A socket on [::] takes what comes over IPv4 too, unless IPV6_V6ONLY is set before bind(2) (ipv6(7)): that is another ADDRESS.", true));
}

TEST_CASE("a wrong command line ends with 2, before anything is done; a path may have 107 bytes"
          * id("command-line") * points(2) * needs("unix")
          * hint("The parsing is given. Did you change it, or begin the work before it?")) {
  const std::string longest(107, 'p');
  Server server({Address("unix:" + longest)});
  CHECK(lives(server));
  CHECK(has_socket(server.door()));
  for (const std::string& words : std::vector<std::string>{"", "door", "unix:", "unix:" + longest + "p", "tcp:127.0.0.1", "tcp::80", "tcp:127.0.0.1:", "tcp:127.0.0.1:http",
                                                           "tcp:127.0.0.1:65536", "udp:127.0.0.1:80", "unix:other tcp:127.0.0.1:x"}) {
    auto wrong = lab.start(words);
    CHECK(wrong.exits_with(2));
    CHECK(wrong.prints_nothing_more());
  }
  CHECK(Verdict::yes_if(!std::filesystem::exists("other"), "a line with a wrong word makes no socket", "unix:other has been made before tcp:127.0.0.1:x was read"));
}

TEST_CASE("an ADDRESS that the system refuses ends it with 1, and it says which and why"
          * id("refused") * points(2) * needs("unix")
          * hint("Each of the calls may fail. Say which ADDRESS it was, and what errno means (strerror(3)), on standard error.")) {
  Server server;
  CHECK(lives(server));
  CHECK(has_socket(server.door()));
  const Address nowhere("unix:no-such-folder/door");
  auto refused = lab.start(nowhere.text());
  CHECK(refuses(refused, nowhere));
}

TEST_CASE("a port that another server has is refused with 1, and that one goes on"
          * id("port-taken") * points(2) * needs("tcp") * needs("refused")
          * hint("bind(2) says EADDRINUSE. SO_REUSEADDR lets you have a port whose server has ended; SO_REUSEPORT is for servers that want to share one.")) {
  Server first({free_door()});
  auto ann = client("ann");
  CHECK(lives(first));
  CHECK(ann.reaches(first.door()));
  Server second({first.door()});
  Verdict refused = refuses(second.program, second.door());
  const bool shares = !refused.passed() && !second.program.has_ended();
  CHECK(std::move(refused).is_explained_by("socket/port-shared", shares));
  CHECK(lives(first));
}

TEST_CASE("a socket that a killed server has left is replaced"
          * id("left-over") * points(3) * needs("unix") * todo(2)
          * hint("The name outlives the process. Nobody listens there: connect(2) says ECONNREFUSED. Remove it, and bind once more.")) {
  Server killed;
  CHECK(lives(killed));
  killed.program.send(SIGKILL);
  CHECK(killed.program.dies_of(SIGKILL));
  CHECK(has_socket(killed.door()));
  Server next;
  Verdict starts = lives(next);
  const bool refused = starts.ended_with(1);
  CHECK(std::move(starts).is_explained_by("socket/name-left-over", refused));
  auto ann = client("ann");
  CHECK(ann.reaches(next.door()));
}

TEST_CASE("a name on which another server listens is left alone, and refused with 1"
          * id("live") * points(3) * needs("refused") * todo(2)
          * hint("Ask before you remove: connect(2) succeeds where somebody listens.")) {
  Server first;
  auto ann = client("ann"), bea = client("bea");
  CHECK(lives(first));
  CHECK(ann.reaches(first.door()));
  Server second;
  Verdict refused = refuses(second.program, second.door());
  const bool stolen = !refused.passed() && !second.program.has_ended();
  CHECK(std::move(refused).is_explained_by("socket/name-stolen", stolen));
  CHECK(has_socket(first.door()));
  CHECK(bea.reaches(first.door()));
  CHECK(lives(first));
}

TEST_CASE("also while that server is stopped, and has no room for one who waits"
          * id("stopped") * points(2) * needs("live")
          * hint("A stopped server accepts nobody, and lives. A backlog that is full says EAGAIN to who does not wait, and lets the others sleep: only ECONNREFUSED means that nobody listens.")) {
  Server first;
  auto ann = client("ann");
  CHECK(lives(first));
  CHECK(ann.reaches(first.door()));
  first.program.freeze();
  const std::vector<Fd> waiting = wait_at(first.door());
  Server second;
  Verdict refused = refuses(second.program, second.door());
  const bool stolen = !refused.passed() && !second.program.has_ended();
  CHECK(std::move(refused).is_explained_by("socket/name-stolen", stolen && second.program.has_printed("listening")));
  CHECK(has_socket(first.door()));
}

TEST_CASE("a file or a folder of this name is left alone, and refused with 1"
          * id("no-socket") * points(2) * needs("refused") * todo(2)
          * hint("connect(2) to a plain file says ECONNREFUSED too. lstat(2) says what it is: S_ISSOCK.")) {
  Server server({Address("unix:lives")});
  CHECK(lives(server));
  CHECK(has_socket(server.door()));
  lab.file("plain").put("precious\n");
  std::filesystem::create_directory("folder");
  // A link to what a killed server has left: the name is the link's.
  Server killed({Address("unix:stale")});
  killed.program.send(SIGKILL);
  CHECK(killed.program.dies_of(SIGKILL));
  std::filesystem::create_symlink("stale", "link");
  for (const char* name : {"plain", "folder", "link"}) {
    Server other({Address("unix:" + std::string(name))});
    Verdict refused = refuses(other.program, other.door());
    const bool removed = !refused.passed() && !(std::filesystem::is_regular_file("plain") && std::filesystem::is_symlink("link"));
    CHECK(std::move(refused).is_explained_by("socket/file-removed", removed));
  }
  CHECK(lab.file("plain").has_text("precious\n").means("socket/file-removed"));
  CHECK(Verdict::yes_if(std::filesystem::is_symlink("link"), "the link is there still", "it is gone").means("socket/file-removed"));
  CHECK(Verdict::yes_if(std::filesystem::is_directory("folder"), "the folder is there still", "it is gone").means("socket/file-removed"));
}

TEST_SUITE_END();
