// Given. Lines in and out, whatever bytes they hold, and what `ring` says of a refusal. Nothing here is the lesson.
#pragma once

#include <cerrno>
#include <cstdio>
#include <optional>
#include <string>
#include <unistd.h>

#include "must.hpp"

// Says why something is refused.
inline void complain(const std::string& what, const char* why) {
  dprintf(STDERR_FILENO, "ring: %s: %s\n", what.c_str(), why);
}

// Standard input as lines, whatever bytes they hold. The last one needs no newline.
class Lines {
 public:
  std::optional<std::string> next() {
    for (;;) {
      const size_t end = text_.find('\n', looked_at_);
      if (end != std::string::npos) return line_up_to(end, end + 1);
      if (ended_ && begin_ < text_.size()) return line_up_to(text_.size(), text_.size());
      if (ended_) return std::nullopt;
      text_.erase(0, begin_);
      begin_ = 0;
      looked_at_ = text_.size();
      char bytes[1 << 16];
      const ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
      if (got < 0 && errno == EINTR) continue;
      ended_ = must(static_cast<int>(got), "read") == 0;
      text_.append(bytes, static_cast<size_t>(got));
    }
  }

 private:
  std::string line_up_to(size_t end, size_t next) {
    std::string line = text_.substr(begin_, end - begin_);
    begin_ = looked_at_ = next;
    return line;
  }

  std::string text_;
  size_t begin_ = 0, looked_at_ = 0;
  bool ended_ = false;
};

// All of it, on standard output.
inline void print(const std::string& text) {
  for (size_t done = 0; done < text.size();) {
    const ssize_t put = write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (put < 0 && errno == EINTR) continue;
    done += static_cast<size_t>(must(static_cast<int>(put), "write"));
  }
}
