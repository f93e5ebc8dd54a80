// Lab 01, check one-stage: prints what /proc/1 says of the tree, the check and the machine's mounts. There is nothing.
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>
static std::string all(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}
int main() {
  std::string found = all("/proc/1/cmdline");
  for (char& c : found) if (c == 0) c = ' ';
  if (found.find("--tree") != std::string::npos || found.find("one-stage") != std::string::npos) std::printf("LEAK cmdline; ");
  std::istringstream rows(all("/proc/1/mountinfo"));
  int machine = 0;
  std::string last;
  for (std::string row, a, b, c, root, at; std::getline(rows, row);) {
    std::istringstream words(row);
    words >> a >> b >> c >> root >> at;
    bool of_the_room = at == "/";
    for (const char* place : {"/room", "/gates", "/proc", "/dev/shm"}) of_the_room |= at == place || at.starts_with(std::string(place) + "/");
    if (!of_the_room) ++machine, last = row;
  }
  if (machine > 0) std::printf("LEAK mountinfo: %d mounts, %.40s\n", machine, last.c_str());
  std::printf("a  b * ::\n");
  return 7;
}
