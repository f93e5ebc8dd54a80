// What is known of a class before anything is graded: its people, what each has handed in, and what was put right or refused. Written
// by the intake, read by whatever follows; the folder where it lies has everything else that is made of a class.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace intake {

/// What one person has handed in for one lab.
struct ForLab {
  std::string lab;                 ///< its key
  std::string digest;              ///< SHA-256 of names and texts; empty where it was refused
  std::vector<std::string> notes;  ///< what was put right
  std::string refused;             ///< why it is not graded
  std::int64_t modified = 0;       ///< seconds since 1970; 0: not told
};

struct Student {
  std::string key;  ///< of folders and files: ASCII, the same at each intake
  std::string name, id, email, section;
  int roster_row = 0;  ///< which row of the roster's table; 0, its header: none
  bool late = false;   ///< the platform says so
  std::vector<std::string> notes;
  std::string refused;  ///< why nothing of it is graded
  std::vector<ForLab> labs;
};

struct Class {
  std::string source;             ///< the folder or archive that was handed over
  std::vector<std::string> labs;  ///< which are graded, by their keys
  std::vector<std::string> notes;
  std::vector<Student> students;
};

std::string to_json(const Class& all);
/// Throws std::runtime_error where it is none.
Class from_json(const std::string& text);

}  // namespace intake
