#include "see/story/story.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <sys/stat.h>
#include <utility>

#include "base/text.hpp"
#include "see/story/blocked.hpp"
#include "see/open_ends.hpp"
#include "see/story/suspects.hpp"

namespace see {
namespace {

constexpr size_t most_lines = 16;
constexpr size_t most_ends = 4;   // of one pipe
constexpr size_t most_pipes = 4;  // of which the ends are told

class Storyteller {
 public:
  Storyteller(const Family& family, const Scene& scene) : family_(family), scene_(scene), ends_(family, scene.check) {}

  Story story() && {
    for (const Process& p : family_) width_ = std::max(width_, label(p).size() + 2 * depth(p));
    for (const Process& p : family_)
      if (find(family_, p.stat.parent) == nullptr && !left_over(p)) tree(p, "", "");
    story_.lines = base::first_of(std::move(story_.lines), most_lines);
    for (const Blocked& b : blocked_) ends(b);
    const Suspicion found = suspect(family_, scene_, ends_, blocked_);
    story_.diagnoses = found.diagnoses;
    story_.waits_for_check = found.waits_for_check;
    return std::move(story_);
  }

 private:
  // What has ended at the top, and has nobody below, is only kept to be seen: it plays no part any more.
  bool left_over(const Process& p) const { return p.ended() && children_in(family_, p.pid()).empty(); }

  size_t depth(const Process& p) const {
    size_t levels = 0;
    for (const Process* up = find(family_, p.stat.parent); up; up = find(family_, up->stat.parent)) ++levels;
    return levels;
  }

  static std::string label(const Process& p) {
    return fmt::format("{} {}", base::escape(p.stat.name), p.status.inner_pid);
  }

  // `branch` stands before the process itself, `trunk` before everything below it.
  void tree(const Process& p, const std::string& branch, const std::string& trunk) {
    const size_t columns = label(p).size() + 2 * depth(p);
    std::string who = branch + label(p) + std::string(width_ - columns, ' ');
    if (p.ended()) line(who, "has ended, and is not waited for yet");
    std::string before;
    for (const Thread& t : p.threads) {
      if (p.ended()) break;
      Blocked b = blocked(p, t);
      const std::string does = words(b);
      if (does != before) line(who, does);  // threads that do the same are one line
      before = does;
      who = std::string(width_, ' ');
      blocked_.push_back(std::move(b));
    }
    if (const std::string deaf = pending_in_vain(p); !deaf.empty()) line(std::string(width_, ' '), deaf);
    const auto children = children_in(family_, p.pid());
    for (const Process* child : children) {
      const bool last = child == children.back();
      tree(*child, trunk + (last ? "└ " : "├ "), trunk + (last ? "  " : "│ "));
    }
  }

  // A signal that has come and is kept out by the process's own mask: it explains a silence better than any call.
  static std::string pending_in_vain(const Process& p) {
    std::vector<std::string> names;
    for (int s = 1; s < NSIG && !p.ended(); ++s)
      if (((p.status.pending | p.status.shared_pending) & p.status.blocked) >> (s - 1) & 1)
        names.push_back(signal_name(s));
    return names.empty()
               ? ""
               : fmt::format("{} came, and {} blocked", base::join(names, ", "), names.size() == 1 ? "is" : "are");
  }

  void line(const std::string& who, const std::string& what) { story_.lines.push_back(who + "   " + what); }

  // "blocked in read(0) on pipe A": anonymous pipes get a letter in the order they are met.
  std::string words(const Blocked& b) {
    std::string text = b.text;
    bool first = b.text.find(" on ") == std::string::npos;  // other objects are named there already
    for (const BlockedOn& on : b.on)
      if (on.is_pipe)
        text += (std::exchange(first, false) ? " on " : ", ") + pipe_name(on) +
                (on.end == End::writing && b.on.size() == 1 ? ", which is full" : "");
    return text;
  }

  std::string pipe_name(const BlockedOn& on) {
    const auto other = ends_.of(on.object, on.end == End::reading ? End::writing : End::reading);
    const bool ours = std::any_of(other.begin(), other.end(), [&](const OpenEnd& h) { return h.pid == scene_.check; });
    if (ours && other.size() == 1)
      return on.end == End::reading ? "the input that this check gives" : "the output that this check reads";
    auto at = std::find(pipes_.begin(), pipes_.end(), on.object);
    if (at == pipes_.end()) at = pipes_.insert(pipes_.end(), on.object);
    return fmt::format("pipe {}", static_cast<char>('A' + (at - pipes_.begin()) % 26));
  }

  void ends(const Blocked& b) {
    for (const BlockedOn& on : b.on) {
      const auto letter = std::find(pipes_.begin(), pipes_.end(), on.object);
      if (!on.is_pipe || letter == pipes_.end()) continue;
      const bool reads = on.end == End::reading;
      // Its own copy first, then those of whoever started everything: these are the ones that nobody needs.
      std::vector<OpenEnd> others = ends_.of(on.object, reads ? End::writing : End::reading);
      const auto rank = [&](const OpenEnd& h) {
        const Process* p = find(family_, h.pid);
        return h.pid == b.process->pid() ? 0 : p && !find(family_, p->stat.parent) ? 1 : 2;
      };
      std::stable_sort(others.begin(), others.end(), [&](const OpenEnd& x, const OpenEnd& y) { return rank(x) < rank(y); });
      std::vector<std::string> who;
      for (const OpenEnd& h : others) {
        const Process* p = find(family_, h.pid);
        who.push_back(p ? fmt::format("{} (fd {})", label(*p), h.fd) : std::string("this check"));
      }
      who = base::first_of(std::move(who), most_ends);
      const std::string text =
          fmt::format("pipe {} {} these {} ends: {}", static_cast<char>('A' + (letter - pipes_.begin()) % 26),
                      reads ? "still has" : "has", reads ? "write" : "read", base::join(who, ", "));
      if (letter - pipes_.begin() < static_cast<std::ptrdiff_t>(most_pipes) &&
          std::find(story_.lines.begin(), story_.lines.end(), text) == story_.lines.end())
        story_.lines.push_back(text);
    }
  }

  const Family& family_;
  const Scene& scene_;
  OpenEnds ends_;
  Story story_;
  std::vector<Blocked> blocked_;
  std::vector<ObjectKey> pipes_;
  size_t width_ = 0;
};

}  // namespace

Story story_of(const Family& family, const Scene& scene) { return Storyteller(family, scene).story(); }

std::string what_it_does(const Process& process, const Thread& thread) { return blocked(process, thread).text; }

}  // namespace see
