// Given. The policy of `handover serve`, and the words of the command line. Nothing here is the lesson.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string>
#include <sys/types.h>
#include <unistd.h>
#include <vector>

// One line of the policy, and its open file once there is one.
struct Entry {
  std::string name;
  char mode = 'r';           // 'r' to read, 'a' to append
  bool for_everybody = false;
  std::vector<uid_t> users;  // where it is not
  std::string path;
  int fd = -1;
};

// 1 to 63 bytes, each of them printable and no blank.
inline bool is_name(const std::string& word) {
  return !word.empty() && word.size() <= 63 && std::all_of(word.begin(), word.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

// What stands between the separators, also where that is nothing: "a  b" has three parts at ' '.
inline std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == separator) parts.emplace_back();
    else parts.back() += c;
  }
  return parts;
}

// Takes the first word off a line, and the blanks around it.
inline std::string take_word(std::string& line) {
  line.erase(0, std::min(line.find_first_not_of(" \t"), line.size()));
  const std::string word = line.substr(0, line.find_first_of(" \t"));
  line.erase(0, word.size());
  line.erase(0, std::min(line.find_first_not_of(" \t"), line.size()));
  return word;
}

// "*", or user numbers with commas. False where it is neither.
inline bool parse_users(const std::string& text, Entry& entry) {
  entry.for_everybody = text == "*";
  if (entry.for_everybody) return true;
  for (const std::string& number : split(text, ',')) {
    const bool digits = !number.empty() && number.size() <= 10 && number.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || std::stoull(number) >= UINT32_MAX) return false;
    entry.users.push_back(static_cast<uid_t>(std::stoull(number)));
  }
  return true;
}

// "NAME MODE USERS PATH"; nothing where it is no such line.
inline std::optional<Entry> parse_entry(std::string line) {
  Entry entry;
  entry.name = take_word(line);
  const std::string mode = take_word(line), users = take_word(line);
  entry.path = line;
  if (!is_name(entry.name) || (mode != "r" && mode != "a") || !parse_users(users, entry) || entry.path.empty()) return {};
  entry.mode = mode[0];
  return entry;
}

// One line on standard error.
inline void say(const std::string& what, const std::string& why) { dprintf(STDERR_FILENO, "handover: %s: %s\n", what.c_str(), why.c_str()); }

// Every line of the file that is neither empty nor begins with '#'. Nothing, and a line on standard error, where it cannot be read or
// one of its lines is wrong.
inline std::optional<std::vector<Entry>> read_policy(const char* path) {
  std::ifstream file(path);
  std::vector<Entry> policy;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.find_first_not_of(" \t") == std::string::npos || line[0] == '#') continue;
    const auto entry = parse_entry(line);
    if (!entry) return say(path, "line " + std::to_string(number) + " is wrong"), std::nullopt;
    policy.push_back(*entry);
  }
  if (!file.eof()) return say(path, "it cannot be read"), std::nullopt;
  return policy;
}

// Whether this user may have it.
inline bool allows(const Entry& entry, uid_t user) {
  return entry.for_everybody || std::find(entry.users.begin(), entry.users.end(), user) != entry.users.end();
}

// The command line, taken apart. `command` is what execvp() wants.
struct Words {
  bool serves = false;
  std::string policy, socket;
  std::vector<std::string> names;
  char** command = nullptr;
};

inline std::optional<Words> parse_words(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 3 && words[0] == "serve") return Words{.serves = true, .policy = words[1], .socket = words[2], .names = {}};
  const auto dashes = std::find(words.begin(), words.end(), "--");
  if (words.size() < 5 || words[0] != "take" || dashes - words.begin() < 3 || dashes == words.end() || dashes + 1 == words.end()) return {};
  Words order{.policy = {}, .socket = words[1], .names = {words.begin() + 2, dashes}, .command = argv + 2 + (dashes - words.begin())};
  if (order.names.size() > 16 || !std::all_of(order.names.begin(), order.names.end(), is_name)) return {};
  return order;
}

inline int usage() {
  dprintf(STDERR_FILENO, "usage: handover serve POLICY SOCKET\n       handover take SOCKET NAME... -- CMD [ARG...]    1 to 16 names\n");
  return 2;
}
