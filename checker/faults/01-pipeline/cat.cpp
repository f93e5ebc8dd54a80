// Fails: starts flows
// Copies its input to its output, as a pipeline of nothing does.
#include <unistd.h>

int main() {
  char bytes[4096];
  for (ssize_t got; (got = read(0, bytes, sizeof bytes)) > 0;)
    if (write(1, bytes, static_cast<size_t>(got)) < 0) return 1;
  return 0;
}
