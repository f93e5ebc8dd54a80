#include "play/object/kernel_object.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "play/verdict/failure.hpp"
#include "room/aftermath.hpp"
#include "room/belongings.hpp"
#include "see/family.hpp"

namespace play {

Verdict KernelObject::comes_true(const std::string& expected, const std::function<std::string()>& actual,
                                 const std::function<bool()>& condition) const {
  const Waited waited = wait_until(*testbed_, condition);
  if (waited) return Verdict::yes();
  return Verdict::no(finding(*testbed_, expected, actual(), waited));
}

std::string KernelObject::there_is_none() const { return fmt::format("there is no such {}", kind()); }

pid_t KernelObject::itself_or_below(pid_t pid, const std::function<bool(pid_t)>& is_so) {
  if (is_so(pid)) return pid;
  for (const see::Process& below : see::family_of(pid))
    if (is_so(below.pid())) return below.pid();
  return 0;
}

pid_t KernelObject::waiter_of(pid_t pid) const {
  return itself_or_below(pid, [this](pid_t one) { return has_waiter(one); });
}

Verdict KernelObject::counts(int wanted) const {
  return comes_true(
      fmt::format("the kernel counts {} {}{} in {}", wanted, one_in_it(), wanted == 1 ? "" : "s", what()),
      [&] {
        const auto is = count();
        return is ? fmt::format("it counts {}", *is) : there_is_none();
      },
      [&] { return count() == wanted; });
}

Verdict KernelObject::is_waited_on_by(const Observed& who) const {
  return comes_true(
      fmt::format("{} sleeps in the kernel on {}", who.name(), what()),
      [&] { return count() ? "it does not" : there_is_none(); },
      [&] { return waiter_of(who.pid()) != 0; });
}

Verdict KernelObject::has_mode(mode_t wanted) const {
  const auto is = mode();
  if (is == wanted) return Verdict::yes();
  return Verdict::no(fmt::format("{} has mode {:04o}", what(), wanted), is ? fmt::format("it has {:04o}", *is) : there_is_none());
}

Verdict KernelObject::is_gone() const {
  return comes_true(
      fmt::format("{} is gone", what()), [] { return "it is still there"; }, [&] { return !count(); });
}

std::vector<std::string> KernelObject::made_beside() const {
  std::vector<std::string> found;
  for (const see::IpcObject& object : room::aftermath(testbed_->room(), {}, testbed_->objects_before(), testbed_->met()).objects)
    if (object.kind == sysv_kind() && !room::belongs_to(object, getpid())) found.push_back(object.name);
  return found;
}

}  // namespace play
