// Lab 08: a queue as its checks use it, and what a failure of mailroom's shows. Knows no story.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check.hpp"

namespace mailroom {

using play::Evidence;
using play::Message;
using play::Program;
using play::SysvQueue;
using play::Verdict;
using Letters = std::vector<Message>;

/// A text, and a box, that no program can know before it is started. A box of a number of its own each time, 1000 and up.
std::string some_text();
long some_box();

/// A queue of the check's making, so that a program that makes none can show what else it does. `room`: how many bytes it
/// takes, where that is less than usual.
SysvQueue a_queue(std::optional<long> room = {});
/// Puts them in, in this order.
void lay(const SysvQueue& queue, const Letters& letters);
/// Takes all that is there, the oldest first.
Letters taken_from(const SysvQueue& queue);
/// Waits until a letter is in this box, and takes it. None: the program has ended, or nothing can move any more.
Letters arrives(const SysvQueue& queue, const Program& program, long box);
/// For a sentence: "the queue held \"HELLO\" (5 bytes, box 2)"; that it held none.
std::string text_of(const Letters& letters);
/// The check removes it: who sleeps on it is told.
void remove(const SysvQueue& queue);

/// `mailroom WORDS KEY MORE`.
Program run(const std::string& words, const SysvQueue& queue, const std::string& more = "");
/// The same with a box of `post` or `fetch`.
Program run(const std::string& words, const SysvQueue& queue, long box);

/// The letters have come: as many, in these boxes, each beginning with that text. What is behind the text is not looked at.
Verdict are(const Letters& letters, const Letters& wanted);
/// The same, byte by byte.
Verdict are_exactly(const Letters& letters, const Letters& wanted);
/// What was left alone lies there, in its order. Takes it out.
Verdict leaves(const SysvQueue& queue, const Letters& wanted);
/// What came in by `post` is nowhere in the queue, and comes out of it all the same.
bool goes_another_way(const SysvQueue& queue, long box, const std::string& text);

/// What is said of one that has taken a letter, and has not printed it.
constexpr const char* held_back = "It has taken the letter, and it is not on standard output. Is it still in a buffer of the program's (fflush(3), std::flush)?";
/// It sleeps in msgrcv on the queue for this type alone; no clock wakes it.
Verdict sleeps_for(const SysvQueue& queue, Program& program, long type);
/// It sleeps on the full queue; no clock wakes it.
Verdict sleeps_for_room(const SysvQueue& queue, Program& post);
/// With --try: it ends with 124. One that sleeps on the queue has waited.
Verdict does_not_wait(const SysvQueue& queue, Program& program);
/// The queue that it slept on is gone: it ends with 1, and says so.
Verdict is_told(Program& program);
/// The queue is there still, and is the one of this identifier.
Verdict is_there(const SysvQueue& queue, int id);
/// There is still no queue, although the program has been at its key.
Verdict is_not_made(const SysvQueue& queue);
/// Standard error holds this number, as a word of its own.
Verdict names_line(const Program& program, int number);

/// Waits until there are so many lines on standard error: exactly so many.
Verdict complains_in_lines(const Program& program, size_t wanted);

/// The number by which it is known in the room.
long number_of(const Program& program);
/// Takes the question that lies in box 1: it is from this process, and says this text. What is behind it is not looked at.
Verdict has_asked(const SysvQueue& queue, Program& ask, const std::string& text);

}  // namespace mailroom
