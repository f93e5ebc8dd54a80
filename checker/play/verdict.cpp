#include "play/verdict.hpp"

#include <optional>
#include <utility>

namespace play {
namespace {
std::optional<Evidence> failed;
}

Verdict::operator bool() const {
  if (!holds_) failed = evidence_;
  return holds_;
}

Verdict Verdict::means(const std::string& diagnosis) && {
  const bool explained = evidence_.kind == Evidence::Kind::differs || evidence_.kind == Evidence::Kind::waits_for_check;
  if (!holds_ && explained && evidence_.diagnoses.empty()) evidence_.diagnoses.push_back(diagnosis);
  return std::move(*this);
}

Verdict Verdict::is_explained_by(const std::string& diagnosis) && {
  if (!holds_ && evidence_.diagnoses.empty()) evidence_.diagnoses.push_back(diagnosis);
  return std::move(*this);
}

Verdict Verdict::where(const std::string& known) && {
  if (!holds_ && !known.empty()) evidence_.lines.insert(evidence_.lines.begin(), known);
  return std::move(*this);
}

const Evidence* last_failure() { return failed ? &*failed : nullptr; }
void forget_failure() { failed.reset(); }

}  // namespace play
