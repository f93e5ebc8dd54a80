// The words that a process sleeps on in futex(2) or futex_waitv(2), as its sleeping calls name them. Whose memory they lie
// in is not known here.
#pragma once

#include <cstdint>
#include <sys/types.h>
#include <vector>

namespace see {
struct Call;
}

namespace play {

struct FutexWord {
  std::uint64_t address;   ///< in its own address space
  std::uint32_t expected;  ///< what the word was when it fell asleep
  bool is_private;         ///< the kernel looks for it among the threads of its own process only
};

bool sleeps_on_futex_words(const see::Call& call);
std::vector<FutexWord> futex_words_of(pid_t pid, const see::Call& call);
/// Of all its threads.
std::vector<FutexWord> futex_words_of(pid_t pid);

}  // namespace play
