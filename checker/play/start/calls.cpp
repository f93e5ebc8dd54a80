#include "play/start/calls.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <iterator>
#include <map>
#include <regex>
#include <utility>

#include "base/text.hpp"

namespace play {
namespace {

constexpr size_t widest = 110;

// Of one process: whether its own code runs yet, or still.
struct Life {
  enum class Phase { loading, running, other_program } phase = Phase::running;
  std::string unfinished;
  std::map<std::uint64_t, std::uint64_t> shared;  ///< what it has mapped to share: where it begins, and how many bytes were asked for
  bool failed_exec = false;  ///< its last event: a search along PATH is one attempt
};

// What the C library adds to what a person has written.
std::string as_written(std::string call) {
  static const std::pair<std::regex, const char*> rules[] = {
      {std::regex(R"(^clone3?\(.*SIGCHLD.*\) = )"), "fork() = "},
      {std::regex(R"(, 0x[0-9a-f]+ /\* \d+ vars \*/\))"), ", environ)"},
      {std::regex(R"(SA_RESTORER\|?|, sa_restorer=0x[0-9a-f]+)"), ""},
      {std::regex(R"(\|\}|sa_flags=\})"), "sa_flags=0}"},
      {std::regex(R"(\{ru_utime=.*\}\) += )"), "&usage) = "},
      {std::regex(R"(, 8\)( +)= )"), ") = "},
      {std::regex(R"(\) +(= |$))"), ") $1"},
      {std::regex(R"(^--- (SIG\w+) .*)"), "gets $1"},
      {std::regex(R"(^\+\+\+ exited with (\d+) \+\+\+)"), "ends with exit status $1"},
      {std::regex(R"(^\+\+\+ killed by (\w+).*)"), "is ended by $1"}};
  for (const auto& [pattern, by] : rules) call = std::regex_replace(call, pattern, by);
  while (call.ends_with(' ')) call.pop_back();
  return call.size() <= widest ? call : call.substr(0, widest) + "...";
}

// mmap(NULL, 432, PROT_READ|PROT_WRITE, MAP_SHARED, 3, 0) = 0x7faac5c36000
void note_mapping(const std::string& call, std::map<std::uint64_t, std::uint64_t>& shared) {
  unsigned long long size = 0, begin = 0;
  const size_t result = call.rfind(" = 0x");
  if (result == std::string::npos || std::sscanf(call.c_str(), "mmap(%*[^,], %llu", &size) != 1) return;
  if (std::sscanf(call.c_str() + result, " = %llx", &begin) == 1) shared[begin] = size;
}

// "gets SIGSEGV" with the address that it touched (sigaction(2), si_addr), and where that lies beside what it shares.
std::string with_address(const std::string& signal, const std::map<std::uint64_t, std::uint64_t>& shared) {
  const size_t at = signal.find("si_addr=");
  if (at == std::string::npos) return as_written(signal);
  unsigned long long address = 0;  // a null pointer is written NULL
  std::sscanf(signal.c_str() + at, "si_addr=%llx", &address);
  std::string text = fmt::format("{}, for address {:#x}", as_written(signal), address);
  const auto behind = shared.upper_bound(address);
  if (address == 0 || behind == shared.begin()) return text;
  const auto& [begin, size] = *std::prev(behind);
  return text + fmt::format(": byte {} of what mmap mapped at {:#x}, {} bytes", address - begin, begin, size);
}

// msgrcv(0, {mtype=1, mtext="1049 x\0..."}, 8192, 1, 0) = 6: strace shows as much of the text as there was room for. What is
// behind the bytes that were taken is left of an older letter, or of nothing.
std::string with_what_was_taken(std::string call) {
  const size_t text = call.find("mtext=\""), result = call.rfind(") = ");
  if (!call.starts_with("msgrcv(") || text == std::string::npos || result == std::string::npos) return call;
  const int taken = std::atoi(call.c_str() + result + 4);
  size_t at = text + 7;
  for (int bytes = 0; bytes < taken && at < call.size() && call[at] != '"'; ++bytes) {
    const auto is_digit = [&] { return at < call.size() && call[at] >= '0' && call[at] <= '7'; };
    const bool escaped = call[at] == '\\';
    at += escaped ? 1 : 0;
    const bool octal = escaped && is_digit();  // of up to three digits (strace(1), -x)
    ++at;
    for (int more = 0; octal && more < 2 && is_digit(); ++more) ++at;
  }
  const size_t end = call.find("\"", at), brace = call.find('}', at);
  if (end == std::string::npos || brace == std::string::npos || end == at) return call;
  return call.replace(at, brace - at, "\"");
}

// Of execve("/lab/ring", ["ring"], ...) the path.
std::string executed(const std::string& call) {
  const size_t begin = call.find('"'), end = call.find('"', begin + 1);
  return end == std::string::npos ? "" : call.substr(begin + 1, end - begin - 1);
}

// What is worth its place however long ago it was: what the kernel refused, and what decides which object is meant, and how.
bool is_decisive(const std::string& call) {
  static const char* const deciding[] = {"semget(", "shmget(", "msgget(", "mq_open(", "ftruncate(", "mmap(", "setpgid(", "rt_sigprocmask(SIG_SETMASK", "mknod"};
  const size_t refused = call.find(" = -1 E");
  if (refused != std::string::npos) {
    const std::string_view error = std::string_view(call).substr(refused + 6);
    return !error.starts_with("EAGAIN") && !error.starts_with("EINTR");
  }
  return call.find("/dev/shm/") != std::string::npos ||
         std::any_of(std::begin(deciding), std::end(deciding), [&](const char* begin) { return call.starts_with(begin); });
}

bool only_memory(const std::string& call) { return call.starts_with("mmap(") && call.find("MAP_SHARED") == std::string::npos; }

// What stdio does before it writes to a pipe or a terminal, which has none.
bool asks_for_a_place(const std::string& call) { return call.starts_with("lseek(") && call.find("ESPIPE") != std::string::npos; }

}  // namespace

std::vector<std::string> options_for_calls() {
  return {"-s", "40", "-e",
          "trace=!brk,mprotect,munmap,fstat,newfstatat,rseq,getrandom,set_tid_address,set_robust_list,arch_prctl,pread64,access,statx"};
}

std::vector<std::string> calls_in(const std::string& report, const std::string& program, size_t most) {
  std::map<std::string, Life> lives;
  std::vector<std::pair<std::string, std::string>> events;  // pid, what
  bool begun = false;  // before that, only what starts the program
  // A line without its end is a call that has not come back.
  const std::string whole = report.empty() || report.ends_with('\n') ? report : report + " <unfinished ...>\n";
  for (const std::string& line : base::split(whole, '\n')) {
    const size_t space = line.find(' ');
    if (space == std::string::npos) continue;
    const std::string pid = line.substr(0, space);
    std::string call = line.substr(line.find_first_not_of(' ', space));
    Life& life = lives[pid];
    if (const size_t open = call.find(" <unfinished ...>"); open != std::string::npos) {
      life.unfinished = call.substr(0, open);
      continue;
    }
    if (const size_t resumed = call.find(" resumed>"); call.starts_with("<...") && resumed != std::string::npos)
      call = std::exchange(life.unfinished, {}) + call.substr(resumed + 9);
    const bool event = call.starts_with("---") || call.starts_with("+++");
    if (call.starts_with("execve(")) {
      const std::string path = executed(call);
      const bool worked = call.ends_with("= 0"), own = path.ends_with("/" + program);
      begun |= worked && own;
      if (path.ends_with("/below_strace")) life.phase = Life::Phase::other_program;  // what stands above each program
      if (!begun || path.ends_with("/below_strace")) continue;
      if (worked) life.phase = own ? Life::Phase::loading : Life::Phase::other_program;
      if (const auto last = std::find_if(events.rbegin(), events.rend(), [&](const auto& e) { return e.first == pid; });
          life.failed_exec && last != events.rend())
        events.erase(std::next(last).base());
      life.failed_exec = !worked;
      if (!(worked && own)) events.emplace_back(pid, as_written(call));
      continue;
    }
    if (!begun) continue;
    // The loader's last act before main(), and one that programs hardly do.
    if (call.starts_with("prlimit64(0, RLIMIT_STACK, NULL")) {
      if (life.phase == Life::Phase::loading) life.phase = Life::Phase::running;
      continue;
    }
    life.failed_exec = false;
    if (!event && (life.phase != Life::Phase::running || only_memory(call) || asks_for_a_place(call))) continue;
    if (call.starts_with("mmap(")) note_mapping(call, life.shared);
    events.emplace_back(pid, event ? with_address(call, life.shared) : as_written(with_what_was_taken(call)));
  }
  for (const auto& [pid, life] : lives)
    if (!life.unfinished.empty() && life.phase == Life::Phase::running)
      events.emplace_back(pid, as_written(life.unfinished) + " ...   and is still inside");
  // The last ones; and in up to half of the places, the decisive ones among those before.
  std::vector<std::string> lines;
  const auto show = [&](size_t i) { lines.push_back(fmt::format("{} {}   {}", program, events[i].first, base::printable(events[i].second))); };
  size_t first = events.size() > most ? events.size() - most : 0;
  if (first > 0 && most > 3) {
    for (size_t i = 0; i < first && lines.size() < most / 2 - 1; ++i)
      if (is_decisive(events[i].second)) show(i);
    if (!lines.empty()) {
      first += lines.size() + 1;
      lines.emplace_back("...");
    }
  }
  for (size_t i = first; i < events.size(); ++i) show(i);
  return lines;
}

}  // namespace play
