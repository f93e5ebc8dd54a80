#include "play/names.hpp"

namespace play {

std::string unique_name(Stage& stage, const std::string& name) {
  const std::string& mark = stage.room().mark();
  return mark.empty() ? name : name + "-" + mark;
}

}  // namespace play
