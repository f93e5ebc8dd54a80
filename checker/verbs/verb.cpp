#include "verbs/verb.hpp"

#include <cstdio>

#include "base/text.hpp"

namespace verbs {

int wrong(const std::string& sentence) {
  std::fprintf(stderr, "ipclab: %s\n", base::printable(sentence).c_str());
  return no_work;
}

int no_such_lab(const std::string& lab) {
  return wrong("there is no lab \"" + lab + "\"; there are " + course::listed(course::all_labs()));
}

}  // namespace verbs
