#include "class/jobs.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <random>
#include <system_error>

#include "base/digest.hpp"
#include "base/fd.hpp"

namespace intake {
namespace {

// Of nine digits at most, for a person types it: never 0.
std::uint32_t seed_of(const std::string& secret, const std::string& student, const std::string& lab) {
  const std::string drawn = base::hmac_sha256(secret, student + " " + lab);
  return 1 + static_cast<std::uint32_t>(std::stoul(drawn.substr(0, 8), nullptr, 16) % 999'999'998);
}

}  // namespace

std::vector<Job> jobs_of(const Class& all, const Tools& tools, const std::string& secret) {
  std::vector<Job> jobs;
  for (const Student& s : all.students)
    for (const ForLab& lab : s.labs) {
      if (lab.digest.empty()) continue;
      const std::uint32_t seed = seed_of(secret, s.key, lab.lab);
      jobs.push_back({s.key, lab.lab, seed, base::sha256(fmt::format("{}\n{}\n{}\n{}\n", lab.lab, lab.digest, seed, tools))});
    }
  return jobs;
}

std::string results_of(const std::string& work, const std::string& student, const std::string& lab) {
  return work + "/results/" + student + "/" + lab;
}

bool is_done(const std::string& work, const Job& job) {
  try {
    return base::read_file(results_of(work, job.student, job.lab) + ".key") == job.key + "\n";
  } catch (const std::system_error&) {
    return false;
  }
}

std::string secret_of(const std::string& work) {
  const std::string path = work + "/secret";
  try {
    return base::read_file(path);
  } catch (const std::system_error& e) {
    if (e.code() != std::errc::no_such_file_or_directory) throw;
  }
  std::random_device random;
  std::string drawn;
  for (int i = 0; i < 8; ++i) drawn += fmt::format("{:08x}", random());
  base::write_file(path, drawn, 0600);
  return drawn;
}

}  // namespace intake
