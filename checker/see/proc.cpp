#include "see/proc.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/fd.hpp"

namespace see {
namespace {

// A file of /proc, or nothing when the process has gone or may not be looked at.
std::optional<std::string> look(const std::string& path) {
  const base::Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  std::string text;
  char piece[4096];
  for (;;) {
    const ssize_t got = read(fd.get(), piece, sizeof piece);
    if (got < 0) return std::nullopt;
    text.append(piece, static_cast<size_t>(got));
    // The kernel fills what it is given while there is a line left: half of it empty is the end, and asks for no second read.
    if (static_cast<size_t>(got) < sizeof piece / 2) return text;
  }
}

template <class T>
T number(std::string_view text, int radix = 10) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value, radix);
  return value;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  for (size_t at = 0; (at = text.find_first_not_of(" \t\n", at)) != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(" \t\n", at), text.size());
    found.push_back(text.substr(at, end - at));
    at = end;
  }
  return found;
}

std::string_view last_word(std::string_view text) {
  const size_t end = text.find_last_not_of(" \t\n") + 1, before = text.substr(0, end).find_last_of(" \t\n");
  return text.substr(before + 1, end - before - 1);  // npos + 1 is 0
}

// Each line "key:	value" of a file of /proc, in one walk: `found(key, value)`.
template <class Found>
void each_line(std::string_view text, Found found) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (const size_t colon = line.find(':'); colon != std::string_view::npos) found(line.substr(0, colon), line.substr(colon + 1));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
}

std::string readlink_of(const std::string& path) {
  char target[4096];
  const ssize_t length = readlink(path.c_str(), target, sizeof target);
  return length < 0 ? std::string{} : std::string(target, static_cast<size_t>(length));
}

std::vector<pid_t> numbered_entries(const std::string& folder) {
  std::vector<pid_t> found;
  if (DIR* dir = opendir(folder.c_str())) {
    while (const dirent* entry = readdir(dir))
      if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9') found.push_back(number<pid_t>(entry->d_name));
    closedir(dir);
  }
  return found;
}

// Whoever is found asleep in one of these has asked the check about it (room/walls/questions.hpp), and goes on at once.
bool never_sleeps(long number) {
#ifdef SYS_alarm
  if (number == SYS_alarm) return true;
#endif
  return number == SYS_setitimer;
}

}  // namespace

InnerPid inner_pid_of(pid_t pid) {
  const auto status = status_of(pid);
  return status ? status->inner_pid : InnerPid{};
}

std::optional<Stat> parse_stat(std::string_view text) {
  // The name may hold anything, parentheses and spaces too: it ends at the last ')'.
  const size_t open = text.find('('), close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  const auto field = words(text.substr(close + 1));
  if (field.size() < 22) return std::nullopt;
  Stat s;
  s.pid = number<pid_t>(text);
  s.name = std::string(text.substr(open + 1, close - open - 1));
  s.state = field[0][0];
  s.parent = number<pid_t>(field[1]);
  s.group = number<pid_t>(field[2]);
  s.session = number<pid_t>(field[3]);
  s.terminal = number<int>(field[4]);
  s.foreground_group = number<pid_t>(field[5]);
  s.cpu = number<std::uint64_t>(field[11]) + number<std::uint64_t>(field[12]);
  s.children_cpu = number<std::uint64_t>(field[13]) + number<std::uint64_t>(field[14]);
  s.children_faults = number<std::uint64_t>(field[8]);
  s.start = number<std::uint64_t>(field[19]);
  s.rss = number<std::uint64_t>(field[21]) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return s;
}

Status parse_status(std::string_view text) {
  Status s;
  each_line(text, [&s](std::string_view key, std::string_view value) {
    const auto decimal = [value] { return number<std::uint64_t>(last_word(value)); };
    const auto set = [value] { return number<std::uint64_t>(last_word(value), 16); };
    const auto pid = [value] { return number<pid_t>(last_word(value)); };  // of several, the innermost room's: "4021	7"
    if (key == "NSpid") s.inner_pid = {pid()};
    else if (key == "NSpgid") s.inner_group = {pid()};
    else if (key == "voluntary_ctxt_switches") s.switches = decimal();
    else if (key == "Tgid") s.process = pid();
    else if (key == "RssShmem") s.shared_memory = number<std::uint64_t>(value.substr(std::min(value.find_first_not_of(" \t"), value.size()))) * 1024;  // "  128 kB"
    else if (key == "TracerPid") s.tracer = pid();
    else if (key == "SigPnd") s.pending = set();
    else if (key == "ShdPnd") s.shared_pending = set();
    else if (key == "SigBlk") s.blocked = set();
    else if (key == "SigIgn") s.ignored = set();
    else if (key == "SigCgt") s.caught = set();
  });
  return s;
}

Call parse_syscall(std::string_view text) {
  Call call;
  const auto field = words(text);
  if (field.empty()) return call;
  if (field[0] == "running") {
    call.known = Call::Known::running;
    return call;
  }
  call.number = number<long>(field[0]);
  call.known = call.number < 0 ? Call::Known::outside : Call::Known::yes;
  for (size_t i = 0; call.number >= 0 && i < 6 && i + 1 < field.size(); ++i)
    call.args[i] = number<std::uint64_t>(field[i + 1].substr(2), 16);
  return call;
}

std::optional<Stat> stat_of(pid_t pid) {
  const auto text = look(fmt::format("/proc/{}/stat", pid));
  return text ? parse_stat(*text) : std::nullopt;
}

std::optional<Status> status_of(pid_t pid) {
  const auto text = look(fmt::format("/proc/{}/status", pid));
  return text ? std::optional(parse_status(*text)) : std::nullopt;
}

std::optional<Stat> stat_of(pid_t pid, pid_t tid) {
  const auto text = look(fmt::format("/proc/{}/task/{}/stat", pid, tid));
  return text ? parse_stat(*text) : std::nullopt;
}

std::optional<Status> status_of(pid_t pid, pid_t tid) {
  const auto text = look(fmt::format("/proc/{}/task/{}/status", pid, tid));
  return text ? std::optional(parse_status(*text)) : std::nullopt;
}

Call call_of(pid_t pid, pid_t tid) {
  const auto text = look(fmt::format("/proc/{}/task/{}/syscall", pid, tid));
  Call call = text ? parse_syscall(*text) : Call{};
  if (call.known == Call::Known::yes && never_sleeps(call.number)) call.known = Call::Known::running;
  return call;
}

// Most have one, and the folder's number of links says so without reading it: two, and one more a thread.
std::vector<pid_t> threads_of(pid_t pid) {
  const std::string folder = fmt::format("/proc/{}/task", pid);
  struct stat info {};
  if (stat(folder.c_str(), &info) == 0 && info.st_nlink == 3) return {pid};
  return numbered_entries(folder);
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  for (const pid_t tid : threads_of(pid))
    if (const auto text = look(fmt::format("/proc/{}/task/{}/children", pid, tid)))
      for (const auto word : words(*text)) children.push_back(number<pid_t>(word));
  return children;
}

std::optional<Descriptor> descriptor_of(pid_t pid, int fd) {
  Descriptor d;
  const std::string path = fmt::format("/proc/{}/fd/{}", pid, fd);
  d.fd = fd;
  d.target = readlink_of(path);
  const auto details = look(fmt::format("/proc/{}/fdinfo/{}", pid, fd));
  if (d.target.empty() || !details) return std::nullopt;
  d.details = *details;
  each_line(d.details, [&d](std::string_view key, std::string_view value) {
    if (key == "flags") d.flags = number<unsigned>(last_word(value), 8);
  });
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) {
    d.type = info.st_mode & S_IFMT;
    d.device = info.st_dev;
    d.inode = info.st_ino;
  }
  return d;
}

std::map<int, std::string> targets_of(pid_t pid) {
  std::map<int, std::string> found;
  const std::string folder = fmt::format("/proc/{}/fd", pid);
  for (const int fd : numbered_entries(folder))
    if (std::string target = readlink_of(fmt::format("{}/{}", folder, fd)); !target.empty()) found.emplace(fd, std::move(target));
  return found;
}

std::vector<Descriptor> descriptors_of(pid_t pid) {
  std::vector<Descriptor> found;
  for (const int fd : numbered_entries(fmt::format("/proc/{}/fd", pid)))
    if (auto d = descriptor_of(pid, fd)) found.push_back(std::move(*d));
  return found;
}

std::string path_seen_by(pid_t pid, const std::string& path) {
  const std::string folder = readlink_of(fmt::format("/proc/{}/cwd", pid)) + "/";
  if (folder.size() > 1 && path.starts_with(folder)) return path.substr(folder.size());
  const std::string root = readlink_of(fmt::format("/proc/{}/root", pid)) + "/";
  return root.size() > 1 && path.starts_with(root) ? path.substr(root.size() - 1) : path;
}

std::vector<std::string> command_line_of(pid_t pid) {
  std::vector<std::string> found;
  auto text = look(fmt::format("/proc/{}/cmdline", pid));
  for (size_t at = 0; text && at < text->size(); at += found.back().size() + 1) found.emplace_back(text->c_str() + at);
  return found;
}

std::uint64_t waited_for_cpu(pid_t pid) {
  const auto text = look(fmt::format("/proc/{}/schedstat", pid));
  const auto field = text ? words(*text) : std::vector<std::string_view>{};
  return field.size() < 2 ? 0 : number<std::uint64_t>(field[1]);
}

std::string memory_of(pid_t pid, std::uint64_t address, size_t bytes) {
  std::string copy(bytes, '\0');
  iovec here{copy.data(), bytes};
  iovec there{reinterpret_cast<void*>(address), bytes};  // NOLINT: an address of another process
  const ssize_t got = process_vm_readv(pid, &here, 1, &there, 1, 0);
  copy.resize(got < 0 ? 0 : static_cast<size_t>(got));
  return copy;
}

}  // namespace see
