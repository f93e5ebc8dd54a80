// On rung 4: leaves a folder without rights and a tree deeper than any path is long; the scratch folder goes all the same.
#include <sys/stat.h>
#include <unistd.h>
int main() {
  if (mkdir("closed", 0700) < 0 || mkdir("closed/inside", 0700) < 0 || chmod("closed", 0) < 0) return 1;
  for (int i = 0; i < 3000; ++i) {
    const char* name = "a-folder-with-a-name-that-is-long-enough-to-reach-PATH_MAX-soon";
    if (mkdir(name, 0700) < 0 || chdir(name) < 0) break;
  }
}
