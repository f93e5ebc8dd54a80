// Lab 00: what a redirection must hold. The words are explained in check.hpp, those on files in play/object/files.hpp.
#include "check.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

constexpr const char* leaked = "descriptor/leaked-to-the-command";

// What a program is made to inherit. Runs in the child, just before it becomes the student's program.
void more_descriptors() {
  const Fd null = open_file("/dev/null", O_RDWR);
  for (const int lowest : {3, 40, 200}) must(fcntl(null.get(), F_DUPFD, lowest), "fcntl");
}

// What the command has there is a pipe that was made for it: somebody copies.
play::Verdict is_the_file(const play::Gate& gate, int fd, const std::string& file, const play::Program& redirect) {
  const bool own = gate.shares(fd, redirect, fd).passed();
  return gate.has_file(fd, file)
      .is_explained_by("descriptor/copied-in-between", !own && gate.has_pipe_at(fd).passed())
      .hints(fmt::format("Descriptor {0} of the command still is redirect's own: nothing was put there. dup2(from, to) makes `to` another number of what `from` is.", fd), own);
}

}  // namespace

TEST_SUITE_BEGIN("00-descriptors");

TEST_CASE("a file that cannot be opened: a message that names it, exit status 125, and the command does not run"
          * id("refused") * points(10) * needs("status") * todo(4)
          * hint("open(2) returns -1 when it has failed, and errno says why. The given give_up() says it and ends the child, before exec.")) {
  const std::vector<std::pair<std::string, std::string>> hopeless{{"-i", "missing"}, {"-o", "no-folder/out"}, {"-a", "no-folder/log"}, {"-e", "no-folder/err"}};
  for (const auto& [option, name] : hopeless) {
    auto redirect = lab.start({option, name, "touch", "ran"});
    CHECK(redirect.exits());
    CHECK(lab.file("ran").does_not_exist().hints("The command ran all the same: open() had returned -1. Who looked at that, and in which process?"));
    CHECK(redirect.exits_with(125));
    CHECK(redirect.complains(name));
  }
  lab.file("out").put("x\n");
  auto later = lab.start({"-o", "out", "-i", "missing", "touch", "ran"});
  CHECK(later.exits_with(125));
  CHECK(later.complains("missing"));
  CHECK(lab.file("ran").does_not_exist());
}

TEST_CASE("with -i the command reads the file; without it, redirect's own input"
          * id("input") * points(10) * needs("runs") * todo(5)
          * hint("The file is opened for reading, and made the command's descriptor 0: dup2(2), in the child.")) {
  lab.file("poem").put("roses\n");
  auto gate = lab.gate("g");
  auto redirect = lab.start({"-i", "poem", "gate", "g", "cat"});
  CHECK(gate.is_reached());
  CHECK(is_the_file(gate, 0, "poem", redirect));
  gate.open();
  CHECK(redirect.prints_only("roses\n"));
  auto own = lab.start({"cat"});
  own.type("violets\n");
  CHECK(own.prints("violets\n"));
}

TEST_CASE("with -o the command writes to the file itself, which is made, or emptied first"
          * id("output") * points(10) * needs("runs")
          * hint("open(2): which flag makes a file that is not there, and which empties one that is?")) {
  const auto out = lab.file("out"), fresh = lab.file("fresh");
  out.put("a text that was there before\n");
  auto gate = lab.gate("g");
  auto redirect = lab.start({"-o", "out", "gate", "g", "echo", "new"});
  CHECK(gate.is_reached());
  CHECK(is_the_file(gate, 1, "out", redirect));
  gate.open();
  CHECK(redirect.ends_last());
  CHECK(redirect.prints_nothing_more());
  CHECK(out.begins_with("new\n"));
  CHECK(out.has_text("new\n").means("descriptor/no-truncate"));
  auto made = lab.start({"-o", "fresh", "echo", "new"});
  CHECK(made.ends_last());
  CHECK(made.prints_nothing_more().hints("Nothing was put at the command's 1: was there a file to be opened? O_CREAT makes it.", !fresh.exists().passed()));
  CHECK(fresh.exists().hints("open() does not make a file that is not there unless it is told to: ENOENT. O_CREAT makes it."));
}

TEST_CASE("with -a it writes at the end, also when others write there meanwhile"
          * id("append") * points(5) * needs("runs")
          * hint("The end of a file moves when somebody else writes. Which flag of open(2) finds it anew at every write?")) {
  const auto log = lab.file("log"), fresh = lab.file("fresh");
  log.put("one\n", 0666);
  auto gate = lab.gate("g");
  auto redirect = lab.start({"-a", "log", "gate", "g", "echo", "three"});
  CHECK(gate.is_reached());
  CHECK(is_the_file(gate, 1, "log", redirect));
  CHECK(log.has_text("one\n").hints("It was emptied when it was opened: O_TRUNC is for -o.", log.text().empty()));
  log.append("two\n");  // the command has its descriptor already, and has not written yet
  gate.open();
  CHECK(redirect.ends_last());
  CHECK(redirect.prints_nothing_more());
  CHECK(log.has_text("one\ntwo\nthree\n")
            .is_explained_by("descriptor/no-append", log.text().starts_with("three\n"))
            .is_explained_by("descriptor/append-by-seek", log.text() == "one\nthree\n"));
  auto made = lab.start({"-a", "fresh", "echo", "new"});
  CHECK(made.ends_last());
  CHECK(fresh.exists().hints("open() was refused with ENOENT: O_APPEND alone does not make a file that is not there. O_CREAT does, for -a as for -o."));
}

TEST_CASE("a new file gets the permissions 0666 less the umask, with each of -o, -a and -e"
          * id("mode") * points(5) * needs("output") * needs("append")
          * hint("Say 0666, and the kernel takes the umask off. Another number is right below some umasks and wrong below others.")) {
  for (const auto& [mask, mode] : {std::pair<mode_t, mode_t>{027, 0640}, {0, 0666}, {0117, 0660}})
    for (const char* option : {"-o", "-a", "-e"}) {
      const auto fresh = lab.file(fmt::format("fresh{}-{:o}", option, mask));
      auto redirect = lab.start({option, fresh.name(), "true"}, play::inheriting([mask = mask] { umask(mask); }));
      CHECK(redirect.ends_last());
      const auto came = [&](mode_t given) { return fresh.has_mode(given & ~mask).passed(); };
      const bool chosen = came(0644) || came(0600) || came(0640) || came(0660) || came(0664) || came(0700) || came(0755) || came(0777);
      CHECK(fresh.has_mode(mode).where(fmt::format("here the umask is {:03o}", mask)).means("descriptor/made-without-a-mode", !chosen));
    }
}

TEST_CASE("with -e errors go to the file; all options work together; of several -o and -a the last one wins"
          * id("together") * points(5) * needs("runs") * needs("input") * needs("output") * needs("append")
          * hint("Each option has its place: -i 0, -o and -a 1, -e 2. Work through them in the order they were given.")) {
  lab.file("in").put("word\n");
  lab.file("err").put("a text that was there before\n");
  auto all = lab.start({"-e", "err", "-i", "in", "-o", "out", "sh", "-c", "read it; echo \"out $it\"; echo \"err $it\" >&2"});
  CHECK(all.ends_last());
  CHECK(all.prints_nothing_more());
  CHECK(lab.file("out").has_text("out word\n"));
  CHECK(lab.file("err").begins_with("err word\n"));
  CHECK(lab.file("err").has_text("err word\n").means("descriptor/no-truncate"));
  CHECK(all.prints_only(""));
  CHECK(all.complains_of_nothing());
  auto last_one = lab.start({"-o", "first", "-a", "second", "-o", "third", "-a", "last", "echo", "x"});
  CHECK(last_one.ends_last());
  CHECK(last_one.prints_only(""));
  CHECK(lab.file("last").has_text("x\n"));
}

TEST_CASE("the command has descriptors 0, 1 and 2 and no other, and no signal is blocked or ignored in it"
          * id("nothing-else") * points(5) * needs("runs") * todo(6)
          * hint("ls -l /proc/PID/fd shows what a process has open. What redirect opened or was given above 2 must not outlive exec.")) {
  for (const char* name : {"in", "out", "log", "err"}) lab.file(name).put("x\n");
  auto plain = lab.gate("plain"), all = lab.gate("all"), more = lab.gate("more");
  lab.start("gate plain");
  CHECK(plain.is_reached());
  CHECK(plain.keeps_open({0, 1, 2}, leaked));
  CHECK(plain.starts_clean().means("signal/passed-on-to-the-command"));
  lab.start("-i in -o out -a log -e err gate all");
  CHECK(all.is_reached());
  CHECK(all.keeps_open({0, 1, 2}, leaked));
  lab.start("-o out gate more", play::inheriting(more_descriptors));
  CHECK(more.is_reached());
  CHECK(more.keeps_open({0, 1, 2}, "descriptor/inherited-passed-on"));
}

TEST_CASE("-e @1: errors go to the same open file as output"
          * id("same-file") * stretch() * needs("together") * todo(7)
          * hint("Two open() calls give two offsets. dup2(1, 2) gives one open file a second number.")) {
  auto redirect = lab.start({"-o", "both", "-e", "@1", "sh", "-c", "echo out; echo error >&2; echo out again"});
  CHECK(redirect.ends_last());
  CHECK(lab.file("both").has_text("out\nerror\nout again\n").means("descriptor/opened-twice"));
  CHECK(redirect.complains_of_nothing());
}

TEST_CASE("-e @1 before -o: errors go where output went at that point"
          * id("in-order") * stretch() * needs("same-file")
          * hint("@1 means what descriptor 1 is when its turn comes. Handle the options in the order they were given.")) {
  auto redirect = lab.start({"-e", "@1", "-o", "out", "sh", "-c", "echo error >&2; echo out"});
  CHECK(redirect.ends_last());
  CHECK(lab.file("out").has_text("out\n").means("descriptor/redirected-out-of-order"));
  CHECK(redirect.prints_only("error\n"));
}

TEST_CASE("descriptor 0 is closed at the start: every option still does what it says"
          * id("closed-input") * stretch() * needs("together") * needs("output") * needs("append") * needs("nothing-else")
          * hint("open(2) gives the lowest free number, and that is 0 here. What do dup2(0, 0) and close(0) do then? By hand: <&- behind it.")) {
  for (const char* name : {"in", "out", "err"}) lab.file(name).put("x\n");
  auto a = lab.gate("a"), b = lab.gate("b"), c = lab.gate("c"), d = lab.gate("d");
  const room::Order closed = play::inheriting([] { close(0); });
  lab.start("-o out gate b", closed);
  CHECK(b.is_reached());
  CHECK(b.has_file(1, "out").means("descriptor/zero-is-a-number"));
  CHECK(b.has_no_file(0, "out").means(leaked));
  lab.start("-i in gate a", closed);
  CHECK(a.is_reached());
  CHECK(a.keeps_open({0, 1, 2}, leaked).means("descriptor/dup2-onto-itself"));
  CHECK(a.has_file(0, "in"));
  for (auto* gate : {&c, &d}) {
    lab.start(gate == &c ? "-e err -o out -i in gate c" : "-i in -e err -a out gate d", closed);
    CHECK(gate->is_reached());
    CHECK(gate->keeps_open({0, 1, 2}, leaked).means("descriptor/dup2-onto-itself"));
    CHECK(gate->has_file(0, "in"));
    CHECK(gate->has_file(1, "out"));
    CHECK(gate->has_file(2, "err"));
  }
}

TEST_SUITE_END();
