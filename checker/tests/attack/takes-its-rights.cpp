// On rung 4: leaves a folder that nobody may look into; the scratch folder goes all the same.
#include <sys/stat.h>
int main() { return mkdir("closed", 0700) < 0 || mkdir("closed/inside", 0700) < 0 || chmod("closed", 0) < 0; }
