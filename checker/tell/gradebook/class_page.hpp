// The page of a class: students by labs, each lab's hardest checks, the most frequent mistakes with the catalogue's words for the next
// lecture and who makes them. What explains a single failure is not on it but one link away, on the student's own page: a thousand
// students and twelve labs would be tens of megabytes of explanations, which no phone can open and nobody reads in one piece.
#pragma once

#include <string>

#include "results/gradebook.hpp"
#include "tell/gradebook/overview.hpp"

namespace tell::gradebook {

/// `overview` has seen each student. Works without script; with it the table can be sorted and searched.
std::string class_page(const results::Gradebook& book, const Overview& overview);

}  // namespace tell::gradebook
