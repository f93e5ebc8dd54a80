// Which TODOs a program has begun: none of the skeletons', all of a solution's that has kept the comments.
#include <doctest/doctest.h>

#include "base/text.hpp"
#include "grade/build/todos.hpp"

namespace {

const std::vector<int> all{1, 2, 3, 4, 5, 6, 7, 8, 9};

std::string left_of(const std::string& text, const std::vector<int>& numbers) {
  const grade::Files solution{{"a.cpp", "int f() {\n  given();\n  return fork();\n}\n"}};
  return base::join(grade::todos_left(numbers, {{"a.cpp", text}}, solution), ", ");
}

}  // namespace

TEST_CASE("no skeleton has begun any of its TODOs") {
  for (const course::Lab& lab : course::all_labs()) {
    const auto skeleton = grade::read_files(course::course_folder() + "/labs", lab);
    const auto solution = grade::read_files(course::course_folder() + "/solutions", lab);
    for (const auto& [name, text] : *skeleton)
      for (const int number : all) {
        const std::string todo = "TODO " + std::to_string(number);
        const bool there = text.find(todo + ":") != std::string::npos || text.find(todo + " (") != std::string::npos || text.find(todo + ",") != std::string::npos;
        CAPTURE(lab.key());
        CAPTURE(name);
        CAPTURE(number);
        CHECK(grade::todos_left({number}, {{name, text}}, *solution).size() == (there ? 1 : 0));
      }
  }
}

TEST_CASE("code below the comment, or above it, is a beginning") {
  CHECK(left_of("int f() {\n  // TODO 1: a child\n  return 0;\n}\n", {1}) == "TODO 1 in a.cpp");
  CHECK(left_of("int f() {\n  // TODO 1: a child\n  given();\n}\n", {1}) == "TODO 1 in a.cpp");
  CHECK(left_of("int f() {\n  // TODO 1: a child\n  return vfork();\n}\n", {1}).empty());
  CHECK(left_of("int f() {\n  vfork();\n  // TODO 1: a child\n}\n", {1}).empty());
  CHECK(left_of("int f() {\n  // TODO 1: a child\n}\nint g() { return vfork(); }\n", {1}) == "TODO 1 in a.cpp");
  CHECK(left_of("int f() {\n  // TODO 1: a child { or\n  /* vfork(); */\n  puts(\"}\");\n}\n", {1}).empty());
  CHECK(left_of("int f() {}\n", {1}).empty());
}

TEST_CASE("each TODO of a block is begun by itself, and comments in a row are begun together") {
  const std::string apart = "int f() {\n  // TODO 1: a child\n  vfork();\n  // TODO 2: wait\n  (void)0;\n}\n";
  CHECK(left_of(apart, {1, 2}) == "TODO 2 in a.cpp");
  const std::string row = "int f() {\n  // TODO 1: a child\n  // TODO 2: wait\n  vfork();\n}\n";
  CHECK(left_of(row, {1, 2}).empty());
  CHECK(left_of("// TODO 12: later\n", {1}).empty());
  CHECK(left_of("// TODO 1: (stretch) a word\n", {1}) == "TODO 1 in a.cpp");
}
