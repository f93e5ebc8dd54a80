#include "grade/run/plan.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <random>
#include <stdexcept>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace grade {
namespace {

template <class Number>
std::optional<Number> asked_for(const char* variable) {
  const char* text = std::getenv(variable);
  if (!text || !*text) return std::nullopt;
  Number number{};
  const char* end = text + std::strlen(text);
  const auto [rest, error] = std::from_chars(text, end, number);
  if (error != std::errc() || rest != end)
    throw std::runtime_error(fmt::format("{} is a number, not {}", variable, base::quote(text)));
  return number;
}

}  // namespace

double patience_asked_for() {
  const double factor = asked_for<double>("PATIENCE").value_or(1);
  if (!(factor > 0 && factor <= 1000)) throw std::runtime_error("PATIENCE is a factor above 0, and 1000 at most");
  return factor;
}

int lateness_asked_for() { return asked_for<int>("LATE").value_or(0); }

std::optional<std::uint32_t> seed_asked_for() { return asked_for<std::uint32_t>("SEED"); }

std::uint32_t seed_drawn() { return 1 + std::random_device{}() % 9999; }

std::uint32_t seed_of(const std::string& lab, const std::string& id, std::optional<std::uint32_t> asked) {
  const std::string text = fmt::format("{}/{} {}", lab, id, asked ? std::to_string(*asked) : "");
  return static_cast<std::uint32_t>(std::stoul(base::sha256(text).substr(0, 8), nullptr, 16));
}

}  // namespace grade
