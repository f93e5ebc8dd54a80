// Given. What `ring` is told on its command line. Nothing here is the lesson.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

// What the command line asks for.
struct Wish {
  std::string verb, name;
  std::uint32_t places = 64, limit = 4096;
};

// A number from 1 to `most`; 0 for anything else.
inline std::uint32_t number(const char* text, unsigned long most) {
  char* end = nullptr;
  const unsigned long n = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;
  return end && *end == '\0' && n <= most ? static_cast<std::uint32_t>(n) : 0;
}

// Whether the command line is one that this program knows.
inline bool understand(int argc, char** argv, Wish& wish) {
  if (argc < 3) return false;
  wish.verb = argv[1];
  const bool makes = wish.verb == "put" || wish.verb == "copy";
  if (!makes && wish.verb != "get" && wish.verb != "drop") return false;
  int i = 2;
  for (; makes && i + 1 < argc && argv[i][0] == '-'; i += 2) {
    const std::string option = argv[i];
    if (option == "-n") wish.places = number(argv[i + 1], 65536);
    else if (option == "-m") wish.limit = number(argv[i + 1], 1048576);
    else return false;
  }
  if (i != argc - 1 || argv[i][0] != '/') return false;
  wish.name = argv[i];
  return wish.limit > 0 && wish.places > 0 && (wish.places & (wish.places - 1)) == 0;
}
