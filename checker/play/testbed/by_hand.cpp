#include "play/testbed/by_hand.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace play {
namespace {

constexpr size_t longest_line = 240;  // nobody pastes more than that

// printf(1) takes escapes as base::escape writes them, but for what is no ASCII.
std::string printing(const std::string& text) {
  std::string format = base::escape(text);
  for (size_t at = 0; (at = format.find('%', at)) != std::string::npos; at += 2) format.insert(at, "%");
  return base::shell_words({"printf", format});
}

bool can_be_printed(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80 || c == '\0'; });
}

}  // namespace

void ByHand::file(const std::string& name, const std::string& text) {
  if (!runs_.empty() || !can_be_printed(text) || text.find("gate ") != std::string::npos) return something_else();
  std::erase_if(files_, [&](const auto& made) { return made.first == name; });
  files_.emplace_back(name, text);
}

size_t ByHand::start(const std::string& program, const std::vector<std::string>& words, bool after_all) {
  if (!after_all || std::find(words.begin(), words.end(), "gate") != words.end()) something_else();
  runs_.push_back({program, words.empty() ? "" : " " + base::shell_words(words), {}});
  return runs_.size() - 1;
}

void ByHand::type(size_t who, const std::string& text) {
  if (!can_be_printed(text)) something_else();
  runs_.at(who).typed += text;
}

void ByHand::close_input(size_t who) { runs_.at(who).closed = true; }

std::string ByHand::command(const Run& run, const std::string& folder) const {
  const std::string program = folder + "/" + base::shell_words({run.program}) + run.words;
  if (run.typed.empty()) return program + (run.closed ? " </dev/null" : "");
  const std::string type = printing(run.typed);
  return (run.closed ? type : "(" + type + "; cat)") + " | " + program;
}

std::string ByHand::line(bool alone) const {
  if (!possible_ || runs_.empty()) return {};
  alone = alone || !files_.empty();
  const std::string name = folder_.starts_with("./") ? folder_.substr(2) : folder_;
  const std::string folder = !alone ? folder_ : name.starts_with("build/") ? ".." + name.substr(5) : "\"$OLDPWD\"/" + name;
  std::vector<std::string> steps;
  if (alone) steps = {"rm -rf build/try", "mkdir -p build/try", "cd build/try"};
  for (const auto& [file, text] : files_) steps.push_back(printing(text) + " > " + base::shell_words({file}));
  for (const Run& run : runs_) steps.push_back(command(run, folder));
  steps.emplace_back("echo $?");
  const std::string line = base::join(steps, "; ");
  if (line.size() > longest_line) return {};
  return alone ? "(" + line + ")" : line;
}

}  // namespace play
