// The handouts have one shape, and whoever writes the next one is told what it lacks.
#include <doctest/doctest.h>
#include <string>

#include "base/fd.hpp"
#include "course/lab.hpp"
#include "grade/prove/handout.hpp"

namespace {

std::string handout_of(const course::Lab& which) { return base::read_file(course::course_folder() + "/labs/" + which.key() + "/README.md"); }

std::string without(std::string text, const std::string& part) {
  const size_t at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.erase(at, part.size());
}

}  // namespace

TEST_CASE("every handout has the shape") {
  for (const course::Lab& one : course::all_labs()) {
    INFO(one.key());
    for (const std::string& fault : grade::shape_faults(handout_of(one))) FAIL_CHECK(fault);
  }
}

TEST_CASE("what a handout lacks is told, that alone") {
  const std::string whole = handout_of(course::all_labs().front());
  for (const char* part : {"**Time** about ", "**Difficulty** ", "**Before** ", "You will be able to", "## The idea\n", "## Predict, then run\n", "## Common mistakes\n"}) {
    INFO(part);
    CHECK(grade::shape_faults(without(whole, part)).size() == 1);
  }
  const std::string steps = "## Steps\n", idea = "## The idea\n";
  std::string turned = whole;
  turned.replace(turned.find(steps), steps.size(), idea);
  turned.replace(turned.find(idea), idea.size(), steps);
  CHECK(grade::shape_faults(turned).size() == 2);  // what stood between them comes too early, and so do the steps
  CHECK(grade::shape_faults(whole + "<details><summary>Answer</summary>It is `raw`.</details>\n").size() == 1);
}
