// Lab 01: spins for ever, in every check.
int main() { for (volatile bool forever = true; forever;) {} }
