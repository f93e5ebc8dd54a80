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

int no_such(const std::string& what, const std::string& name, const std::vector<std::string>& names, const std::string& list) {
  const std::vector<std::string> near = base::nearest(name, names);
  return wrong("there is no " + what + " \"" + name + "\"; " +
               (near.empty() ? list : "did you mean " + base::join(near, ", or ") + "?"));
}

int no_such_lab(const std::string& lab) {
  std::vector<std::string> names;
  for (const course::Lab& one : course::all_labs()) names.push_back(one.name());
  return no_such("lab", lab, names, "there are " + course::listed(course::all_labs()));
}

}  // namespace verbs
