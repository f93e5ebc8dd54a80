// Another hand: no struct but a buffer of bytes that grows until a letter fits, its input taken in blocks, the question's number
// by std::from_chars, a list made of the kernel's table of queues, output by stdio.
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace {

struct Usage {};

std::int64_t number(const std::string& word, std::int64_t least, std::int64_t most) {
  std::size_t used = 0;
  std::int64_t n = 0;
  try {
    n = std::stoll(word, &used, 0);
  } catch (const std::logic_error&) {
    throw Usage();
  }
  if (used != word.size() || n < least || n > most) throw Usage();
  return n;
}

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

void out(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

// Lines of descriptor 0, in blocks of 4096.
class Lines {
 public:
  bool next(std::string& line) {
    for (;;) {
      const auto end = text_.find('\n');
      if (end != std::string::npos) {
        line = text_.substr(0, end);
        text_.erase(0, end + 1);
        return true;
      }
      char block[4096];
      const ssize_t got = read(0, block, sizeof block);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail("read");
      if (got == 0) {
        line = std::move(text_);
        text_.clear();
        return !line.empty();
      }
      text_.append(block, static_cast<std::size_t>(got));
    }
  }

 private:
  std::string text_;
};

class Queue {
 public:
  explicit Queue(key_t key) : id_(msgget(key, 0)) {
    if (id_ < 0) fail("no queue of that key");
  }
  int id() const { return id_; }

  bool send(long box, const std::string& text, bool wait) {
    std::vector<char> raw(sizeof box + text.size());
    std::memcpy(raw.data(), &box, sizeof box);
    std::memcpy(raw.data() + sizeof box, text.data(), text.size());
    while (msgsnd(id_, raw.data(), text.size(), wait ? 0 : IPC_NOWAIT) != 0) {
      if (errno == EAGAIN) return false;
      if (errno != EINTR) fail("the letter could not be posted");
    }
    return true;
  }

  // Without a limit it tries with more and more room. The number of the box, 0 where there is nothing.
  long receive(long type, std::string& text, bool wait, long limit = -1, bool cut = false) {
    std::size_t room = limit < 0 ? 1 : static_cast<std::size_t>(limit);
    for (;;) {
      std::vector<char> raw(sizeof(long) + room);
      const ssize_t got = msgrcv(id_, raw.data(), room, type, (wait ? 0 : IPC_NOWAIT) | (cut ? MSG_NOERROR : 0));
      if (got >= 0) {
        text.assign(raw.data() + sizeof(long), static_cast<std::size_t>(got));
        long box = 0;
        std::memcpy(&box, raw.data(), sizeof box);
        return box;
      }
      if (errno == ENOMSG) return 0;
      if (errno == E2BIG && limit < 0) room *= 4;
      else if (errno != EINTR) fail("no letter");
    }
  }

 private:
  int id_;
};

int post(Queue queue, long box, bool wait) {
  Lines lines;
  int status = 0;
  std::string line;
  for (int n = 1; lines.next(line); ++n) {
    if (line.size() > 8192) {
      std::fprintf(stderr, "line %d: more than 8192 bytes\n", n);
      status = 1;
    } else if (!queue.send(box, line, wait)) {
      std::fprintf(stderr, "line %d: full\n", n);
      return 124;
    }
  }
  return status;
}

int ask(Queue queue) {
  Lines lines;
  std::string line, text;
  const long me = getpid();
  while (queue.receive(me, text, false) != 0) {}
  while (lines.next(line)) {
    const std::string question = std::to_string(me) + ' ' + line;
    if (question.size() > 8192) throw std::runtime_error("that question is too long");
    queue.send(1, question, true);
    queue.receive(me, text, true);
    out(text);
  }
  return 0;
}

[[noreturn]] void answer(Queue queue) {
  for (std::string q;;) {
    queue.receive(1, q, true);
    long who = 0;
    const auto [end, error] = std::from_chars(q.data(), q.data() + q.size(), who);
    if (error != std::errc() || who < 2 || end == q.data() + q.size() || *end != ' ') {
      std::fprintf(stderr, "who asks?\n");
      continue;
    }
    std::string reply = q.substr(static_cast<std::size_t>(end - q.data()) + 1);
    for (char& c : reply) c = c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
    queue.send(who, reply, true);
  }
}

std::string counts(int id) {
  msqid_ds is{};
  if (msgctl(id, IPC_STAT, &is) < 0) fail("msgctl");
  std::ostringstream text;
  text << "letters " << is.msg_qnum << " bytes " << is.__msg_cbytes << " of " << is.msg_qbytes;
  return text.str();
}

void list() {
  std::ifstream table("/proc/sysvipc/msg");
  std::string line;
  std::getline(table, line);
  while (std::getline(table, line)) {
    int key = 0, id = 0;
    std::istringstream(line) >> key >> id;
    char hex[16];
    std::snprintf(hex, sizeof hex, "0x%08x ", static_cast<unsigned>(key));
    try {
      out(hex + counts(id));
    } catch (const std::system_error&) {
    }
  }
}

int run(std::vector<std::string> words) {
  const auto shift = [&] {
    if (words.empty()) throw Usage();
    const std::string word = words.front();
    words.erase(words.begin());
    return word;
  };
  const auto end = [&] {
    if (!words.empty()) throw Usage();
  };
  const std::string verb = shift();
  if (verb == "list") return end(), list(), 0;
  if (verb == "key") {
    const std::string path = shift();
    const int id = words.empty() ? 1 : static_cast<int>(number(shift(), 1, 255));
    end();
    const key_t key = ftok(path.c_str(), id);
    if (key == -1) fail(path);
    std::printf("0x%08x\n", static_cast<unsigned>(key));
    return 0;
  }
  const bool fetch = verb == "fetch", moves = fetch || verb == "post";
  std::map<std::string, long> options;
  while (!words.empty() && words.front().starts_with("-")) {
    const std::string option = shift();
    if (option == "--try" && moves) options[option] = 1;
    else if (option == "--cut" && fetch) options[option] = 1;
    else if (option == "-n" && fetch) options[option] = number(shift(), 1, INT_MAX);
    else if (option == "-s" && fetch) options[option] = number(shift(), 0, 8192);
    else throw Usage();
  }
  if (options.count("--cut") && !options.count("-s")) throw Usage();
  const auto key = static_cast<key_t>(number(shift(), 1, 0xffffffffLL));
  const long box = moves ? number(shift(), fetch ? -LONG_MAX : 1, LONG_MAX) : 0;
  end();
  const bool wait = !options.count("--try");
  if (verb == "make") {
    if (msgget(key, 0600 | IPC_CREAT | IPC_EXCL) < 0) fail("make");
    return 0;
  }
  if (verb == "post") return post(Queue(key), box, wait);
  if (verb == "ask") return ask(Queue(key));
  if (verb == "answer") answer(Queue(key));
  if (verb == "stat") return out(counts(Queue(key).id())), 0;
  if (verb == "drop") {
    if (msgctl(Queue(key).id(), IPC_RMID, nullptr) < 0) fail("drop");
    return 0;
  }
  if (!fetch) throw Usage();
  Queue queue(key);
  std::string text;
  for (long left = options.count("-n") ? options["-n"] : 1; left > 0; --left) {
    const long from = queue.receive(box, text, wait, options.count("-s") ? options["-s"] : -1, options.count("--cut") > 0);
    if (from == 0) return 124;
    out(std::to_string(from) + ' ' + text);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const Usage&) {
    std::fprintf(stderr, "usage: mailroom VERB [OPTION...] KEY [BOX]\n");
    return 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "mailroom: %s\n", e.what());
    return 1;
  }
}
