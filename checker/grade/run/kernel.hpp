// Which kernels the course runs on. Below, limits on processes and pending signals are a user's across the whole machine, so
// that right programs fail, or calls are missing altogether.
#pragma once

#include <string>

namespace grade {

/// Why a kernel of this release (uname(2)) will not do, one sentence; empty where it will.
std::string trouble_with_kernel(const std::string& release);
/// That of the kernel that is running.
std::string kernel_release();
/// Throws std::runtime_error with that sentence for the kernel that is running.
void refuse_an_old_kernel();

}  // namespace grade
