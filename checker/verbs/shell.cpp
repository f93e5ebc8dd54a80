// ipclab shell: a shell in the room of a lab.
#include <algorithm>
#include <memory>

#include "grade/machine/shell.hpp"
#include "grade/run/cases.hpp"
#include "verbs/verb.hpp"

namespace verbs {
namespace {

struct Opening {
  std::string lab, tree = "labs", check, id;
  bool debug = false;
};

int open_shell(const Opening& o) {
  // "01-pipeline/end-of-file", as reports name a check, means both.
  const size_t slash = o.id.find('/');
  const std::string wanted = o.id.empty() ? o.lab : o.id.substr(0, slash);
  const std::string check = slash == std::string::npos ? o.check : o.id.substr(slash + 1);
  if (wanted.empty()) return wrong("which lab? make shell LAB=01, and CHECK=end-of-file for that check's files");
  const std::vector<course::Lab> labs = course::labs_named(wanted);
  if (labs.size() != 1) return no_such_lab(wanted);
  const std::vector<std::string> checks = grade::ids_of(labs);
  if (!check.empty() && std::find(checks.begin(), checks.end(), check) == checks.end())
    return no_such("check", check, checks, "make grade LAB=" + labs[0].number() + " names all");
  return grade::shell_in_room({labs[0], o.tree, check, o.debug});
}

}  // namespace

void add_shell(CLI::App& app, Work& work) {
  const auto o = std::make_shared<Opening>();
  CLI::App* verb = app.add_subcommand("shell", "a shell in the room of a lab");
  verb->add_option("--lab", o->lab, "one lab: 01, pipeline or 01-pipeline")->envname("IPCLAB_LAB");
  verb->add_option("--tree", o->tree, "the folder with the programs")->capture_default_str()->envname("IPCLAB_TREE");
  verb->add_option("--check", o->check, "with the files that this check begins with")->envname("IPCLAB_CHECK");
  verb->add_flag("--debug", o->debug, "the programs built with -O0, for gdb")->envname("IPCLAB_DEBUG");
  verb->add_option("id", o->id, "a lab, or a check: 01-pipeline/end-of-file");
  verb->callback([&work, o] { work = [o] { return open_shell(*o); }; });
}

}  // namespace verbs
