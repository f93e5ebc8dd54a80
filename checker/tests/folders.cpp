// Folders of strangers: emptied whatever is in them, read only as far as they are a student's own.
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "grade/build/executables.hpp"
#include "grade/build/trouble.hpp"
#include "grade/run/keep.hpp"
#include "grade/worker/scratch.hpp"
#include "tests/folder.hpp"

namespace {

namespace fs = std::filesystem;

using tests::Folder;

const course::Lab lab("01-pipeline");

}  // namespace

TEST_CASE("a folder is emptied, however deep and closed it is, and nothing that a link leads to") {
  const Folder folder;
  base::write_file(folder.path + "/stays", "theirs");
  const std::string top = folder.path + "/top";
  fs::create_directories(top + "/a/b/c");
  fs::create_directories(top + "/closed/inside");
  fs::create_symlink(folder.path, top + "/link");
  fs::create_symlink("..", top + "/a/b/up");
  base::must(mkfifo((top + "/fifo").c_str(), 0600), "mkfifo");
  base::Fd at = base::open_file(top, O_RDONLY | O_DIRECTORY);
  for (int i = 0; i < 300; ++i) {  // deeper than PATH_MAX
    const std::string name(100, 'd');
    base::must(mkdirat(at.get(), name.c_str(), 0700), "mkdirat");
    at = base::Fd(base::must(openat(at.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "openat"));
  }
  fs::permissions(top + "/closed", fs::perms::none);
  const base::Fd whole = base::open_file(top, O_RDONLY | O_DIRECTORY);
  fs::permissions(top, fs::perms::none);
  grade::empty_folder(whole.get());
  CHECK(fs::is_empty(top));
  CHECK(base::read_file(folder.path + "/stays") == "theirs");
}

TEST_CASE("an executable and its key cannot disagree") {
  const Folder folder;
  const auto files = std::make_shared<const grade::Files>(grade::Files{{"p.cpp", "int main() {}"}});
  const auto others = std::make_shared<const grade::Files>(grade::Files{{"p.cpp", "int main() { return 1; }"}});
  const grade::Source first = grade::source_of("p", files, folder.path + "/made/p");
  const grade::Source second = grade::source_of("p", others, folder.path + "/made/p");
  CHECK(first.key.size() == 64);
  CHECK(first.key != second.key);
  CHECK_FALSE(grade::built_before(first));
  grade::keep(first, {"one"});
  CHECK(grade::built_before(first).value().executable == "one");
  CHECK_FALSE(grade::built_before(second));
  grade::keep(second, {"two"});
  CHECK(grade::built_before(second).value().executable == "two");
  CHECK(base::read_file(folder.path + "/made/p") == "two");  // what a person runs
  CHECK_FALSE(grade::built_before(first));                   // of each program one is kept
  CHECK(std::distance(fs::directory_iterator(folder.path + "/made"), fs::directory_iterator()) == 2);
  CHECK_THROWS_AS(grade::source_of("q", files, ""), grade::StudentsTrouble);
}

TEST_CASE("a folder that is a link is nobody's work, and a file that is one is none") {
  const Folder folder;
  fs::create_directories(folder.path + "/real/01-pipeline");
  fs::create_directories(folder.path + "/tree");
  base::write_file(folder.path + "/real/01-pipeline/pipeline.cpp", "int main() {}");
  CHECK(grade::read_files(folder.path + "/real", lab)->at(0).second == "int main() {}");
  fs::create_symlink(folder.path + "/real", folder.path + "/other");  // whoever grades may name a tree by a link
  CHECK(grade::read_files(folder.path + "/other", lab)->size() == 2);
  fs::create_symlink("../real/01-pipeline", folder.path + "/tree/01-pipeline");
  CHECK_THROWS_WITH_AS(grade::read_files(folder.path + "/tree", lab), doctest::Contains("is a link"), grade::StudentsTrouble);
  fs::create_symlink("/etc/passwd", folder.path + "/real/01-pipeline/x.h");
  CHECK_THROWS_AS(grade::read_files(folder.path + "/real", lab), grade::StudentsTrouble);
}
