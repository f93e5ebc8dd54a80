// ipclab explain: one diagnosis of the catalogue in depth, or the list of all.
#include <cstdio>
#include <memory>

#include "base/text.hpp"
#include "course/catalogue.hpp"
#include "verbs/verb.hpp"

namespace verbs {
namespace {

int explain(const std::string& id) {
  if (id.empty()) {
    for (const std::string& one : course::all_diagnoses())
      std::printf("%-36s %s\n", one.c_str(), course::diagnosis(one)->title.c_str());
    return all_passed;
  }
  const auto entry = course::diagnosis(id);
  if (!entry)
    return no_such("diagnosis", id, course::all_diagnoses(), "make explain lists all");
  std::printf("%s\n%s\n\n%s\nhint: %s\nread: %s\n", entry->id.c_str(), entry->title.c_str(), entry->text.c_str(),
              entry->hint.c_str(), entry->manual.c_str());
  return all_passed;
}

}  // namespace

void add_explain(CLI::App& app, Work& work) {
  const auto id = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("explain", "one diagnosis in depth, or the list of all");
  verb->add_option("id", *id, "as a failure names it")->envname("IPCLAB_ID");
  verb->callback([&work, id] { work = [id] { return explain(*id); }; });
}

}  // namespace verbs
