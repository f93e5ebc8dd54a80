#include "play/testbed/progress.hpp"

#include <vector>

#include "base/text.hpp"

namespace play {

void Progress::look(const see::Family& family, size_t printed) {
  const clock::time_point now = clock::now();
  if (printed > printed_) last_[prints] = now;
  printed_ = printed;
  for (const see::Process& p : family) {
    if (processes_.emplace(p.pid(), p.stat.start).second) last_[starts_processes] = now;
    for (const see::Thread& t : p.threads)
      if (t.call.known == see::Call::Known::yes && calls_.insert(t.call.number).second) last_[makes_other_calls] = now;
  }
}

std::string Progress::lately() const {
  const char* const words[kinds] = {"it prints", "it starts processes", "it makes system calls that it had not made"};
  const clock::time_point half = begun_ + (clock::now() - begun_) / 2;
  std::vector<std::string> news;
  for (size_t kind = 0; kind < kinds; ++kind)
    if (last_[kind] > half) news.emplace_back(words[kind]);
  return base::join(news, ", ");
}

}  // namespace play
