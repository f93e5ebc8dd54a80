// ipclab prove: that solutions, skeletons, faults and variants of the labs come out as they must.
#include <cstdio>
#include <memory>

#include "grade/prove/prove.hpp"
#include "verbs/verb.hpp"

namespace verbs {
namespace {

struct Options {
  std::string lab;
  bool again = false, catalogue = false;
};

int prove(const Options& o) {
  const std::vector<course::Lab> labs = course::labs_named(o.lab);
  if (labs.empty()) return no_such_lab(o.lab);
  int worst = all_passed;
  const auto say = [&](const std::string& what, const std::vector<std::string>& doubts) {
    for (const std::string& doubt : doubts) std::printf("%s: %s\n", what.c_str(), doubt.c_str());
    if (!doubts.empty()) worst = something_failed;
  };
  if (o.catalogue) say("catalogue", grade::prove_catalogue());
  else
    for (const course::Lab& lab : labs) say(lab.key(), grade::prove(lab, o.again));
  return worst;
}

}  // namespace

void add_prove(CLI::App& app, Work& work) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("prove", "prove the labs: solutions, skeletons, faults, variants");
  verb->add_option("--lab", o->lab, "one lab");
  verb->add_flag("--again", o->again, "also what has been proven before");
  verb->add_flag("--catalogue", o->catalogue, "only that catalogue and faults agree");
  verb->callback([&work, o] { work = [o] { return prove(*o); }; });
}

}  // namespace verbs
