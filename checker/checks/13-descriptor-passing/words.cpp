#include "words.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace handover {
namespace {

bool is_digits(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789 ") == std::string_view::npos; }

}  // namespace

uid_t own_user() { return getuid(); }
uid_t other_user() { return getuid() + 1; }

std::vector<std::string> furnish() {
  std::vector<std::string> a, b;
  for (int i = 0; i < 3; ++i) a.push_back(lab.word(9) + "\n"), b.push_back(lab.word(9) + "\n");
  lab.file("a.txt").put(a[0] + a[1] + a[2]);
  lab.file("b.txt").put(b[0] + b[1] + b[2]);
  lab.file("mine.txt").put(lab.word(9) + "\n");
  lab.file("theirs.txt").put(lab.word(9) + "\n");
  lab.file("log.txt").put("begins\n");
  std::string policy = "# name, mode, users, path\n\na r * a.txt\n  b r *   b.txt\nalias r * a.txt\nlog a * log.txt\n";
  policy += fmt::format("mine r 4711,{} mine.txt\ntheirs r {} theirs.txt\n", own_user(), other_user());
  // On the weakest rung root's programs have a user of their own, whose number has no room for a digit more.
  const bool fits = own_user() < 1'000'000'000;
  policy += fmt::format("alike r {} theirs.txt\nspaced r * two words.txt\n", fits ? fmt::format("1{0},2{0}", own_user()) : std::to_string(other_user()));
  lab.file("two words.txt").put("two words\n");
  for (int i = 1; i <= 17; ++i) {
    lab.file(fmt::format("n{}.txt", i)).put(fmt::format("number {}\n", i));
    policy += fmt::format("n{0} r * n{0}.txt\n", i);
  }
  policy += long_name() + " r * n1.txt\n";
  lab.file("policy").put(policy);
  return a;
}

// What is in flight counts against all of a user's processes, in whichever room (unix(7), ETOOMANYREFS): a check beside this one may leave
// some unread, and no right broker may lose an answer by that.
room::Order more_than_is_in_flight() {
  room::Order order;
  order.limits.descriptors = 1024;
  return order;
}

Broker::Broker(room::Order order) : lines_of_a(furnish()), program(lab.start("serve policy door", std::move(order))) {
  static_cast<void>(play::wait_until(lab.testbed(), [&] { return program.has_ended() || program.has_printed("ready\n"); }));
}

std::string long_name() { return std::string(63, 'w'); }

std::string many_names(size_t count) {
  std::vector<std::string> names;
  for (size_t i = 1; i <= count; ++i) names.push_back(fmt::format("n{}", i));
  return join(names, " ");
}

Client asker(const std::string& name) {
  Client one(lab.testbed(), name);
  one.read_by_the_byte();
  return one;
}

Verdict comes(Client& client, Broker& broker) { return play::explained_by_server(client.reaches(broker.door), broker.program); }

Verdict gets(Client& client, Broker& broker, size_t names) {
  Verdict verdict = client.receives_with("ok\n", names);
  if (verdict.passed()) return verdict;
  if (!broker.program.is_stopped_now()) broker.program.settle();  // what else belongs to the answer may still be on its way
  const std::string rest(client.unread());
  const std::vector<Fd> came = client.take_descriptors();
  const bool bytes_are_right = rest.empty() && client.received().ends_with("ok\n");
  const bool number = rest.starts_with("ok ") && is_digits(rest.substr(3, rest.find('\n') - 3));
  const bool late = bytes_are_right && came.size() == names;
  const bool each = rest.starts_with("ok\nok\n") || (bytes_are_right && names > 1 && came.size() == names);
  // The room that CMSG_SPACE counts is the next multiple of 8 bytes: the number behind the last one is 0, and so it passes its input.
  const bool space = bytes_are_right && names % 2 == 1 && came.size() == names + 1;
  const bool one_only = bytes_are_right && names > 1 && came.size() == 1;
  const bool none = bytes_are_right && came.empty();
  return play::explained_by_server(std::move(verdict)
                       .means("passing/number-in-the-text", number)
                       .means("passing/a-message-for-each", each)
                       .means("passing/not-with-the-first-byte", late)
                       .means("passing/space-taken-for-length", space)
                       .means("passing/length-of-one", one_only)
                       .hints("The line came, and no descriptor. They go with bytes, in the same sendmsg(2): a message of no byte is not sent at all. Are msg_control and "
                              "msg_controllen set, and cmsg_level, cmsg_type and cmsg_len?",
                              none),
                   broker.program);
}

Verdict gets_no(Client& client, Broker& broker) {
  Verdict verdict = client.receives_line("no ", longest);
  if (verdict.passed()) return verdict;
  const bool with_some = client.unread().empty() && !client.take_descriptors().empty();
  return play::explained_by_server(std::move(verdict).means("passing/with-a-refusal", with_some), broker.program);
}

Verdict is_given(Client& client, Broker& broker, const std::string& names) {
  client.send(names + "\n");
  return gets(client, broker, split(names, ' ').size());
}

Verdict is_refused(Client& client, Broker& broker, const std::string& line) {
  client.send(line + "\n");
  return gets_no(client, broker);
}

Verdict is_heard(Client& client, Broker& broker) {
  client.send("b\n");
  const auto whole = [&] { return client.unread().find('\n') != std::string_view::npos; };
  static_cast<void>(play::wait_until(lab.testbed(), [&] { return whole() || client.is_over() || broker.program.has_ended(); }));
  if (!whole()) return play::explained_by_server(client.receives_line("", longest), broker.program);
  const std::string line(client.unread().substr(0, client.unread().find('\n') + 1));
  static_cast<void>(client.receives(line));  // with a descriptor or without: that is not asked here
  client.take_descriptors();
  return Verdict::yes();
}

Verdict comes_and_is_heard(Client& client, Broker& broker) {
  if (Verdict there = comes(client, broker); !there.passed()) return there;
  return is_heard(client, broker);
}

Verdict hears_nothing(Client& client, Broker& broker) {
  broker.program.settle();  // one that never rests is not waited for: that is a check of its own
  if (broker.program.has_ended()) return broker.program.stays_alive();
  if (!client.unread().empty()) return Verdict::no(client.name() + " receives nothing", "it receives " + quote(std::string(client.unread()), 200));
  return Verdict::yes_if(!client.is_over(), client.name() + " keeps its connection", "the broker closes it");
}

Verdict refers_to(const Fd& fd, const std::string& file) {
  struct stat is {}, wanted {};
  must(fstat(fd.get(), &is), "fstat");
  const bool there = stat(file.c_str(), &wanted) == 0;
  return Verdict::yes_if(there && is.st_dev == wanted.st_dev && is.st_ino == wanted.st_ino, "the descriptor is for " + file, "it is for another file");
}

// A program may have passed anything; only an ordinary file never keeps the check waiting.
bool is_file(const Fd& fd) {
  struct stat is {};
  return fstat(fd.get(), &is) == 0 && S_ISREG(is.st_mode);
}

std::string read_on(const Fd& fd, size_t size) {
  if (!is_file(fd)) return {};
  std::string text(size, '\0');
  const ssize_t got = read(fd.get(), text.data(), size);
  text.resize(static_cast<size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

Verdict logs(Broker& broker, const std::string& line) {
  Verdict says = broker.program.prints_next(line + "\n");
  const std::string rest = broker.program.unread();
  const bool nothing = !says.passed() && rest.empty();
  const bool itself = !says.passed() && rest.find(" " + broker.program.inside().text() + " ") != std::string::npos;
  return std::move(says).means("passing/asks-itself", itself).hints("The answer came, and its line of the log did not. Is it still in a buffer of the program's (fflush(3), std::flush)?", nothing);
}

std::string gave(const std::string& names) { return fmt::format("gave {} {} {}", lab.number_as_sender(), own_user(), names); }
std::string refused() { return fmt::format("refused {} {}", lab.number_as_sender(), own_user()); }

Verdict comes_down_to(const Program& program, size_t most) {
  static_cast<void>(play::wait_until(lab.testbed(), [&] { return program.has_ended() || program.descriptors_of_all() <= most; }));
  if (program.has_ended()) return Program(program).stays_alive();
  const size_t open = program.descriptors_of_all();
  return Verdict::yes_if(open <= most, fmt::format("it has {} descriptors open, as before", most), fmt::format("it has {}", open));
}

Take take(const std::string& names, const std::vector<std::string>& command) {
  std::vector<std::string> words{"take", "desk"};
  for (const std::string& name : split(names, ' ')) words.push_back(name);
  words.push_back("--");
  words.insert(words.end(), command.begin(), command.end());
  return Take{lab.start_words(words)};
}

Take take_that_prints(const std::string& names, room::Order order) { return Take{lab.start("take desk " + names + " -- echo ran", std::move(order))}; }

Verdict asks(Take& take, Desk& desk, const std::string& names) {
  Verdict reached = desk.listener().is_reached(take.broker);
  if (!reached.passed()) return take.program.has_ended() ? take.program.stays_alive() : std::move(reached);
  return take.broker->receives(names + "\n");
}

Verdict works(Desk& desk) {
  const int status = lab.some_status();
  const Fd file = opened("works.txt", "works\n");
  Take one = take("a", {"sh", "-c", fmt::format("exit {}", status)});
  if (Verdict asked = asks(one, desk, "a"); !asked.passed()) return asked;
  one.broker->send_with("ok\n", {file.get()});
  return one.program.exits_with(status);
}

Verdict runs_nothing(Take& take) { return take.program.refuses(); }

Fd opened(const std::string& name, const std::string& text) {
  lab.file(name).put(text);
  return open_file(name, O_RDONLY);
}

}  // namespace handover
