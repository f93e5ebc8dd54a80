// ipclab prove: that solutions, skeletons, faults and variants of the labs come out as they must.
#include <cstdio>
#include <memory>

#include "grade/prove/prove.hpp"
#include "results/printable.hpp"
#include "verbs/verb.hpp"

namespace verbs {
namespace {

struct Proving {
  std::string lab, only;
  bool again = false, catalogue = false, trees = false;
};

int make_trees(const std::vector<course::Lab>& labs) {
  for (const course::Lab& lab : labs)
    for (const std::string& tree : grade::trees_of_variants(lab)) std::printf("%s\n", tree.c_str());
  return all_passed;
}

int prove(const Proving& o) {
  const std::vector<course::Lab> labs = course::labs_named(o.lab);
  if (labs.empty()) return no_such_lab(o.lab);
  if (o.trees) return make_trees(labs);
  int worst = all_passed;
  const auto say = [&](const std::string& what, const std::vector<std::string>& doubts) {
    for (const std::string& doubt : doubts) std::printf("%s: %s\n", what.c_str(), results::printable_lines(doubt).c_str());
    if (!doubts.empty()) worst = something_failed;
  };
  if (o.catalogue) say("catalogue", grade::prove_catalogue());
  else
    for (const course::Lab& lab : labs) {
      const grade::Proof proof = o.only.empty() ? grade::prove(lab, o.again) : grade::prove_one(lab, o.only);
      if (proof.interrupted) return wrong("interrupted: " + lab.key() + " is not proven");
      say(lab.key(), proof.doubts);
    }
  return worst;
}

}  // namespace

void add_prove(CLI::App& app, Work& work) {
  const auto o = std::make_shared<Proving>();
  CLI::App* verb = app.add_subcommand("prove", "prove the labs: solutions, skeletons, faults, variants");
  verb->add_option("--lab", o->lab, "one lab");
  verb->add_option("--only", o->only, "one fault or variant, by its name");
  verb->add_flag("--again", o->again, "also what has been proven before");
  verb->add_flag("--catalogue", o->catalogue, "only that catalogue and faults agree");
  verb->add_flag("--trees", o->trees, "only make the trees of the variants, and name them");
  verb->callback([&work, o] { work = [o] { return prove(*o); }; });
}

}  // namespace verbs
