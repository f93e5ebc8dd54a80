#include "results/printable.hpp"

#include "base/text.hpp"

namespace results {

std::string printable_lines(const std::string& text) {
  std::vector<std::string> lines = base::split(text, '\n');
  for (std::string& line : lines) line = base::printable(line);
  return base::join(lines, "\n");
}

Record printable(Record r) {
  for (std::string* text : {&r.lab, &r.id, &r.title, &r.expected, &r.actual, &r.hint, &r.instead, &r.by_hand, &r.started})
    *text = printable_lines(*text);
  for (auto* list : {&r.needs, &r.missing, &r.too_many, &r.lines, &r.diagnoses, &r.todos, &r.calls})
    for (std::string& text : *list) text = printable_lines(text);
  for (Event& event : r.log) event.what = printable_lines(event.what);
  return r;
}

}  // namespace results
