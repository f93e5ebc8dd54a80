#include "grade/prove/stamp.hpp"

#include <algorithm>
#include <filesystem>
#include <unistd.h>
#include <vector>

#include "base/digest.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "course/lab.hpp"
#include "room/rung.hpp"

namespace grade {
namespace {

namespace fs = std::filesystem;

void add_files(const std::string& folder, std::vector<std::string>& paths) {
  if (!fs::is_directory(folder)) return;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) paths.push_back(entry.path());
}

}  // namespace

Stamp::Stamp(const course::Lab& lab) {
  const std::string course = course::course_folder(), checker = course + "/checker/";
  std::vector<std::string> paths{checker + "check.hpp", checker + "check.cpp", course + "/labs/must.hpp"};
  for (const char* folder : {"base", "see", "room", "inside", "play", "course", "results", "grade", "catalogue"})
    add_files(checker + folder, paths);
  for (const std::string& part : {course + "/labs/", course + "/solutions/", checker + "checks/", checker + "faults/",
                                  checker + "variants/"})
    add_files(part + lab.key(), paths);
  std::sort(paths.begin(), paths.end());
  std::string all = IPCLAB_CXX_ID + room::name_of(room::choose_rung().rung) + (geteuid() == 0 ? " root" : " user");
  for (const std::string& path : paths)
    all += "\n" + path.substr(course.size()) + " " + base::sha256(base::read_file(path));
  path_ = course::build_folder() + "/proven/" + lab.key() + "-" + base::sha256(all);
}

bool Stamp::is_set() const { return fs::exists(path_); }

void Stamp::set() const {
  fs::create_directories(fs::path(path_).parent_path());
  base::write_file(path_, "");
}

}  // namespace grade
