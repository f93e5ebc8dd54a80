// The parts of the class's page that are about the class and not about one student: its labs, and its mistakes.
#pragma once

#include "results/gradebook.hpp"
#include "tell/gradebook/html.hpp"
#include "tell/gradebook/overview.hpp"

namespace tell::gradebook {

/// A row a lab; and its checks, the hardest first.
Html labs_of_class(const results::Gradebook& book, const Overview& overview);

/// The most frequent first. Each unfolds to the catalogue's text and the names.
Html mistakes_of_class(const results::Gradebook& book, const Overview& overview);

/// The catalogue's title, or the id where it has none.
std::string title_of(const Mistake& mistake);

}  // namespace tell::gradebook
