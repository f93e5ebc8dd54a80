// ipclab handout: writes the list of checks into the handouts.
#include <memory>

#include "grade/prove/handout.hpp"
#include "verbs/verb.hpp"

namespace verbs {
namespace {

int write_handouts(const std::string& wanted) {
  const std::vector<course::Lab> labs = course::labs_named(wanted);
  if (labs.empty()) return no_such_lab(wanted);
  for (const course::Lab& lab : labs) grade::write_list_of_checks(lab);
  return all_passed;
}

}  // namespace

void add_handout(CLI::App& app, Work& work) {
  const auto lab = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("handout", "write the list of checks into the handouts");
  verb->add_option("--lab", *lab, "one lab");
  verb->callback([&work, lab] { work = [lab] { return write_handouts(*lab); }; });
}

}  // namespace verbs
