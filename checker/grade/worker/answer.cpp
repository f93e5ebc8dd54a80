#include "grade/worker/answer.hpp"

#include <optional>
#include <stdexcept>

#include "grade/worker/scratch.hpp"
#include "grade/worker/worker.hpp"
#include "room/belongings.hpp"

namespace grade {

std::string answer_of_a_worker(room::Rung rung, double seconds, const std::function<std::string(const std::string&)>& work) {
  const bool weak = rung == room::Rung::subreaper;
  std::optional<Scratch> scratch;
  if (weak) scratch.emplace();
  Worker worker([&] { return work(scratch ? scratch->path() : ""); }, seconds, {weak, room::remove_left_by});
  worker.wait();
  if (!worker.trouble().empty()) throw std::runtime_error(worker.trouble());
  return worker.answer();
}

}  // namespace grade
