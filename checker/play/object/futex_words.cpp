#include "play/object/futex_words.hpp"

#include <algorithm>
#include <cstring>
#include <linux/futex.h>
#include <sys/syscall.h>

#include "see/calls.hpp"

namespace play {

bool sleeps_on_futex_words(const see::Call& call) {
#ifdef SYS_futex_waitv
  if (call.number == SYS_futex_waitv) return true;
#endif
  return call.number == SYS_futex;
}

std::vector<FutexWord> futex_words_of([[maybe_unused]] pid_t pid, const see::Call& call) {
  if (!sleeps_on_futex_words(call)) return {};
  if (call.number == SYS_futex)
    return {{call.args[0], static_cast<std::uint32_t>(call.args[2]), (call.args[1] & FUTEX_PRIVATE_FLAG) != 0}};
  std::vector<FutexWord> words;
#ifdef SYS_futex_waitv
  std::vector<futex_waitv> waiters(std::min<std::uint64_t>(call.args[1], FUTEX_WAITV_MAX));
  const std::string bytes = see::memory_of(pid, call.args[0], waiters.size() * sizeof(futex_waitv));
  if (bytes.empty() || bytes.size() != waiters.size() * sizeof(futex_waitv)) return {};
  std::memcpy(waiters.data(), bytes.data(), bytes.size());
  for (const futex_waitv& w : waiters)
    words.push_back({w.uaddr, static_cast<std::uint32_t>(w.val), (w.flags & FUTEX_PRIVATE_FLAG) != 0});
#endif
  return words;
}

std::vector<FutexWord> futex_words_of(pid_t pid) {
  std::vector<FutexWord> words;
  for (const see::Call& call : see::sleeping_calls(pid))
    for (const FutexWord& word : futex_words_of(pid, call)) words.push_back(word);
  return words;
}

}  // namespace play
