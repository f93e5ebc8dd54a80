// Open files, as open(2) has the word: what descriptors share that were copied or passed on, in one process or in many. One position
// for all of them, which fdinfo shows; kcmp(2) would say it too, where a container allows that.
#include <cstdlib>
#include <fmt/format.h>
#include <unistd.h>

#include "base/text.hpp"
#include "play/subject/observed.hpp"
#include "see/family.hpp"

namespace play {
namespace {

// The position that fdinfo shows (proc_pid_fdinfo(5)); -1 where it is closed.
off_t position_of(pid_t pid, int fd) {
  const auto open = see::descriptor_of(pid, fd);
  if (!open || !open->details.starts_with("pos:")) return -1;
  return static_cast<off_t>(std::strtoll(open->details.c_str() + 4, nullptr, 10));
}

// Moves the check's own descriptor, and looks whether the other one follows; twice, so that it is no accident.
bool is_same_open_file(int own, pid_t pid, int fd) {
  const off_t before = lseek(own, 0, SEEK_CUR);
  if (before < 0) return false;  // a program may have passed anything
  bool follows = true;
  for (const off_t step : {4711, 815}) {
    const off_t moved = base::must(lseek(own, before + step, SEEK_SET), "lseek");
    follows = follows && position_of(pid, fd) == moved;
  }
  base::must(lseek(own, before, SEEK_SET), "lseek");
  return follows;
}

}  // namespace

size_t Observed::descriptors_of_all() const {
  size_t open = descriptors();
  for (const see::Process& p : see::family_of(pid())) open += see::targets_of(p.pid()).size();
  return open;
}

Verdict Observed::has_open_file_of(int own, const std::string& what) const {
  std::vector<pid_t> all{pid()};
  for (const see::Process& p : see::family_of(pid())) all.push_back(p.pid());
  for (const pid_t one : all)
    for (const see::Descriptor& open : see::descriptors_of(one))
      if (is_same_open_file(own, one, open.fd)) return Verdict::yes();
  return Verdict::no(with_context(Evidence{.expected = fmt::format("{} is one open file with a descriptor of {}", what, name()),
                                           .actual = "it has a position of its own: it was opened again, or all others are closed"}));
}

Verdict Observed::has_open_file_at(int fd, int own, const std::string& what) const {
  if (is_same_open_file(own, pid(), fd)) return Verdict::yes();
  const auto open = see::descriptor_of(pid(), fd);
  return Verdict::no(
      with_context(Evidence{.expected = fmt::format("descriptor {} of {} is one open file with {}", fd, name(), what),
                            .actual = open ? "it has a position of its own: " + base::escape(open->target) : "it is closed"}));
}

}  // namespace play
