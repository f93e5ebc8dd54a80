// Programs that are stuck for ever, one for each class of hang that learners make, and some that are never at an end.
// `hangs NAME` runs one. Run in rooms by the harness's tests, which say how each must be told.
#include "hangs.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  for (const auto* some : {&hangs::on_pipes, &hangs::on_objects, &hangs::on_others, &hangs::without_end})
    if (const auto found = some->find(argv[1]); found != some->end()) return found->second(), 0;
  return 2;
}
