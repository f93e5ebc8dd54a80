// Leaves a file whose name is as long as a name may be: it is kept, or its line says why not.
#include <fcntl.h>
#include <string>
int main() { open(std::string(255, 'n').c_str(), O_CREAT | O_WRONLY, 0600); }
