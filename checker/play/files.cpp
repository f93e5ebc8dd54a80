#include "play/files.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.hpp"

namespace play {
namespace {

Verdict refuse(std::string expected, std::string actual) {
  return Verdict::no({std::move(expected), std::move(actual), {}, {}, {}, Evidence::Kind::differs});
}

}  // namespace

Verdict has_no_file(Stage& stage, const std::string& name) {
  const Waited waited = wait_until(stage, [&] { return access(name.c_str(), F_OK) != 0; });
  return waited ? Verdict::yes() : refuse(fmt::format("there is no file {} now", name), "there is: it holds " + base::quote(base::read_file(name)));
}

Verdict file_holds(const std::string& name, const std::string& bytes) {
  const std::string expected = fmt::format("the file {} holds {}", name, base::quote(bytes));
  if (access(name.c_str(), F_OK) != 0) return refuse(expected, "there is no such file");
  const std::string found = base::read_file(name);
  return found == bytes ? Verdict::yes() : refuse(expected, "it holds " + base::quote(found));
}

Verdict has_open_as(Stage& stage, const Observed& who, int fd, const std::string& path) {
  struct stat wanted {};
  base::must(stat(stage.room().outside(path).c_str(), &wanted), "stat " + path);
  const auto open = see::descriptor_of(who.pid(), fd);
  if (open && open->device == wanted.st_dev && open->inode == wanted.st_ino) return Verdict::yes();
  return refuse(fmt::format("descriptor {} of {} is {}", fd, who.name(), path), open ? "it is " + base::quote(open->target) : "it is closed");
}

}  // namespace play
