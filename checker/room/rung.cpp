#include "room/rung.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "room/room.hpp"
#include "room/walls/refused.hpp"
#include "room/spawn.hpp"

namespace room {
namespace {

// In a child, because entering a room cannot be undone: enter it, start a program in it, see it end well.
std::string try_namespaces() {
  base::Pipe report = base::make_pipe();
  const pid_t child = base::must(fork(), "fork");
  if (child == 0) {
    report.read_end.reset();
    try {
      Room tried(Rung::namespaces, "", {});
      Order order;
      order.path = "/bin/true";
      order.argv = {"true"};
      const Child program = spawn(tried, order);
      int status = 0;
      base::must(waitpid(program.pid, &status, 0), "waitpid");
      if (status != 0) throw std::runtime_error("a program started in the room failed");
    } catch (const std::exception& e) {
      base::write_all(report.write_end.get(), e.what());
    }
    _exit(0);
  }
  report.write_end.reset();
  const std::string refused = base::read_all(report.read_end.get());
  base::must(waitpid(child, nullptr, 0), "waitpid");
  return refused;
}

}  // namespace

Choice choose_rung() {
  prepare_refusals();  // before anybody forks
  const char* forced = std::getenv("IPCLAB_RUNG");
  if (forced && std::string_view(forced) == "4") return {Rung::subreaper, "asked for with IPCLAB_RUNG=4"};
  if (forced && std::string_view(forced) != "1" && *forced)
    throw std::runtime_error("IPCLAB_RUNG is 1 (namespaces) or 4 (subreaper)");
  const std::string refused = try_namespaces();
  if (refused.empty()) return {Rung::namespaces, ""};
  if (forced && *forced) throw std::runtime_error("IPCLAB_RUNG=1, but this machine refuses it: " + refused);
  return {Rung::subreaper, refused};
}

std::string name_of(Rung rung) { return rung == Rung::namespaces ? "namespaces" : "subreaper"; }

std::string weakness_of(Rung rung) {
  if (rung == Rung::namespaces) return "";
  return "programs are not isolated: they can see and signal this user's other processes and touch their files, and "
         "IPC objects that they leave may go unseen, and stay";
}

}  // namespace room
