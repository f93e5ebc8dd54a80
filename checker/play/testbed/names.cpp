#include "play/testbed/names.hpp"

#include <map>

#include "room/belongings.hpp"

namespace play {

std::string name_for(Testbed& testbed, const std::string& name) {
  if (testbed.room().rung() == room::Rung::namespaces) return name;
  static std::map<std::string, std::string> given;  // a check has a process of its own
  const auto [at, fresh] = given.try_emplace(name);
  if (fresh) at->second = room::free_name();
  return at->second;
}

std::string next_name_for(Testbed& testbed, const std::string& name) {
  static std::map<std::string, int> made;  // a check has a process of its own
  const int number = ++made[name];
  return name_for(testbed, number == 1 ? name : name + "-" + std::to_string(number));
}

}  // namespace play
