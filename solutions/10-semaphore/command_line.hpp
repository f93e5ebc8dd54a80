// Given. What `limit` is told on its command line. Nothing here is the lesson.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>
#include <sys/types.h>
#include <unistd.h>

// How long to wait for a permit.
enum class Wait { for_ever, not_at_all, until };

// The command line, understood.
struct Order {
  bool sysv = false;
  std::string verb;  // "run", "stat" or "drop"; empty: not understood
  int n = 0;         // run: how many permits, should there be none yet
  Wait wait = Wait::for_ever;
  timespec until{};  // with Wait::until: on CLOCK_MONOTONIC, which nobody can set
  std::string name;
  key_t key = 0;             // the same as a number, with --sysv
  char** command = nullptr;  // run: words, with a null pointer at the end
};

// How long it is from now to then; 0 when that has passed.
inline timespec from_now_to(const timespec& then) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const long long left = (then.tv_sec - now.tv_sec) * 1000000000LL + then.tv_nsec - now.tv_nsec;
  return left <= 0 ? timespec{}
                   : timespec{static_cast<time_t>(left / 1000000000), static_cast<long>(left % 1000000000)};
}

// The order's time limit: "2", "0.5". False where it is none.
inline bool parse_seconds(const char* text, Order& order) {
  char* end = nullptr;
  const double seconds = std::strtod(text, &end);
  if (end == text || *end != '\0' || !(seconds >= 0) || seconds > 1e6) return false;
  order.wait = Wait::until;
  clock_gettime(CLOCK_MONOTONIC, &order.until);
  order.until.tv_sec += static_cast<time_t>(seconds);
  order.until.tv_nsec += static_cast<long>((seconds - static_cast<double>(static_cast<time_t>(seconds))) * 1e9);
  if (order.until.tv_nsec >= 1000000000) ++order.until.tv_sec, order.until.tv_nsec -= 1000000000;
  return true;
}

// A whole number between two others, decimal or 0x...; nothing where it is none.
inline std::optional<long long> parse_number(const char* text, long long least, long long most) {
  char* end = nullptr;
  errno = 0;
  const long long number = std::strtoll(text, &end, 0);
  if (end == text || *end != '\0' || errno != 0 || number < least || number > most) return {};
  return number;
}

// What the words say; no verb where they say nothing that can be done.
inline Order parse(int argc, char** argv) {
  Order order;
  int i = 1;
  for (; i < argc && argv[i][0] == '-'; ++i) {
    const std::string word = argv[i];
    const char* const value = i + 1 < argc ? argv[i + 1] : "";
    if (word == "--posix" || word == "--sysv") {
      order.sysv = word == "--sysv";
    } else if (word == "--try") {
      order.wait = Wait::not_at_all;
    } else if (word == "--timeout") {
      if (!parse_seconds(value, order)) return {};
      ++i;
    } else if (const auto n = parse_number(value, 1, 32767); word == "-n" && n) {
      order.n = static_cast<int>(*n);
      ++i;
    } else {
      return {};
    }
  }
  const std::string verb = i < argc ? argv[i] : "";
  if (order.n == 0 && verb != "stat" && verb != "drop") return {};
  if (order.n == 0) ++i;
  if (i >= argc) return {};
  order.name = argv[i++];
  const auto key = parse_number(order.name.c_str(), 1, 0xffffffffLL);
  if (order.sysv ? !key : order.name[0] != '/') return {};
  if (order.sysv) order.key = static_cast<key_t>(*key);
  const bool names_a_command = i + 1 < argc && std::string(argv[i]) == "--";
  if (order.n == 0 ? i != argc || order.wait != Wait::for_ever : !names_a_command) return {};
  order.verb = order.n == 0 ? verb : "run";
  order.command = argv + i + 1;
  return order;
}

inline int usage() {
  dprintf(STDERR_FILENO,
          "usage: limit [--posix|--sysv] -n N [--try | --timeout SECONDS] NAME -- CMD [ARG...]\n"
          "       limit [--posix|--sysv] stat NAME\n"
          "       limit [--posix|--sysv] drop NAME\n");
  return 2;
}
