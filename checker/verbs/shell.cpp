// ipclab shell: a shell in the room of a lab.
#include <memory>

#include "grade/machine/shell.hpp"
#include "verbs/verb.hpp"

namespace verbs {
namespace {

struct Opening {
  std::string lab, tree = "labs", id;
};

int open_shell(const Opening& o) {
  // "01-pipeline/end-of-file", as reports name a check, means its lab.
  const std::string wanted = o.id.empty() ? o.lab : o.id.substr(0, o.id.find('/'));
  if (wanted.empty()) return wrong("which lab? ipclab shell 01, or the id of a check: 01-pipeline/end-of-file");
  const std::vector<course::Lab> labs = course::labs_named(wanted);
  return labs.size() == 1 ? grade::shell_in_room(labs[0], o.tree) : no_such_lab(wanted);
}

}  // namespace

void add_shell(CLI::App& app, Work& work) {
  const auto o = std::make_shared<Opening>();
  CLI::App* verb = app.add_subcommand("shell", "a shell in the room of a lab");
  verb->add_option("--lab", o->lab, "one lab: 01, pipeline or 01-pipeline")->envname("IPCLAB_LAB");
  verb->add_option("--tree", o->tree, "the folder with the programs")->capture_default_str()->envname("IPCLAB_TREE");
  verb->add_option("id", o->id, "a lab, or a check: 01-pipeline/end-of-file");
  verb->callback([&work, o] { work = [o] { return open_shell(*o); }; });
}

}  // namespace verbs
