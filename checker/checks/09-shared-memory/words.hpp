// Lab 09: what rings say and do, as its checks ask for it. A diagnosis is named only where what came is the mark of one
// mistake. Knows nothing of the stories made of these words.
#pragma once

#include <functional>
#include <string>
#include <sys/stat.h>

#include "check.hpp"


namespace ringing {

using play::Evidence;
using play::Program;
using play::SharedMemory;
using play::Verdict;

std::string ring_name(const std::string& name);
std::string file_of(const std::string& name);
Verdict no(const std::string& expected, const std::string& actual);
/// That it cannot be mapped is said of the program that made it.
Verdict can_be_mapped(SharedMemory& object);
/// A crash is explained where the object holds an address: one of the writer's own, which means nothing to the reader.
Verdict unless_by_address(Verdict verdict, const SharedMemory& object, const Program& writer);
/// It has mapped, when that was looked at, less of the object than there is; 0 where it had ended.
Verdict unless_in_part(Verdict verdict, const SharedMemory& object, std::uint64_t mapped);
/// What was got is right, and ends too early: the end has taken the place of a record that nobody had taken out yet.
Verdict unless_end_overwrites(Verdict verdict, const Program& get, const std::string& all);
/// It ends with 1. One that has said `ready` has taken what was there, the object `before`, or has taken its name away.
Verdict refuses_to_make(Program& put, const std::string& name, ino_t before);
/// Which object has that name; 0 where there is none.
ino_t inode_of(const std::string& name);
/// It has ended by itself with another status than was asked for: it has refused, and only the number is wrong.
bool says_no(const Verdict& verdict);
Verdict unless_by_sigbus(Verdict verdict);
std::string lines(int count, const std::string& word = "line ");
/// Lines of any length up to `most`, of any bytes but the newline.
std::string any_lines(int count, int most);
/// Its mappings lie elsewhere than another program's, whatever the kernel makes random: they begin below the stack.
room::Order with_more_stack();
/// The calls that remove a name, and those that sleep on a word.
std::vector<play::WatchedCall> name_removals();
std::vector<play::WatchedCall> futex_calls();
/// It is large enough for that many records of that many bytes.
Verdict holds(const SharedMemory& ring, std::uint64_t places, std::uint64_t limit);
/// It has the ring: sleeps on a word of it, has removed its name, or has ended well.
Verdict takes(const SharedMemory& ring, Program& get);
/// Each of them lies in it in one piece: `put` has put them there.
Verdict lie_in(const SharedMemory& ring, const std::vector<std::string>& records, const Program& put);
/// Wherever `text` lies in the ring, its last byte becomes another.
Verdict changes(const SharedMemory& ring, const std::string& text, char last);
/// Until a writer has read its input and waits, for more or for a place.
void rest(const Program& put);
/// Until it sleeps on a word of the ring, or has ended. Whether it does so is not said.
void await_sleep(const SharedMemory& ring, const Program& who);
/// It has not ended. Nothing is waited for: a clock of its own may wake it again and again.
Verdict is_there(Program& who);
/// A writer that has put in all it was given and sleeps on the full ring.
Verdict waits_on_full(const SharedMemory& ring, const Program& put);
/// It sleeps on a word of the ring, which has room for all that it was given.
Verdict unless_it_waits(Verdict verdict, const SharedMemory& ring, const Program& put);
/// It has put one record more into the ring than that may hold, and asks for the next.
Verdict unless_it_reads_on(Verdict verdict);
/// The writer takes the ring for full; the reader, who has taken nothing yet, for empty: one of them is wrong.
Verdict unless_both_wait(Verdict verdict, const SharedMemory& ring, const Program& put, const Program& get);
/// Both sleep on one word, which one of them should change: the hint says so.
Verdict unless_on_one_word(Verdict verdict, const SharedMemory& ring, const Program& put, const Program& get);
/// The record `last`, which was not in the ring when the reader came, has been got in the place of one that was.
Verdict unless_overwritten(Verdict verdict, const Program& get, const std::string& before, const std::string& last);
/// The writer has ended well, and the reader sleeps on a word that nobody is left to change.
Verdict unless_no_end(Verdict verdict, const SharedMemory& ring, const Program& get);
/// It sleeps on a word of the ring that has not changed, although what it waits for has come before it fell asleep.
Verdict unless_missed(Verdict verdict, const SharedMemory& ring, const Program& sleeper);
/// Wherever a program is about to wake the other side, that is woken by the check, and does what it does
/// then; so a few times, as long as the reader prints nothing. Whether the other side was there to be woken.
bool wake_at(play::BeforeCall& at_call, const SharedMemory& ring, const Program& other, const Program& get, int times);

/// A program that is held where it is about to sleep on a word for the nth time: it has looked, and does not sleep yet. A writer is
/// given two lines.
class Drowsy {
 public:
  /// Waits until it is held, or sleeps: then it makes no such call by itself.
  Drowsy(const std::string& words, SharedMemory& ring, int nth);
  bool is_held() const { return held_.times_held() > 0; }
  /// Held until the condition holds or nothing else can move.
  void stays_until(const std::function<bool()>& condition) { held_.hold_until(condition); }
  void let_go() { held_.open(); }
  Program* operator->() { return &program_; }
  Program& operator*() { return program_; }

 private:
  int sleeps_ = 0;
  play::BeforeCall held_;
  Program program_;
};

off_t size_of(const std::string& name);
/// A file of these bytes where rings lie; and whether a get has left it alone.
Verdict is_refused_by_get(const std::string& name, const std::string& what, const std::string& bytes);

}  // namespace ringing
