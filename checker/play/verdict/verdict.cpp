#include "play/verdict/verdict.hpp"

namespace play {

Verdict Verdict::means(const std::string& diagnosis, bool marked) && {
  const bool explained = evidence_.kind == Evidence::Kind::differs || evidence_.kind == Evidence::Kind::waits_for_check;
  return std::move(*this).is_explained_by(diagnosis, marked && explained);
}

Verdict Verdict::is_explained_by(const std::string& diagnosis, bool marked) && {
  if (!passed_ && marked && evidence_.diagnoses.empty()) evidence_.diagnoses.push_back(diagnosis);
  return std::move(*this);
}

Verdict Verdict::is_caused_by(const std::string& diagnosis, bool marked) && {
  if (!passed_ && marked) evidence_.diagnoses = {diagnosis};
  return std::move(*this);
}

Verdict Verdict::hints(const std::string& hint, bool marked) && {
  if (!passed_ && marked && evidence_.hint.empty()) evidence_.hint = hint;
  return std::move(*this);
}

Verdict Verdict::where(const std::string& known) && {
  if (!passed_ && !known.empty()) evidence_.lines.insert(evidence_.lines.begin(), known);
  return std::move(*this);
}

Verdict Verdict::is_a_finding(const std::string& actual) && {
  if (passed_ || evidence_.kind == Evidence::Kind::ended || evidence_.kind == Evidence::Kind::spent)
    return std::move(*this);
  evidence_.kind = Evidence::Kind::differs;
  evidence_.diagnoses.clear();
  if (!actual.empty()) evidence_.actual = actual;
  return std::move(*this);
}

bool Verdict::ended_by(int signal) const { return ended_by_a_signal() && evidence_.ending->status == signal; }

bool Verdict::ended_with(int status) const {
  return !passed_ && evidence_.ending && !evidence_.ending->by_signal && evidence_.ending->status == status;
}

}  // namespace play
