// Lab 04, check sigkill: learns by inotify under which name the check writes STATE, and plants a link of that name to a
// file outside of the room. The file stays as it is.
#include "solution.hpp"  // solutions/04-shutdown/steady.cpp with main renamed
#include "target.hpp"    // #define TARGET "/path/outside/of/the/room"
#include <sys/inotify.h>

static void plant() {
  if (open("taken", O_CREAT | O_EXCL, 0600) < 0 || fork() != 0) return;
  setsid();
  const int watch = inotify_init();
  inotify_add_watch(watch, ".", IN_CREATE);
  close_range(0, 2, 0);
  for (;;) {
    alignas(inotify_event) char bytes[4096];
    const ssize_t got = read(watch, bytes, sizeof bytes);
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<inotify_event*>(bytes + at);
      const std::string name = event->name;
      if (name.starts_with("state.") && name.ends_with(".part")) {
        while (symlink(TARGET, name.c_str()) < 0) {}  // until the file has been renamed
        _exit(0);
      }
      at += static_cast<ssize_t>(sizeof *event + event->len);
    }
  }
}

int main(int argc, char** argv) { return plant(), steady_main(argc, argv); }
