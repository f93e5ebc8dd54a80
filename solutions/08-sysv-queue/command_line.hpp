// Given. What `mailroom` is told on its command line, and its few words to a person. Nothing here is the lesson.
#pragma once

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <sys/types.h>
#include <unistd.h>

// The most bytes that a letter's text may have: what the kernel lets a message have (kernel.msgmax, 8192 unless changed).
constexpr size_t longest = 8192;

// The command line, understood.
struct Order {
  std::string verb;  // empty: not understood
  bool wait = true;  // false with --try
  int count = 1;     // fetch -n
  size_t room = longest;  // fetch -s
  bool cut = false;       // fetch --cut
  std::string name;       // KEY as it was given, or PATH
  key_t key = 0;
  long box = 0;
  int id = 1;  // key: the second word
};

// A whole number between two others, decimal or 0x...; nothing where it is none.
inline std::optional<long> parse_number(const char* text, long least, long most) {
  char* end = nullptr;
  errno = 0;
  const long number = std::strtol(text, &end, 0);
  if (end == text || *end != '\0' || errno != 0 || number < least || number > most) return {};
  return number;
}

// Takes the options that stand before KEY. False: one of them is none of this verb, or has no right value.
inline bool parse_options(char**& word, Order& order) {
  const bool fetch = order.verb == "fetch";
  bool has_room = false;
  for (; *word && **word == '-'; ++word) {
    const std::string option = *word;
    if (option == "--try" && (fetch || order.verb == "post")) {
      order.wait = false;
    } else if (option == "--cut" && fetch) {
      order.cut = true;
    } else if ((option == "-n" || option == "-s") && fetch && word[1]) {
      const auto number = option == "-n" ? parse_number(*++word, 1, INT_MAX) : parse_number(*++word, 0, longest);
      if (!number) return false;
      if (option == "-n") order.count = static_cast<int>(*number);
      else order.room = static_cast<size_t>(*number), has_room = true;
    } else {
      return false;
    }
  }
  return has_room || !order.cut;
}

// What the words say; no verb where they say nothing that can be done.
inline Order parse(char** word) {
  Order order;
  if (!*word || !*++word) return {};
  order.verb = *word++;
  const std::string known = " key make post fetch ask answer stat drop list ", verb = order.verb;
  if (known.find(" " + verb + " ") == std::string::npos || !parse_options(word, order)) return {};
  if (verb == "list") return *word ? Order{} : order;
  if (!*word) return {};
  order.name = *word++;
  if (verb == "key") {
    const auto id = *word ? parse_number(*word++, 1, 255) : 1;
    if (!id || *word) return {};
    order.id = static_cast<int>(*id);
    return order;
  }
  const auto key = parse_number(order.name.c_str(), 1, 0xffffffffL);  // 0 is IPC_PRIVATE: nobody else could find it
  if (!key) return {};
  order.key = static_cast<key_t>(*key);
  if (verb == "post" || verb == "fetch") {
    const auto box = *word ? parse_number(*word++, verb == "post" ? 1 : -LONG_MAX, LONG_MAX) : std::nullopt;
    if (!box) return {};
    order.box = *box;
  }
  return *word ? Order{} : order;
}

inline int usage() {
  dprintf(STDERR_FILENO,
          "usage: mailroom key PATH [ID]\n"
          "       mailroom make|ask|answer|stat|drop KEY\n"
          "       mailroom post [--try] KEY BOX\n"
          "       mailroom fetch [--try] [-n COUNT] [-s BYTES [--cut]] KEY BOX\n"
          "       mailroom list\n");
  return 2;
}

// One line on standard error.
inline void say(const std::string& what, const std::string& why) {
  dprintf(STDERR_FILENO, "mailroom: %s: %s\n", what.c_str(), why.c_str());
}

// The same, and exit status 1.
[[noreturn]] inline void refuse(const std::string& what, const std::string& why) {
  say(what, why);
  _exit(1);
}

// Prints one line, at once, whatever bytes are in it.
inline void print(const std::string& line) {
  const std::string text = line + "\n";
  for (size_t done = 0; done < text.size();) {
    const ssize_t wrote = write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (wrote < 0 && errno != EINTR) refuse("write", std::strerror(errno));
    if (wrote > 0) done += static_cast<size_t>(wrote);
  }
}
