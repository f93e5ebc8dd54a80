// Given. What `steady` reads and writes: its two files, the lines of standard input, the events that it says. Nothing here
// is the lesson.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

#include "must.hpp"

using Words = std::vector<std::string>;

// One event, one line, written at once and whole.
inline void say(const std::string& event) {
  const std::string line = event + "\n";
  for (size_t done = 0; done < line.size();) {
    const ssize_t put = write(STDOUT_FILENO, line.data() + done, line.size() - done);
    if (put < 0 && errno == EINTR) continue;
    done += static_cast<size_t>(must(static_cast<int>(put), "write"));
  }
}

// Says a refusal of the system on standard error.
inline void trouble(const std::string& what, int why) {
  dprintf(STDERR_FILENO, "steady: %s: %s\n", what.c_str(), strerror(why));
}

// The words of the file's first line. Empty when it cannot be read or has no word.
inline Words configuration(const std::string& path) {
  std::ifstream file(path);
  std::string line, word;
  std::getline(file, line);
  std::istringstream text(line);
  Words words;
  while (text >> word) words.push_back(word);
  return words;
}

// The file that holds the job in hand, for the next steady, should this one be killed.
class State {
 public:
  explicit State(std::string path) : path_(std::move(path)) {}

  // False where it cannot be written; errno says why. Written beside it, and then put in its place by rename(2): whenever
  // steady is killed, the old text is there or the new one, never none and never half of it.
  bool remember(const std::string& line) const {
    const std::string draft = path_ + ".new", text = line + "\n";
    const int file = open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return false;
    const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    close(file);
    return written && rename(draft.c_str(), path_.c_str()) == 0;
  }

  void forget() const { unlink(path_.c_str()); }

  // What an earlier steady had in hand. A file without its newline was not written to its end: nothing had begun.
  std::optional<std::string> left() const {
    std::ifstream file(path_);
    std::string line;
    if (!std::getline(file, line) || file.eof()) return std::nullopt;
    return line;
  }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Standard input as lines.
class Lines {
 public:
  // One read(), which sleeps where nothing is there to read.
  void fill() {
    char bytes[4096];
    const ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR) return;
    if (got <= 0) ended_ = true;
    else text_.append(bytes, static_cast<size_t>(got));
  }

  // The next line, when it is complete. The last one needs no newline.
  std::optional<std::string> next() {
    const size_t end = text_.find('\n');
    if (end == std::string::npos && (!ended_ || text_.empty())) return std::nullopt;
    std::string line = text_.substr(0, end);
    text_.erase(0, end == std::string::npos ? end : end + 1);
    return line;
  }

  bool ended() const { return ended_ && text_.empty(); }
  bool wants_more() const { return !ended_ && text_.find('\n') == std::string::npos; }

 private:
  std::string text_;
  bool ended_ = false;
};
