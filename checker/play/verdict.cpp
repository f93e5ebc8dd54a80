#include "play/verdict.hpp"

#include <optional>

namespace play {
namespace {
std::optional<Evidence> failed;
}

Verdict::operator bool() const {
  if (!holds_) failed = evidence_;
  return holds_;
}

const Evidence* last_failure() { return failed ? &*failed : nullptr; }
void forget_failure() { failed.reset(); }

}  // namespace play
