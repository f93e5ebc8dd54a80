#include "verbs/verb.hpp"

#include <cstdio>
#include <sstream>

#include "base/text.hpp"
#include "results/printable.hpp"

namespace verbs {

int wrong(const std::string& sentence) {
  std::fprintf(stderr, "ipclab: %s\n", base::printable(sentence).c_str());
  return no_work;
}

int not_understood(const CLI::App& app, const CLI::ParseError& why) {
  std::ostringstream help, trouble;
  const int status = app.exit(why, help, trouble);
  std::fputs(help.str().c_str(), stdout);
  std::fputs(results::printable_lines(trouble.str()).c_str(), stderr);
  return status == 0 ? all_passed : no_work;
}

int no_such_lab(const std::string& lab) {
  return wrong("there is no lab \"" + lab + "\"; there are " + course::listed(course::all_labs()));
}

}  // namespace verbs
