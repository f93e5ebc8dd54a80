#include "play/subject/server.hpp"

#include <algorithm>
#include <csignal>

namespace play {
namespace {

// It has ended, which nobody asked of it: that, with what the client has seen of it.
Verdict died(Program& server, const Verdict& seen) {
  Evidence e = server.stays_alive().evidence();
  const std::vector<std::string>& lines = seen.evidence().lines;
  e.lines.insert(e.lines.begin(), lines.begin(), lines.end());
  const Verdict no = Verdict::no(e);
  const bool by_sigpipe = no.ended_by(SIGPIPE);
  return Verdict(no).is_caused_by("socket/sigpipe", by_sigpipe);
}

}  // namespace

Verdict explained_by_server(Verdict verdict, Program& server) {
  if (verdict.passed() || server.is_stopped_now()) return verdict;
  if (server.has_ended()) return died(server, verdict);
  if (verdict.failed_by(Evidence::Kind::spent) || verdict.failed_by(Evidence::Kind::differs)) return verdict;
  const auto sleeps_in = [&](std::initializer_list<const char*> calls) {
    return std::any_of(calls.begin(), calls.end(), [&](const char* call) { return server.blocks_in(call).passed(); });
  };
  if (sleeps_in({"send", "write", "sendmsg", "writev"})) return std::move(verdict).is_caused_by("socket/waits-for-a-reader");
  if (sleeps_in({"recv", "read", "recvmsg", "readv"})) return std::move(verdict).is_caused_by("socket/waits-for-one");
  return verdict;
}

}  // namespace play
