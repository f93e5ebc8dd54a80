// Fails: starts three-descriptors
// Draws: process/shell-between pipe/end-leaked-to-a-stage
// Each stage is a shell's: from the last to the first, popen() gives the stream that the one before writes to.
#include <cstdio>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

int main(int argc, char** argv) {
  if (argc < 2 || std::string(argv[1]).starts_with("--")) return 2;
  std::vector<std::string> lines(1);
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == ":") {
      lines.emplace_back();
      continue;
    }
    lines.back() += '\'';
    for (const char c : word) lines.back() += c == '\'' ? std::string("'\\''") : std::string(1, c);
    lines.back() += "' ";
  }
  std::vector<FILE*> stages;
  for (size_t i = lines.size(); i-- > 1;) {
    FILE* const stage = popen(lines[i].c_str(), "w");
    if (!stage) return 2;
    dup2(fileno(stage), 1);
    stages.push_back(stage);
  }
  int word = system(lines[0].c_str());
  close(1);
  for (size_t i = stages.size(); i-- > 0;) word = pclose(stages[i]);
  return WIFSIGNALED(word) ? 128 + WTERMSIG(word) : WEXITSTATUS(word);
}
