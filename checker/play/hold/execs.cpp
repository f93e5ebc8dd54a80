#include "play/hold/execs.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sys/syscall.h>

#include "base/text.hpp"
#include "play/verdict/failure.hpp"
#include "see/proc.hpp"

namespace play {

Execs::Execs(Testbed& testbed, std::string program)
    : program_(std::move(program)), calls_(testbed, {{SYS_set_tid_address}}) {
  calls_.hold([&testbed, program = program_, others = others_](pid_t who, long) {
    const auto stat = see::stat_of(who);
    // A copy of a shell that bears the program's name is known by its file.
    const bool named = stat && (stat->name == program || stat->name == "gate");
    if (stat && !(named && testbed.executes(who, stat->name).value_or(true)))
      others->push_back({named ? "another " + stat->name : stat->name, base::join(see::command_line_of(who), " ")});
    return false;
  });
}

Verdict Execs::are_its_own() const {
  if (others_->empty()) return Verdict::yes();
  Evidence e;
  e.expected = program_ + " itself becomes the command, after fork(): no other program runs in between";
  std::vector<std::string> names;
  for (const Another& another : *others_) {
    if (std::find(names.begin(), names.end(), another.name) != names.end()) continue;
    names.push_back(another.name);
    e.lines.push_back(fmt::format("{} began: {}", base::escape(another.name), base::quote(another.line, 120)));
  }
  e.actual = base::escape(base::join(names, ", ")) + (names.size() == 1 ? " ran there" : " ran there, one after the other");
  const std::vector<std::string> shells{"sh", "dash", "bash", "busybox", "ksh", "zsh"};
  const bool shell = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::find(shells.begin(), shells.end(), name) != shells.end();
  });
  e.diagnoses.emplace_back(shell ? "process/shell-between" : "process/tool-between");
  return Verdict::no(std::move(e));
}

}  // namespace play
