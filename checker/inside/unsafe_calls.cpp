// A library that is loaded before a program's own (ld.so(8), LD_PRELOAD) and names what its signal handlers call that
// is not async-signal-safe (signal-safety(7)). It stands around every handler and counts the depth; the calls below
// are wrapped, and one made inside a handler is a line told to the check: "printf SIGUSR1". The first is "here".
// It tells by a call that no kernel knows, about which the check is asked before it is made (play/start/watched_handlers.cpp): so
// there is no file and no descriptor to be closed or rewritten, and what was told is told.
//
// It names what it sees, and what it names is true: the call was made inside a handler. It does not know calls that are
// not listed (snprintf, for one, is not, since no handler was ever harmed by it), a program that is linked statically,
// or a handler that was left by siglongjmp: there it says nothing. Part of no program: it needs nothing of the checker.
#include <atomic>
#include <cerrno>
#include <csetjmp>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" {
// The C library's own names for its allocator: dlsym() would need them before it could find them.
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* block, size_t size);
void __libc_free(void* block);
}

namespace {

using Action = struct sigaction;
using SetAction = int (*)(int, const Action*, Action*);

constexpr long to_the_check = 0x69706373;  // no option of prctl(2)

Action theirs[NSIG];  // what the program asked for
thread_local int handled[8]
    __attribute__((tls_model("initial-exec")));  // the signals whose handlers run, innermost last
thread_local int depth __attribute__((tls_model("initial-exec")));
thread_local int inside
    __attribute__((tls_model("initial-exec")));  // a wrapped call of a handler runs: its own calls are not named

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

SetAction real_sigaction() {
  static const auto found = real<SetAction>("sigaction");
  return found;
}

// A signal may come before the check has heard of it, and then the call has not been made.
void tell(const char* line, size_t size) {
  while (syscall(SYS_prctl, to_the_check, line, size, 0, 0) < 0 && errno == EINTR) {}
}

// Nothing but this call: it runs inside the handler too.
void report(const char* call) {
  const int kept = errno;
  char line[96];
  size_t used = 0;
  const auto add = [&](const char* text) {
    for (; *text != '\0' && used < sizeof line; ++text) line[used++] = *text;
  };
  add(call);
  add(" SIG");
  const char* name = depth <= 8 ? sigabbrev_np(handled[depth - 1]) : nullptr;
  add(name ? name : "?");
  tell(line, used);
  errno = kept;
}

// Around one wrapped call: names it where a handler runs, once for each call that is listed.
class Seen {
 public:
  Seen(const char* call, std::atomic<bool>& told) : counts_(depth > 0) {
    if (!counts_) return;
    if (inside++ == 0 && !told.exchange(true)) report(call);
  }
  ~Seen() {
    if (counts_) --inside;
  }
  Seen(const Seen&) = delete;
  Seen& operator=(const Seen&) = delete;

 private:
  bool counts_;
};

void around(int signal, siginfo_t* info, void* context) {
  const Action action = theirs[signal];
  const int before = inside;
  inside = 0;
  if (depth < 8) handled[depth] = signal;
  ++depth;
  if ((action.sa_flags & SA_SIGINFO) != 0) action.sa_sigaction(signal, info, context);
  else if (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN) action.sa_handler(signal);
  --depth;
  inside = before;
}

bool is_handler(const Action& action) {
  return (action.sa_flags & SA_SIGINFO) != 0 || (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN);
}

int set_action(int signal, const Action* wanted, Action* before) {
  const SetAction set = real_sigaction();
  if (signal <= 0 || signal >= NSIG) return set(signal, wanted, before);
  sigset_t all, mask;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &mask);  // no handler between the two halves
  const Action earlier = theirs[signal];
  Action now{};
  if (wanted) {
    now = *wanted;
    // What is no handler is not noted: a child of vfork(2) puts its signals back in the memory of its parent, whose handlers
    // go on.
    if (is_handler(*wanted)) {
      theirs[signal] = *wanted;
      now.sa_sigaction = around;
      now.sa_flags |= SA_SIGINFO;
    }
  }
  Action found{};
  const int result = set(signal, wanted ? &now : nullptr, &found);
  if (result != 0) theirs[signal] = earlier;
  const int why = errno;
  if (result == 0 && before)
    *before = (found.sa_flags & SA_SIGINFO) != 0 && found.sa_sigaction == around ? earlier : found;
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  errno = why;
  return result;
}

sighandler_t set_handler(int signal, sighandler_t handler, int flags) {
  Action action{}, before{};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, signal);
  return set_action(signal, &action, &before) == 0 ? before.sa_handler : SIG_ERR;
}

// What the program starts must not be watched: it is none of the student's.
[[gnu::constructor]] void begin() {
  unsetenv("LD_PRELOAD");
  real_sigaction();
  tell("here", 4);
}

}  // namespace

#define SEEN(name)                      \
  static std::atomic<bool> told_##name; \
  const Seen seen_##name(#name, told_##name)

extern "C" {

int sigaction(int signal, const Action* wanted, Action* before) { return set_action(signal, wanted, before); }
sighandler_t signal(int number, sighandler_t handler) { return set_handler(number, handler, SA_RESTART); }

[[noreturn]] void siglongjmp(sigjmp_buf where, int value) {
  depth = inside = 0;
  using Jump = void (*)(sigjmp_buf, int);
  real<Jump>("siglongjmp")(where, value);
  abort();
}
[[noreturn]] void longjmp(jmp_buf where, int value) { siglongjmp(where, value); }

void* malloc(size_t size) {
  SEEN(malloc);
  return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
  SEEN(calloc);
  return __libc_calloc(count, size);
}
void* realloc(void* block, size_t size) {
  SEEN(realloc);
  return __libc_realloc(block, size);
}
void free(void* block) {
  if (block == nullptr) return;  // does nothing, and is called where nobody would think of it
  SEEN(free);
  __libc_free(block);
}

int vprintf(const char* format, va_list list) {
  SEEN(vprintf);
  return vfprintf(stdout, format, list);
}
int printf(const char* format, ...) {
  SEEN(printf);
  va_list list;
  va_start(list, format);
  const int printed = vfprintf(stdout, format, list);
  va_end(list);
  return printed;
}
int fprintf(FILE* stream, const char* format, ...) {
  SEEN(fprintf);
  va_list list;
  va_start(list, format);
  const int printed = vfprintf(stream, format, list);
  va_end(list);
  return printed;
}
int puts(const char* text) {
  SEEN(puts);
  static const auto next = real<int (*)(const char*)>("puts");
  return next(text);
}
int putchar(int byte) {
  SEEN(putchar);
  static const auto next = real<int (*)(int)>("putchar");
  return next(byte);
}
int fputs(const char* text, FILE* stream) {
  SEEN(fputs);
  static const auto next = real<int (*)(const char*, FILE*)>("fputs");
  return next(text, stream);
}
size_t fwrite(const void* bytes, size_t size, size_t count, FILE* stream) {
  SEEN(fwrite);
  static const auto next = real<size_t (*)(const void*, size_t, size_t, FILE*)>("fwrite");
  return next(bytes, size, count, stream);
}
int fflush(FILE* stream) {
  SEEN(fflush);
  static const auto next = real<int (*)(FILE*)>("fflush");
  return next(stream);
}
[[noreturn]] void exit(int status) {
  SEEN(exit);
  static const auto next = real<void (*)(int)>("exit");
  next(status);
  abort();
}

}  // extern "C"
