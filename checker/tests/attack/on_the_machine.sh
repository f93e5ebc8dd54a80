# What a grader could leave on the machine: objects by name and by number, and mounts. Sourced by the tests that compare.
on_the_machine() {
  ls -A /dev/shm
  # Whether or not somebody has mounted the file system that shows queues: root can, for a moment and for itself alone.
  unshare -m sh -c 'mount -t mqueue mqueue /tmp && ls -A /tmp' 2>/dev/null || ls -A /dev/mqueue 2>/dev/null
  ipcs -q -m -s 2>/dev/null | grep -c '^0x'
  wc -l </proc/self/mountinfo
}
