// Fails: starts
// Draws: process/shell-between
// A shell in disguise, with proper quoting.
#include <cstdlib>
#include <string>
#include <sys/wait.h>

// Every word in single quotes, and a "|" for each ":".
static std::string shell_line(int argc, char** argv) {
  std::string line;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == ":") {
      line += "| ";
      continue;
    }
    line += '\'';
    for (const char c : word) line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    line += "' ";
  }
  return line;
}

int main(int argc, char** argv) {
  if (argc < 2 || std::string(argv[1]).starts_with("--")) return 2;
  const int word = system(shell_line(argc, argv).c_str());
  return WIFSIGNALED(word) ? 128 + WTERMSIG(word) : WEXITSTATUS(word);
}
