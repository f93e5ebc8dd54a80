// Fails: starts
// Draws: process/shell-between
// A shell in disguise, which takes the words apart again.
#include <cstdlib>
#include <string>
#include <sys/wait.h>

int main(int argc, char** argv) {
  if (argc < 2 || std::string(argv[1]).starts_with("--")) return 2;
  std::string line;
  for (int i = 1; i < argc; ++i) line += std::string(argv[i]) == ":" ? "| " : std::string(argv[i]) + " ";
  const int word = system(line.c_str());
  return WIFSIGNALED(word) ? 128 + WTERMSIG(word) : WEXITSTATUS(word);
}
