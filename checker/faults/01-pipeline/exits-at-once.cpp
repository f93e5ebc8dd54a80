// Fails: starts flows
int main() { return 0; }
