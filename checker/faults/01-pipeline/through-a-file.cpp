// Fails: side-by-side no-process
// Draws: pipe/through-a-file
// One stage after the other; what one prints is kept in a file for the next.
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

int main(int argc, char** argv) {
  if (argc < 2 || std::string(argv[1]).starts_with("--")) return 2;
  std::vector<std::vector<char*>> stages(1);
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == ":") stages.emplace_back();
    else stages.back().push_back(argv[i]);
  }
  int word = 0, input = 0;
  for (auto& stage : stages) {
    stage.push_back(nullptr);
    FILE* const between = &stage == &stages.back() ? nullptr : tmpfile();
    const pid_t pid = fork();
    if (pid == 0) {
      if (input != 0) dup2(input, 0);
      if (between) dup2(fileno(between), 1);
      close_range(3, ~0U, 0);
      execvp(stage[0], stage.data());
      perror(stage[0]);
      _exit(127);
    }
    waitpid(pid, &word, 0);
    if (between) lseek(input = fileno(between), 0, SEEK_SET);
  }
  return WIFSIGNALED(word) ? 128 + WTERMSIG(word) : WEXITSTATUS(word);
}
