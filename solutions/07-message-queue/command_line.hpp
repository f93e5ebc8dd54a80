// Given. What `dispatch` is told on its command line. Nothing here is the lesson.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>
#include <unistd.h>

// What send does where there is no room.
enum class Wait { for_ever, not_at_all, until };

// The command line, understood.
struct Order {
  std::string verb;  // "make", "send", "work", "stat", "drop" or "watch"; empty: not understood
  std::string name;
  long messages = 8, bytes = 128;  // make: how many, and of how many bytes each
  unsigned priority = 0;           // send
  Wait wait = Wait::for_ever;      // send
  double seconds = 0;              // send, with Wait::until
  char** command = nullptr;        // work: words, with a null pointer at the end; none: print
};

// A whole number between two others; nothing where it is none.
inline std::optional<long> parse_number(const std::string& text, long least, long most) {
  char* end = nullptr;
  errno = 0;
  const long number = std::strtol(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0' || errno != 0 || number < least || number > most) return {};
  return number;
}

// Understands one option of `make` or `send`. False where it is none of them, or its value is none.
inline bool parse_option(const std::string& option, const std::string& value, Order& order) {
  if (order.verb == "make" && (option == "-m" || option == "-s")) {
    const auto number = parse_number(value, 1, 1000000000);
    (option == "-m" ? order.messages : order.bytes) = number.value_or(0);
    return number.has_value();
  }
  if (order.verb == "send" && option == "-p") {
    const auto number = parse_number(value, 0, 32767);
    order.priority = static_cast<unsigned>(number.value_or(0));
    return number.has_value();
  }
  if (order.verb != "send" || option != "--timeout") return false;
  char* end = nullptr;
  order.wait = Wait::until;
  order.seconds = std::strtod(value.c_str(), &end);
  return !value.empty() && *end == '\0' && order.seconds >= 0 && order.seconds <= 1e6;
}

// What the words say; no verb where they say nothing that can be done.
inline Order parse(int argc, char** argv) {
  Order order;
  int i = 1;
  if (i < argc) order.verb = argv[i++];
  bool known = false;
  for (const char* verb : {"make", "send", "work", "stat", "drop", "watch"}) known = known || order.verb == verb;
  if (!known) return {};
  for (; i < argc && argv[i][0] == '-'; ++i) {
    const std::string option = argv[i];
    if (order.verb == "send" && option == "--try") {
      order.wait = Wait::not_at_all;
      continue;
    }
    if (i + 1 == argc || !parse_option(option, argv[i + 1], order)) return {};
    ++i;
  }
  if (i == argc) return {};
  order.name = argv[i++];
  if (i == argc) return order;
  if (order.verb != "work" || std::string(argv[i]) != "--" || i + 1 == argc) return {};
  order.command = argv + i + 1;
  return order;
}

inline int usage() {
  dprintf(STDERR_FILENO,
          "usage: dispatch make [-m MESSAGES] [-s BYTES] NAME\n"
          "       dispatch send [-p PRIORITY] [--try | --timeout SECONDS] NAME\n"
          "       dispatch work NAME [-- CMD [ARG...]]\n"
          "       dispatch stat|drop|watch NAME\n");
  return 2;
}
