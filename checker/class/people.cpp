#include "class/people.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace intake {
namespace {

using nlohmann::json;

json of(const ForLab& lab) {
  return {{"lab", lab.lab}, {"digest", lab.digest}, {"notes", lab.notes}, {"refused", lab.refused}, {"modified", lab.modified}};
}

json of(const Student& s) {
  json labs = json::array();
  for (const ForLab& lab : s.labs) labs.push_back(of(lab));
  return {{"key", s.key},     {"name", s.name},       {"id", s.id},
          {"email", s.email}, {"section", s.section}, {"roster_row", s.roster_row},
          {"late", s.late},   {"notes", s.notes},     {"refused", s.refused},
          {"labs", labs}};
}

ForLab lab_of(const json& o) { return {o.at("lab"), o.at("digest"), o.at("notes"), o.at("refused"), o.at("modified")}; }

Student student_of(const json& o) {
  Student s{o.at("key"),        o.at("name"), o.at("id"),    o.at("email"),   o.at("section"),
            o.at("roster_row"), o.at("late"), o.at("notes"), o.at("refused"), {}};
  for (const json& lab : o.at("labs")) s.labs.push_back(lab_of(lab));
  return s;
}

}  // namespace

std::string to_json(const Class& all) {
  json students = json::array();
  for (const Student& s : all.students) students.push_back(of(s));
  const json whole{{"version", 1}, {"source", all.source}, {"labs", all.labs}, {"notes", all.notes}, {"students", students}};
  return whole.dump(1, ' ', false, json::error_handler_t::replace) + "\n";  // a name may be no UTF-8
}

Class from_json(const std::string& text) {
  try {
    const json whole = json::parse(text);
    if (whole.at("version") != 1) throw std::runtime_error("it is of another version");
    Class all{whole.at("source"), whole.at("labs"), whole.at("notes"), {}};
    for (const json& s : whole.at("students")) all.students.push_back(student_of(s));
    return all;
  } catch (const json::exception& e) {
    throw std::runtime_error(std::string("this is no list of a class: ") + e.what());
  }
}

}  // namespace intake
