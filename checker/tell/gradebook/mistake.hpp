// An entry of the catalogue of mistakes as HTML: its paragraphs, its pictures, what to read. Knows nobody who made it.
#pragma once

#include "course/catalogue.hpp"
#include "tell/gradebook/html.hpp"

namespace tell::gradebook {

/// Without its title. Of Markdown it knows what the catalogue uses: paragraphs, pictures that are indented, and `code`.
Html mistake_in_full(const course::Diagnosis& mistake);

/// A sentence with `code` in it.
Html with_code(std::string_view sentence);

}  // namespace tell::gradebook
