#include "base/csv.hpp"

#include <algorithm>
#include <csv.h>
#include <stdexcept>
#include <string_view>

namespace base {
namespace {

struct Table {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
};

void end_field(void* text, size_t size, void* table) {
  static_cast<Table*>(table)->row.emplace_back(static_cast<const char*>(text), size);
}

void end_row(int, void* table) {
  auto& t = *static_cast<Table*>(table);
  t.rows.push_back(std::move(t.row));
  t.row.clear();
}

unsigned char separator_of(std::string_view first_line) {
  unsigned char best = ',';
  for (const char one : {';', '\t'})
    if (std::ranges::count(first_line, one) > std::ranges::count(first_line, static_cast<char>(best)))
      best = static_cast<unsigned char>(one);
  return best;
}

}  // namespace

std::vector<std::vector<std::string>> csv_rows(const std::string& text) {
  std::string_view rest = text;
  if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
  csv_parser parser{};
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
  csv_set_delim(&parser, separator_of(rest.substr(0, rest.find('\n'))));
  Table table;
  const bool whole = csv_parse(&parser, rest.data(), rest.size(), end_field, end_row, &table) == rest.size() &&
                     csv_fini(&parser, end_field, end_row, &table) == 0;
  csv_free(&parser);
  if (!whole) throw std::runtime_error("a quote stands where none may, or has no end");
  return table.rows;
}

std::string csv_row(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) {
    std::string quoted(2 * field.size() + 2, '\0');
    quoted.resize(csv_write(quoted.data(), quoted.size(), field.data(), field.size()));
    line += (line.empty() ? "" : ",") + quoted;
  }
  return line + "\r\n";
}

std::string no_formula(const std::string& field) {
  const bool computes = !field.empty() && std::string_view("=+-@\t\r").find(field.front()) != std::string_view::npos;
  return computes ? "'" + field : field;
}

}  // namespace base
