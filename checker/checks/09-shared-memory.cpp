// Lab 09: what a ring must live through. The words are explained in check.hpp.
//
// Nothing here waits for silence where an event can be waited for: a right program may look by itself, ten times a second,
// whether the other side still lives. Each ring has a name of its own, so that a name that stays is the affair of one case.
#include <cstring>
#include <linux/futex.h>
#include <random>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.hpp"
#include "check.hpp"
#include "play/asleep.hpp"
#include "play/memory.hpp"
#include "play/names.hpp"
#include "play/sleepers.hpp"
#include "play/turnstile.hpp"
#include "play/unmet.hpp"

namespace {

using play::Evidence;
using play::Program;
using play::SharedMemory;
using play::Verdict;

std::string named(const std::string& name) { return play::name_for(lab.stage(), name); }
std::string file_of(const std::string& name) { return "/dev/shm" + name; }

Verdict no(const std::string& expected, const std::string& actual) { return Verdict::no(play::with_stage(lab.stage(), {expected, actual, {}, {}, {}, {}})); }

// That it cannot be mapped is told of the program that made it.
Verdict can_be_mapped(SharedMemory& object) {
  try {
    object.hold();
    return Verdict::yes();
  } catch (const std::exception& e) {
    return no("another process can open and map " + object.name(), e.what());
  }
}

// A program that has sent its words through a pipe, a file or a socket has one open.
Verdict has_no_other_way(const Program& program, const struct stat& object) {
  for (const see::Descriptor& d : see::descriptors_of(program.pid())) {
    if (d.fd <= 2 || (d.device == object.st_dev && d.inode == object.st_ino)) continue;
    Verdict verdict = no(program.name() + " has 0, 1, 2 and at most the object open", "it also has descriptor " + std::to_string(d.fd) + " (" + base::escape(d.target) + ")");
    return d.type == S_IFREG || d.type == S_IFIFO || d.type == S_IFSOCK ? std::move(verdict).means("memory/another-way") : verdict;
  }
  return Verdict::yes();
}

// A crash is explained where the object holds an address: one of the writer's own, which means nothing to the reader.
Verdict unless_by_address(Verdict verdict, const SharedMemory& object, const Program& writer) {
  if (verdict.holds() || verdict.evidence().actual.find("was ended by SIG") == std::string::npos) return verdict;
  const std::string bytes = object.bytes();
  for (const see::Mapping& m : see::mappings_of(writer.pid()))
    for (size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at, sizeof word);
      if (m.path.find(object.name()) != std::string::npos && m.shared && m.holds(word)) return std::move(verdict).is_explained_by("memory/address-inside");
    }
  return verdict;
}

// A diagnosis is given only where what came is the mark of that one mistake.
Verdict marked(Verdict verdict, bool mark, const char* diagnosis) { return mark ? std::move(verdict).is_explained_by(diagnosis) : verdict; }

Verdict unless_private(Verdict verdict) {
  const bool is_private = verdict.evidence().actual.find("private") != std::string::npos;
  return marked(std::move(verdict), is_private, "memory/private-copy");
}

// One that has said `ready` has taken what was there.
Verdict refuses_to_make(Program& put) {
  Verdict verdict = put.exits_with(1);
  return marked(std::move(verdict), !put.printed().empty(), "memory/taken-by-a-maker");
}

// It has ended by itself with another status than was asked for: it has refused, and only the number is wrong.
bool says_no(const Verdict& verdict) {
  const std::string& actual = verdict.evidence().actual;
  return actual.starts_with("it ended with exit status ") && actual != "it ended with exit status 0" && actual != "it ended with exit status 3";
}

Verdict unless_by_sigbus(Verdict verdict) {
  const bool sigbus = verdict.evidence().actual.find("SIGBUS") != std::string::npos;
  return marked(std::move(verdict), sigbus, "memory/beyond-the-end");
}

std::string lines(int count, const std::string& word = "line ") {
  std::string text;
  for (int i = 0; i < count; ++i) text += word + std::to_string(i) + "\n";
  return text;
}

// Lines of any length up to `most`, of any bytes but the newline.
std::string any_lines(int count, int most) {
  std::mt19937 random(9);  // NOLINT: the same lines each time
  std::string text;
  for (int i = 0; i < count; ++i) {
    const int length = i % 5 == 0 ? most : static_cast<int>(random() % static_cast<unsigned>(most + 1));
    for (int n = 0; n < length; ++n) {
      const char c = static_cast<char>(random());
      text += c == '\n' ? '\0' : c;
    }
    text += '\n';
  }
  return text + "x\n";
}

// Its mappings lie elsewhere than another program's, whatever the kernel makes random: they begin below the stack.
room::Order with_more_stack() {
  room::Order order;
  order.prepare = [] {
    rlimit stack{};
    getrlimit(RLIMIT_STACK, &stack);
    stack.rlim_cur = std::min<rlim_t>(512 << 20, stack.rlim_max);
    setrlimit(RLIMIT_STACK, &stack);
  };
  return order;
}

bool has_ended(const Program& program) {
  const auto stat = see::stat_of(program.pid());
  return !stat || stat->state == 'Z';
}

// A writer that has put in all it was given and sleeps on the full ring.
Verdict waits_on_full(const SharedMemory& ring, const Program& put) {
  if (Verdict read = play::has_read_its_input(lab.stage(), put); !read.holds()) return read;
  return play::waits_on(lab.stage(), ring, put);
}

// It sleeps on a word of the ring, which has room for all that it was given.
Verdict unless_it_waits(Verdict verdict, const SharedMemory& ring, const Program& put) {
  return marked(std::move(verdict), ring.word_slept_on(put).has_value(), "memory/full-too-early");
}

// It has put one record more into the ring than that may hold, and asks for the next.
Verdict unless_it_reads_on(Verdict verdict) {
  const bool reads = verdict.evidence().kind == Evidence::Kind::waits_for_check;
  return marked(std::move(verdict), reads, "memory/full-too-late");
}

// The writer takes the ring for full; the reader, who has taken nothing yet, for empty: one of them is wrong.
Verdict unless_both_wait(Verdict verdict, const SharedMemory& ring, const Program& put, const Program& get) {
  const bool both = verdict.evidence().kind == Evidence::Kind::stuck && ring.word_slept_on(put) && ring.word_slept_on(get) && get.printed().empty();
  return marked(std::move(verdict), both, "memory/full-or-empty");
}

// The writer has ended well, and the reader sleeps on a word that nobody is left to change.
Verdict unless_no_end(Verdict verdict, const SharedMemory& ring, const Program& get) {
  const bool waits = verdict.evidence().kind == Evidence::Kind::stuck && ring.word_slept_on(get);
  return marked(std::move(verdict), waits, "memory/no-end");
}

// Wherever a program at the turnstile is about to wake the other side, that is woken by the check, and does what it does
// then; so a few times, as long as the reader prints nothing.
void wake_at(play::Turnstile& turnstile, const SharedMemory& ring, const Program& other, const Program& get, int times) {
  const std::string printed = get.unread();
  for (int held = 0; held < times; ++held) {
    const int before = turnstile.held();
    turnstile.hold_until([&] { return turnstile.held() > before || get.unread() != printed; });
    if (turnstile.held() == before) break;
    if (ring.word_slept_on(other)) play::wake_and_settle(lab.stage(), ring, other);
    turnstile.open();
    if (held + 1 < times) turnstile.hold([](pid_t, long) { return true; });
  }
  turnstile.open();
}

off_t size_of(const std::string& name) {
  struct stat info {};
  return stat(file_of(name).c_str(), &info) == 0 ? info.st_size : -1;
}

// A file of these bytes where rings lie; and whether a get has left it alone.
Verdict is_refused_by_get(const std::string& name, const std::string& what, const std::string& bytes) {
  base::write_file(file_of(name), bytes);
  lab.stage().note("put " + what + " at " + name);
  auto get = lab.start("get " + name);
  Verdict verdict = unless_by_sigbus(get.exits_with(1));
  if (!verdict.holds()) {
    Evidence e = verdict.evidence();
    e.lines.insert(e.lines.begin(), "at " + name + " lies " + what);
    return marked(Verdict::no(std::move(e)), !says_no(verdict), "memory/not-looked-at");
  }
  if (Verdict silent = get.prints_nothing_more(); !silent.holds()) return silent;
  if (size_of(name) < 0) return no("an object that is refused keeps its name", "with " + what + " in it, " + name + " has gone").is_explained_by("memory/name-removed-first");
  if (base::read_file(file_of(name)) != bytes) return no("an object that is refused stays as it is", "its bytes have changed: it was " + what);
  unlink(file_of(name).c_str());
  return Verdict::yes();
}

}  // namespace

TEST_SUITE_BEGIN("09-shared-memory");

TEST_CASE("put makes the object, whole before it is ready, and never takes one that is there"
          * id("made") * points(5)
          * hint("TODO 1. Which flags of shm_open() make, and refuse what is there already? A fresh object has 0 bytes until ftruncate() gives it a size.")) {
  SharedMemory ring(lab.stage(), named("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(unless_by_sigbus(put.prints_next("ready\n")));
  CHECK(ring.exists());
  CHECK(can_be_mapped(ring));
  CHECK(unless_private(ring.is_mapped_by(put)));
  const std::string before = ring.bytes();
  auto second = lab.start("put " + ring.name());
  CHECK(refuses_to_make(second));
  CHECK(second.complains("\n"));
  CHECK(ring.exists());
  if (ring.bytes() != before) CHECK(no("a ring that is refused stays as it is", "its bytes have changed"));
  const std::string other = named("/b");
  base::write_file(file_of(other), "another program's");
  auto third = lab.start("put " + other);
  CHECK(refuses_to_make(third));
  if (base::read_file(file_of(other)) != "another program's") CHECK(no("an object that is there stays as it is", "its bytes have changed").means("memory/taken-by-a-maker"));
  auto drop = lab.start("drop " + other);
  CHECK(drop.exits_with(0));
  CHECK(SharedMemory(lab.stage(), other).does_not_exist());
  auto again = lab.start("drop " + other);
  CHECK(again.exits_with(1));
  for (const char* words : {"", "put", "put -n 3 /c", "put -n 0 /c", "put -n many /c", "put -m /c", "get /c /d", "sing /c"}) {
    auto wrong = lab.start(words);
    CHECK(wrong.exits_with(2));
    CHECK(wrong.complains("usage"));
  }
}

TEST_CASE("what is put is got, at once, and both end"
          * id("carries") * points(10) * needs("made")
          * hint("TODO 2 to 6, and all of them are needed: attach, place, put_one, get_one, the end. Who sleeps, on which word, and who has to wake it?")) {
  SharedMemory ring(lab.stage(), named("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  auto get = lab.start("get " + ring.name());
  for (const char* line : {"hello\n", "two  words\n", "\n", "a fourth\n"}) {
    play::let_it_settle(lab.stage(), get);
    put.type(line);
    CHECK(unless_by_address(play::unless_woken(get.prints_next(line), ring, get), ring, put));
  }
  play::let_it_settle(lab.stage(), get);
  put.close_input();
  CHECK(put.exits_with(0));
  CHECK(unless_no_end(play::unless_woken(get.exits_with(0), ring, get), ring, get));
  CHECK(get.prints_nothing_more());
  CHECK(put.prints_nothing_more());
}

TEST_CASE("both have the same memory, at two addresses, and no other way between them"
          * id("one-page") * points(10) * needs("carries")
          * hint("MAP_SHARED in both, of one object. grep shm /proc/PID/maps shows both; ls -l /proc/PID/fd shows what else is open.")) {
  SharedMemory ring(lab.stage(), named("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  struct stat object {};
  stat(file_of(ring.name()).c_str(), &object);
  auto get = lab.start("get " + ring.name(), with_more_stack());
  CHECK(unless_private(ring.is_one_page_of(put, get)));
  put.type(lines(10));
  CHECK(unless_by_address(get.prints_next(lines(10)), ring, put));
  CHECK(ring.is_one_page_of(put, get));
  CHECK(has_no_other_way(put, object));
  CHECK(has_no_other_way(get, object));
}

TEST_CASE("a byte that is changed in the object is the byte that is got"
          * id("byte") * points(10) * needs("carries")
          * hint("A record's bytes lie in the object as they are, and nowhere else. put does not wait for a reader: it ends when all is in the ring.")) {
  SharedMemory ring(lab.stage(), named("/a"));
  auto put = lab.start("put " + ring.name());
  put.type("in memory: A\nand a second line\n");
  put.close_input();
  CHECK(put.prints_next("ready\n"));
  CHECK(put.exits_with(0));
  CHECK(can_be_mapped(ring));
  const std::string bytes = ring.bytes();
  size_t found = 0;
  for (size_t at = bytes.find("in memory: A"); at != std::string::npos; at = bytes.find("in memory: A", at + 1), ++found) ring.change(at + 11, 'B');
  if (found == 0) CHECK(no("the bytes of the record \"in memory: A\" lie in " + ring.name(), "they do not").means("memory/another-way"));
  auto get = lab.start("get " + ring.name());
  Verdict changed = get.prints_next("in memory: B\nand a second line\n");
  CHECK(marked(std::move(changed), get.printed().find("in memory: A") != std::string::npos, "memory/another-way"));
  CHECK(get.exits_with(0));
}

TEST_CASE("a ring of N holds exactly N records, then its writer waits, asleep"
          * id("capacity") * points(10) * needs("carries")
          * hint("Two counters that only grow tell full from empty: their difference is what lies in the ring. And who frees a place wakes the writer.")) {
  for (const int n : {1, 2, 64}) {
    SharedMemory ring(lab.stage(), named("/of-" + std::to_string(n)));
    auto put = lab.start("put -n " + std::to_string(n) + " " + ring.name());
    CHECK(put.prints_next("ready\n"));
    CHECK(can_be_mapped(ring));
    put.type(lines(n));
    CHECK(play::has_read_its_input(lab.stage(), put));
    CHECK(unless_it_waits(put.blocks_in("read", 0), ring, put));
    put.type("one more\n");
    CHECK(unless_it_reads_on(waits_on_full(ring, put)));
    put.close_input();
    auto get = lab.start("get " + ring.name());
    CHECK(unless_both_wait(play::unless_woken(get.prints_next(lines(n) + "one more\n"), ring, put), ring, put, get));
    CHECK(play::unless_woken(put.exits_with(0), ring, put));
    CHECK(get.exits_with(0));
  }
}

TEST_CASE("a reader of an empty ring sleeps, and is woken by the writer"
          * id("asleep") * points(10) * needs("carries")
          * hint("A loop that looks again and again, with or without a pause, is no waiting: futex(2), and whoever puts something in wakes who sleeps on that word.")) {
  SharedMemory ring(lab.stage(), named("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  auto get = lab.start("get " + ring.name());
  CHECK(play::waits_on(lab.stage(), ring, get));
  CHECK(play::seldom_looks_by_itself(lab.stage(), get));
  // Without a time-out, that it wakes up at all is proof; with one, a wake-up that was forgotten only makes it late.
  const bool strace = play::sleeps_with_a_timeout(get);
  if (strace) play::attach_strace(lab.stage(), put, {"-f", "-e", "trace=futex", "-e", "signal=none"}, "wakes");
  constexpr int count = 20;
  for (int i = 0; i < count; ++i) {
    put.type(std::to_string(i) + "\n");
    CHECK(get.prints_next(std::to_string(i) + "\n"));
    CHECK(play::waits_on(lab.stage(), ring, get));
  }
  put.close_input();
  CHECK(put.exits_with(0));
  CHECK(get.exits_with(0));
  if (!strace) return;
  int woken = 0;
  for (const std::string& line : base::split(base::read_file("wakes"), '\n')) woken += line.find("FUTEX_WAKE") != std::string::npos && line.find("= 0") == std::string::npos;
  if (woken < count / 2) CHECK(no("put wakes the reader for each line that it sleeps for", "for " + std::to_string(count) + " lines it did so " + std::to_string(woken) + " times: the reader's clock did the rest").is_explained_by("memory/not-woken"));
}

TEST_CASE("woken for nothing, each looks again and goes back to sleep"
          * id("for-nothing") * points(10) * needs("capacity") * needs("asleep")
          * hint("Being woken says nothing. What is waited for is looked at again, each time: a loop around the sleep.")) {
  SharedMemory ring(lab.stage(), named("/a"));
  auto put = lab.start("put -n 2 " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  auto get = lab.start("get " + ring.name());
  CHECK(play::waits_on(lab.stage(), ring, get));
  for (int i = 0; i < 3; ++i) CHECK(play::looks_again(lab.stage(), ring, get));
  put.type("first\n");
  CHECK(get.prints_next("first\n"));
  SharedMemory full(lab.stage(), named("/b"));
  auto writer = lab.start("put -n 2 " + full.name());
  CHECK(writer.prints_next("ready\n"));
  CHECK(can_be_mapped(full));
  writer.type(lines(5));
  CHECK(waits_on_full(full, writer));
  for (int i = 0; i < 3; ++i) CHECK(play::looks_again(lab.stage(), full, writer));
  auto reader = lab.start("get " + full.name());
  CHECK(reader.prints_next(lines(5)));
}

TEST_CASE("a record is told of when it is whole, and its place given back when it has been taken out"
          * id("published") * points(5) * needs("for-nothing")
          * hint("Copy first, then change the counter, then wake. In between, the other side may look at any moment.")) {
  // Each program is held where it wakes the other, who is then woken by the check and looks: whatever was to be done
  // before must be done by now.
  const std::string one(60, '1'), two(60, '2'), three(60, '3');
  play::Turnstile waking(lab.stage(), {{SYS_futex, FUTEX_WAKE}});
  SharedMemory first(lab.stage(), named("/a"));
  auto writer = lab.start({"put", first.name()}, waking.order());
  CHECK(writer.prints_next("ready\n"));
  CHECK(can_be_mapped(first));
  auto reader = lab.start("get " + first.name());
  CHECK(play::waits_on(lab.stage(), first, reader));
  waking.hold([](pid_t, long) { return true; });
  writer.type(one + "\n");
  wake_at(waking, first, reader, reader, 1);
  CHECK(reader.prints_next(one + "\n").means("memory/told-too-early"));
  play::Turnstile freeing(lab.stage(), {{SYS_futex, FUTEX_WAKE}});
  SharedMemory second(lab.stage(), named("/b"));
  auto put = lab.start("put -n 1 " + second.name());
  put.type(one + "\n" + two + "\n" + three + "\n");
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(second));
  CHECK(waits_on_full(second, put));
  freeing.hold([](pid_t, long) { return true; });
  auto get = lab.start({"get", second.name()}, freeing.order());
  wake_at(freeing, second, put, get, 4);
  CHECK(get.prints_next(one + "\n" + two + "\n" + three + "\n").means("memory/given-back-too-early"));
}

TEST_CASE("any bytes, any length, again and again around the ring"
          * id("any-bytes") * points(5) * needs("published") * needs("byte")
          * hint("A line may hold NUL and may be empty. Where does record n lie when n is larger than the ring? A line that is too long is said and left out, the others pass.")) {
  for (const auto& [places, limit, count] : {std::tuple{1, 4999, 40}, {4, 5000, 60}, {128, 1, 700}}) {
    const std::string text = any_lines(count, limit);
    SharedMemory ring(lab.stage(), named("/of-" + std::to_string(places)));
    auto put = lab.start("put -n " + std::to_string(places) + " -m " + std::to_string(limit) + " " + ring.name());
    put.type(text.substr(0, text.size() - 1));  // the last line needs no newline
    put.close_input();
    CHECK(put.prints_next("ready\n"));
    CHECK(can_be_mapped(ring));
    CHECK(play::waits_on(lab.stage(), ring, put));
    auto get = lab.start("get " + ring.name());
    CHECK(get.prints_next(text));
    CHECK(put.exits_with(0));
    CHECK(get.exits_with(0));
  }
  const std::string many = lines(20000, "");
  auto put = lab.start("put -n 1024 " + named("/many"));
  CHECK(put.prints_next("ready\n"));
  auto get = lab.start("get " + named("/many"));
  put.type(many);
  put.close_input();
  CHECK(get.prints_next(many));
  CHECK(get.exits_with(0));
  auto strict = lab.start("put -m 5 " + named("/strict"));
  strict.type("12345\n123456\n\n");
  strict.close_input();
  CHECK(strict.exits_with(1));
  CHECK(strict.complains("2"));
  auto rest = lab.start("get " + named("/strict"));
  CHECK(rest.prints_next("12345\n\n"));
  CHECK(rest.exits_with(0));
  CHECK(rest.prints_nothing_more());
}

TEST_CASE("the name goes when both have met, and nothing stays of them"
          * id("name") * points(5) * needs("carries")
          * hint("The name is only there to meet. Remove it as soon as the reader has the ring: what is mapped stays until it is unmapped, also when both are killed.")) {
  const std::string name = named("/a");
  SharedMemory first(lab.stage(), name);
  auto put = lab.start("put " + name);
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(first));
  CHECK(first.exists());
  auto get = lab.start("get " + name);
  CHECK(first.is_mapped_by(get));
  CHECK(first.loses_its_name().is_explained_by("memory/name-kept"));
  SharedMemory second(lab.stage(), name);
  auto put2 = lab.start("put " + name);
  CHECK(put2.prints_next("ready\n"));
  auto get2 = lab.start("get " + name);
  put2.type("of the second\n");
  put.type("of the first\n");
  CHECK(get.prints_next("of the first\n"));
  CHECK(get2.prints_next("of the second\n"));
  CHECK(second.loses_its_name());
  auto copy = lab.start("copy " + named("/c"));
  copy.type("copied\n");
  CHECK(copy.prints_next("copied\n"));
  copy.close_input();
  CHECK(copy.exits_with(0));
  for (const auto* one : {&put, &get, &put2, &get2}) one->send(SIGKILL);
  for (const auto* one : {&put, &get, &put2, &get2}) CHECK(one->is_gone());
  CHECK(put.leaves_nothing_behind());
}

TEST_CASE("what is not a whole ring is refused and stays as it is, and one ring has one reader"
          * id("refused") * points(5) * needs("name") * needs("byte")
          * hint("Is it big enough to be looked at? Is it finished, and of the size that it says itself? Only then is its name removed; and of two readers one can remove it.")) {
  const std::string name = named("/a");
  auto missing = lab.start("get " + name);
  CHECK(missing.exits_with(1));
  auto maker = lab.start("put -n 4 " + name);
  maker.type("one\ntwo\n");
  maker.close_input();
  CHECK(maker.exits_with(0));
  const std::string ring = base::read_file(file_of(name));
  CHECK(is_refused_by_get(named("/short"), "an object of 10 bytes", ring.substr(0, 10)));
  std::string noise(ring.size(), '\0');
  std::mt19937 random(9);  // NOLINT: the same each time
  for (char& c : noise) c = static_cast<char>(random());
  CHECK(is_refused_by_get(named("/noise"), "an object of noise", noise));
  CHECK(is_refused_by_get(named("/cut"), "a ring whose last page is missing", ring.substr(0, ring.size() - 4096)));
  CHECK(is_refused_by_get(named("/grown"), "a ring with a page too many", ring + std::string(4096, '\0')));
  // Of two readers that have both opened it, the first is held where it removes the name.
  play::Turnstile removing(lab.stage(), {{SYS_unlinkat},
#ifdef SYS_unlink
                                         {SYS_unlink}
#endif
                                        });
  removing.hold([](pid_t, long) { return true; });
  auto held = lab.start({"get", name}, removing.order());
  removing.hold_until([&] { return removing.held() > 0 || !held.unread().empty(); });
  auto other = lab.start("get " + name);
  removing.hold_until([&] { return has_ended(other); });
  removing.open();
  Program &winner = other.unread().empty() ? held : other, &loser = other.unread().empty() ? other : held;
  CHECK(winner.prints_next("one\ntwo\n"));
  CHECK(winner.exits_with(0));
  Verdict lost = loser.exits_with(1);
  const bool refused = says_no(lost);
  CHECK(marked(std::move(lost), !refused, "memory/taken-twice"));
  CHECK(loser.prints_nothing_more());
}

TEST_CASE("a ring that is not finished yet is not taken for one"
          * id("unfinished") * points(5) * needs("refused")
          * hint("Between shm_open() and the last word that is filled in, a reader may come at any moment. What does it find then, and what tells it that all is there?")) {
  CHECK(is_refused_by_get(named("/empty"), "an object of 0 bytes", ""));
  CHECK(is_refused_by_get(named("/zeros"), "an object of zeros", std::string(16384, '\0')));
  // The writer is held where it gives the object its size, then where it maps what has its size and is not filled in.
  for (const bool sized : {false, true}) {
    const std::string name = named(sized ? "/sized" : "/made");
    play::Turnstile making(lab.stage(), {{SYS_ftruncate}, {SYS_fallocate}, {SYS_mmap}});
    making.hold([&](pid_t, long call) { return (call == SYS_mmap) == sized && size_of(name) >= (sized ? 1 : 0); });
    auto put = lab.start({"put", name}, making.order());
    put.type("one\ntwo\n");
    put.close_input();
    making.hold_until([&] { return making.held() > 0; });
    auto get = lab.start("get " + name);
    // Told that there is none yet, or waiting for it: both are right.
    making.hold_until([&] { return has_ended(get); });
    making.open();
    // A ring that gets its name when it is finished was never there unfinished.
    if (making.held() > 0 && has_ended(get)) {
      Verdict told = unless_by_sigbus(get.exits_with(1));
      const bool refused = says_no(told);
      CHECK(marked(std::move(told), !refused, "memory/not-looked-at"));
      CHECK(get.prints_nothing_more());
      CHECK(put.exits_with(0));
      get = lab.start("get " + name);
    }
    CHECK(get.prints_next("one\ntwo\n"));
    CHECK(get.exits_with(0));
  }
}

TEST_CASE("ThreadSanitizer finds no race between the writer and the reader of copy"
          * id("race") * points(10) * needs("any-bytes") * sanitized()
          * hint("Whatever both sides touch is either atomic, or ordered by something that is: written before a store with release, read after a load with acquire.")) {
  for (const char* places : {"1", "16"}) {
    auto copy = lab.start_sanitized(std::string("copy -n ") + places + " " + named(std::string("/of-") + places));
    const std::string text = lines(1500);
    copy.type(text);
    copy.close_input();
    CHECK(copy.exits());
    CHECK(play::has_no_race(copy).means("memory/race"));
    CHECK(copy.exits_with(0));
    CHECK(copy.prints_next(text));
    CHECK(copy.prints_nothing_more());
  }
}

TEST_CASE("when the other side has died, who waits for it ends with 3"
          * id("dead-peer") * points(5) * needs("for-nothing") * needs("name") * stretch()
          * hint("A killed process may stay for a while as a zombie, and its number may be given to another: ask for something that the kernel takes back from the dead, a lock on a file for one.")) {
  auto put = lab.start("put " + named("/a"));
  CHECK(put.prints_next("ready\n"));
  auto get = lab.start("get " + named("/a"));
  put.type("one\ntwo\n");
  CHECK(get.prints_next("one\ntwo\n"));
  put.send(SIGKILL);
  CHECK(get.exits_with(3));
  CHECK(get.complains("\n"));
  auto early = lab.start("put " + named("/b"));
  early.type("three\nfour\n");
  CHECK(early.prints_next("ready\n"));
  CHECK(play::has_read_its_input(lab.stage(), early));
  CHECK(early.blocks_in("read", 0));
  early.send(SIGKILL);
  CHECK(early.dies_of(SIGKILL));
  auto late = lab.start("get " + named("/b"));
  CHECK(late.prints_next("three\nfour\n"));
  CHECK(late.exits_with(3));
  SharedMemory ring(lab.stage(), named("/c"));
  auto alone = lab.start("put -n 2 " + ring.name());
  CHECK(alone.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  alone.type(lines(3));
  CHECK(waits_on_full(ring, alone));
  CHECK(play::seldom_looks_by_itself(lab.stage(), alone));  // nobody has come yet: it goes on waiting
  CHECK(play::waits_on(lab.stage(), ring, alone));
  auto reader = lab.start("get " + ring.name());
  CHECK(reader.prints_next(lines(3)));
  CHECK(play::waits_on(lab.stage(), ring, reader));
  reader.send(SIGKILL);
  alone.type(lines(3));
  CHECK(alone.exits_with(3));
  CHECK(alone.complains("\n"));
}

TEST_CASE("while nobody sleeps, nobody is woken: hardly a futex call for 4000 records"
          * id("no-call") * points(5) * needs("for-nothing") * needs("byte") * stretch()
          * hint("Who is about to sleep says so in a word of the ring. Who has changed something looks at that word, and only then makes the call. In which order, on both sides?")) {
  play::Turnstile counter(lab.stage(), {{SYS_futex}});
  int calls = 0;
  constexpr int most = 40;
  counter.hold([&](pid_t, long) { return ++calls >= most; });
  auto put = lab.start({"put", "-n", "8192", "-m", "16", named("/a")}, counter.order());
  put.type(lines(4000));
  put.close_input();
  counter.hold_until([&] { return calls >= most || has_ended(put); });
  if (calls >= most) CHECK(no("put makes fewer than 40 futex calls for 4000 records into a ring that holds them all", "it makes more"));
  CHECK(put.exits_with(0));
  auto get = lab.start("get " + named("/a"));
  CHECK(get.prints_next(lines(4000)));
  CHECK(get.exits_with(0));
}

TEST_SUITE_END();
