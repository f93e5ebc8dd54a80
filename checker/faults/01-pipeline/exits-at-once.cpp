// Fails: one-stage flows
int main() { return 0; }
